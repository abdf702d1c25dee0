package unweave.kernels.cuda;

import unweave.kernels.Activations;
import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;

/** {@link Fused} as one operation after the other, for convolutions that are not ours (cuDNN's). */
final class StepByStep extends PooledConvolutions {
    private final CudaDevice device;
    private final Convolutions convolutions;
    private final Pooling pooling;
    private final Elementwise elementwise;
    private final Propagation propagation;

    StepByStep(
            CudaDevice device,
            Convolutions convolutions,
            Pooling pooling,
            Elementwise elementwise,
            Propagation propagation,
            Activations activations) {
        super(device, convolutions, pooling, propagation, activations);
        this.device = device;
        this.convolutions = convolutions;
        this.pooling = pooling;
        this.elementwise = elementwise;
        this.propagation = propagation;
    }

    @Override
    void forward(ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        try (CudaFloats activation = device.floats(shape.outputSize())) {
            convolutions.convForward(shape, x, w, bias, true, activation);
            pooling.maxPoolForward(pool, activation, y, winners);
        }
    }

    @Override
    void reluMaxPoolBackward(PoolShape shape, Floats y, Floats dy, Ints winners, Floats dx) {
        try (CudaFloats positive = device.floats(dy.size())) {
            elementwise.reluBackward(y, dy, positive);
            pooling.maxPoolBackward(shape, positive, winners, dx);
        }
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        try (CudaFloats z = device.floats(shape.outputSize())) {
            convolutions.convForward(shape, x, w, bias, false, z);
            propagation.stabilizedDivide(eps, r, z, q);
        }
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        try (CudaFloats g = device.floats(shape.inputSize())) {
            convolutions.convBackwardInput(shape, q, w, g);
            if (add) {
                propagation.addProduct(alpha, x, g, out);
            } else {
                elementwise.multiply(g, x, out);
                if (alpha != 1f) {
                    elementwise.scale(alpha, out, out);
                }
            }
        }
    }
}
