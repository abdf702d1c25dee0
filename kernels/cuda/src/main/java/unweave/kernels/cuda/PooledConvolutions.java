package unweave.kernels.cuda;

import unweave.kernels.Activation;
import unweave.kernels.Activations;
import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;

/**
 * The operations of {@link Fused} that no kernel of ours, and none of cuDNN, does in one pass: one step after the
 * other.
 */
abstract class PooledConvolutions implements Fused {
    private final CudaDevice device;
    private final Convolutions convolutions;
    private final Pooling pooling;
    private final Propagation propagation;
    private final Activations activations;

    PooledConvolutions(
            CudaDevice device,
            Convolutions convolutions,
            Pooling pooling,
            Propagation propagation,
            Activations activations) {
        this.device = device;
        this.convolutions = convolutions;
        this.pooling = pooling;
        this.propagation = propagation;
        this.activations = activations;
    }

    @Override
    public final void convActivate(
            ConvShape shape, Floats x, Floats w, Floats bias, Activation f, Activation.Constants c, Floats y) {
        convolutions.convForward(shape, x, w, bias, false, y);
        activations.activate(f, c, y, y);
    }

    @Override
    public final void convReluMaxPool(
            ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        if (winners != null) {
            forward(shape, x, w, bias, pool, y, winners);
            return;
        }
        try (CudaInts unwanted = device.ints(pool.outputSize())) {
            forward(shape, x, w, bias, pool, y, unwanted);
        }
    }

    /** {@link #convReluMaxPool} with winners. */
    abstract void forward(ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners);

    @Override
    public final void convReluMaxPoolBackward(
            ConvShape shape,
            Floats x,
            Floats w,
            PoolShape pool,
            Floats y,
            Floats dy,
            Ints winners,
            Floats dx,
            Floats dw,
            Floats dbias) {
        try (CudaFloats dz = device.floats(shape.outputSize())) {
            reluMaxPoolBackward(pool, y, dy, winners, dz);
            if (dw != null) {
                convolutions.convBackwardWeights(shape, x, dz, dw, dbias);
            }
            if (dx != null) {
                convolutions.convBackwardInput(shape, dz, w, dx);
            }
        }
    }

    /** dx[n,q,c] = sum of dy[n,p,c] over the windows p whose winner is q, where y[n,p,c] &gt; 0. */
    abstract void reluMaxPoolBackward(PoolShape shape, Floats y, Floats dy, Ints winners, Floats dx);

    @Override
    public void convMaxPoolDivide(
            ConvShape shape,
            Floats x,
            Floats w,
            Floats bias,
            float eps,
            PoolShape pool,
            Floats r,
            Ints winners,
            Floats q) {
        try (CudaFloats z = device.floats(shape.outputSize())) {
            convolutions.convForward(shape, x, w, bias, false, z);
            divideAtWinners(z, 1, null, eps, pool, r, winners, q);
        }
    }

    /**
     * The second step of {@link #convMaxPoolDivide}, with a convolution that is the sum of {@code parts} and
     * {@code bias}, if that is not null.
     */
    final void divideAtWinners(
            Floats parts, int count, Floats bias, float eps, PoolShape pool, Floats r, Ints winners, Floats q) {
        device.own(q, r.size());
        if (winners.size() != pool.outputSize() || winners.size() == 0 || r.size() % winners.size() != 0) {
            throw new IllegalArgumentException(winners.size() + " winners and relevance of " + r.size() + " values for "
                    + pool.outputSize() + " windows");
        }
        device.kernel("conv_combine_divide_winners")
                .over(winners.size())
                .in(parts)
                .value(count)
                .value(parts.size() / count)
                .in(bias)
                .value(pool.channels())
                .value(eps)
                .in(r)
                .in(winners)
                .value(Math.toIntExact(r.size() / winners.size()))
                .in(q)
                .value(Math.toIntExact(winners.size()))
                .value(pool.outHeight() * pool.outWidth() * pool.channels())
                .value(pool.inHeight() * pool.inWidth())
                .work(
                        2.0 * r.size() + (double) count * winners.size(),
                        Float.BYTES * (2.0 * r.size() + (count + 1.0) * winners.size()))
                .run();
    }

    @Override
    public void convMaxPoolBackwardInputProduct(
            ConvShape shape,
            PoolShape pool,
            Floats dy,
            Ints winners,
            float eps,
            Floats z,
            Floats w,
            float alpha,
            Floats x,
            boolean add,
            Floats out) {
        try (CudaFloats q = device.floats(pool.inputSize())) {
            pooling.maxPoolBackward(pool, dy, winners, q);
            if (z != null) {
                propagation.stabilizedDivide(eps, q, z, q);
            }
            convBackwardInputProduct(shape, q, w, alpha, x, add, out);
        }
    }
}
