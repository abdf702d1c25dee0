package unweave.kernels.cuda;

import static unweave.kernels.cuda.Conv3x3Plan.ceilDivide;

import unweave.kernels.Activations;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;

/**
 * Convolutions with the step that follows them, on the GPU. Where conv3x3.cu would compute whole sums, the step is
 * taken in the registers of the same kernel; where it computes parts, and for all other shapes, while the parts (or the
 * one part) are added up.
 */
final class CudaFused extends PooledConvolutions {
    /** Threads of conv3x3_first_behind_pool: 10 x 10 windows of four images, in whole warps. */
    private static final int FIRST_BEHIND_POOL_THREADS = 416;

    private final CudaDevice device;
    private final CudaConvolutions convolutions;
    private final Pooling pooling;

    CudaFused(
            CudaDevice device,
            CudaConvolutions convolutions,
            Pooling pooling,
            Propagation propagation,
            Activations activations) {
        super(device, convolutions, pooling, propagation, activations);
        this.device = device;
        this.convolutions = convolutions;
        this.pooling = pooling;
    }

    @Override
    void forward(ConvShape shape, Floats x, Floats w, Floats bias, PoolShape pool, Floats y, Ints winners) {
        requirePoolingOf(shape, pool, winners);
        convolutions.check(shape, x, w, null);
        convolutions.checkBias(shape, bias);
        device.own(y, pool.outputSize());
        if (!isPlain2x2(pool)) {
            try (CudaFloats activation = device.floats(shape.outputSize())) {
                convolutions.convForward(shape, x, w, bias, true, activation);
                pooling.maxPoolForward(pool, activation, y, winners);
            }
        } else if (CudaConvolutions.isFirstLayer(shape)) {
            convolutions
                    .launchFirst("conv3x3_first_pool", shape)
                    .in(x)
                    .in(w)
                    .in(bias)
                    .in(y)
                    .in(winners)
                    .value(shape.batch())
                    .value(shape.inHeight())
                    .value(shape.inWidth())
                    .value(shape.outChannels())
                    .work(shape.flops(), pooledBytes(shape, pool))
                    .run();
        } else if (isWhole(shape, false)) {
            Conv3x3Plan plan = Conv3x3Plan.forward(shape);
            tile(begin("conv3x3_pool", plan).in(x).in(w).in(bias).in(y).in(winners), shape, plan)
                    .work(shape.flops(), pooledBytes(shape, pool))
                    .run();
        } else {
            try (CudaConvolutions.Parts parts = convolutions.forwardParts(shape, x, w)) {
                device.kernel("conv_combine_pool")
                        .over(y.size() / 4)
                        .in(parts.values())
                        .value(parts.count())
                        .value(shape.outputSize())
                        .in(bias)
                        .value(shape.batch())
                        .value(shape.outHeight())
                        .value(shape.outWidth())
                        .value(shape.outChannels())
                        .in(y)
                        .in(winners)
                        .work(
                                (double) parts.values().size(),
                                Float.BYTES * ((double) parts.values().size() + 2 * y.size()))
                        .run();
            }
        }
    }

    @Override
    void reluMaxPoolBackward(PoolShape shape, Floats y, Floats dy, Ints winners, Floats dx) {
        device.own(y, shape.outputSize());
        device.own(dy, shape.outputSize());
        device.own(dx, shape.inputSize());
        double bytes = Float.BYTES * (3.0 * shape.outputSize() + shape.inputSize());
        if (isPlain2x2(shape) && winners.size() == shape.outputSize()) {
            long windows = (long) shape.batch()
                    * ceilDivide(shape.inHeight(), 2)
                    * ceilDivide(shape.inWidth(), 2)
                    * (shape.channels() / 4);
            device.kernel("relu_max_pool_backward_2x2")
                    .over(windows)
                    .in(y)
                    .in(dy)
                    .in(winners)
                    .in(dx)
                    .value(shape.batch())
                    .value(shape.inHeight())
                    .value(shape.inWidth())
                    .value(shape.channels())
                    .work(0, bytes)
                    .run();
            return;
        }
        device.kernel("relu_max_pool_backward")
                .over(shape.inputSize())
                .in(y)
                .in(dy)
                .in(winners)
                .value(winners.size())
                .in(dx)
                .value(shape.batch())
                .value(shape.inHeight())
                .value(shape.inWidth())
                .value(shape.channels())
                .value(shape.outHeight())
                .value(shape.outWidth())
                // Windows are told by their winners: it suffices that their extents cover the cells.
                .value(shape.extentY())
                .value(shape.extentX())
                .value(shape.strideY())
                .value(shape.strideX())
                .value(shape.padY())
                .value(shape.padX())
                .work(0, bytes)
                .run();
    }

    @Override
    public void convDivide(ConvShape shape, Floats x, Floats w, Floats bias, float eps, Floats r, Floats q) {
        convolutions.check(shape, x, w, null);
        convolutions.checkBias(shape, bias);
        device.own(q, r.size());
        int maps = Math.toIntExact(r.size() / shape.outputSize());
        if (maps * shape.outputSize() != r.size()) {
            throw new IllegalArgumentException(
                    "relevance of " + r.size() + " values for outputs of " + shape.outputSize());
        }
        double bytes = GeneralConvolution.bytes(shape) + Float.BYTES * (2.0 * maps - 1) * shape.outputSize();
        if (isWhole(shape, false)) {
            Conv3x3Plan plan = Conv3x3Plan.forward(shape);
            tile(
                            begin("conv3x3_divide", plan)
                                    .in(x)
                                    .in(w)
                                    .in(bias)
                                    .in(r)
                                    .in(q)
                                    .value(eps)
                                    .value(maps),
                            shape,
                            plan)
                    .work(shape.flops(), bytes)
                    .run();
            return;
        }
        try (CudaConvolutions.Parts parts = convolutions.forwardParts(shape, x, w)) {
            device.kernel("conv_combine_divide")
                    .over(shape.outputSize())
                    .in(parts.values())
                    .value(parts.count())
                    .value(shape.outputSize())
                    .in(bias)
                    .value(shape.outChannels())
                    .value(eps)
                    .in(r)
                    .value(maps)
                    .in(q)
                    .work(2.0 * r.size(), Float.BYTES * ((double) parts.values().size() + 2.0 * r.size()))
                    .run();
        }
    }

    @Override
    public void convBackwardInputProduct(
            ConvShape shape, Floats q, Floats w, float alpha, Floats x, boolean add, Floats out) {
        convolutions.check(shape, out, w, q);
        if (x.size() == 0 || shape.inputSize() % x.size() != 0) {
            throw new IllegalArgumentException(
                    "activations of " + x.size() + " values for relevance of " + shape.inputSize());
        }
        long sample = shape.inputSize() / shape.batch();
        if (isWhole(shape, true) && x.size() % sample == 0) {
            Conv3x3Plan plan = Conv3x3Plan.towardsInput(shape);
            tile(
                            begin("conv3x3_product", plan)
                                    .in(q)
                                    .in(w)
                                    .in(x)
                                    .in(out)
                                    .value(alpha)
                                    .value(add ? 1 : 0)
                                    .value((int) (x.size() / sample)),
                            shape,
                            plan)
                    .work(
                            shape.flops(),
                            GeneralConvolution.bytes(shape)
                                    + Float.BYTES * ((double) x.size() + (add ? out.size() : 0)))
                    .run();
            return;
        }
        try (CudaConvolutions.Parts parts = convolutions.backwardInputParts(shape, q, w)) {
            device.kernel("conv_combine_product")
                    .over(out.size())
                    .in(parts.values())
                    .value(parts.count())
                    .value(out.size())
                    .in(x)
                    .value(x.size())
                    .value(alpha)
                    .value(add ? 1 : 0)
                    .in(out)
                    .work(
                            3.0 * out.size(),
                            Float.BYTES * ((double) parts.values().size() + (add ? 3.0 : 2.0) * out.size()))
                    .run();
        }
    }

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
        requirePoolingOf(shape, pool, winners);
        convolutions.check(shape, x, w, null);
        convolutions.checkBias(shape, bias);
        int maps = samples(r.size(), winners.size());
        if (!isWhole(shape, false) || !isPlain2x2(pool) || maps == 0) {
            try (CudaConvolutions.Parts parts = convolutions.forwardParts(shape, x, w)) {
                divideAtWinners(parts.values(), parts.count(), bias, eps, pool, r, winners, q);
            }
            return;
        }
        device.own(q, r.size());
        Conv3x3Plan plan = Conv3x3Plan.forward(shape);
        tile(
                        begin("conv3x3_divide_winners", plan)
                                .in(x)
                                .in(w)
                                .in(bias)
                                .in(r)
                                .in(winners)
                                .in(q)
                                .value(eps)
                                .value(maps),
                        shape,
                        plan)
                .work(
                        shape.flops(),
                        GeneralConvolution.bytes(shape)
                                + Float.BYTES * (2.0 * r.size() + winners.size() - shape.outputSize()))
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
        requirePoolingOf(shape, pool);
        int winnersBatch = samples(winners.size(), pool.outputSize() / pool.batch());
        int xBatch = samples(x.size(), shape.inputSize() / shape.batch());
        boolean first = CudaConvolutions.isFirstLayer(shape) && shape.outputSize() / shape.batch() <= Integer.MAX_VALUE;
        if (!isPlain2x2(pool) || winnersBatch == 0 || xBatch == 0 || (!first && (z != null || !isWhole(shape, true)))) {
            super.convMaxPoolBackwardInputProduct(shape, pool, dy, winners, eps, z, w, alpha, x, add, out);
            return;
        }
        convolutions.check(shape, out, w, null);
        device.own(dy, pool.outputSize());
        double bytes = Float.BYTES
                * ((double) dy.size() + winners.size() + x.size() + (add ? 2.0 : 1.0) * out.size() + w.size());
        if (first) {
            firstLayerBehindPool(shape, dy, winners, winnersBatch, eps, z, w, alpha, x, xBatch, add, out, bytes);
            return;
        }
        Conv3x3Plan plan = Conv3x3Plan.towardsInput(shape);
        tile(
                        begin("conv3x3_product_winners", plan)
                                .in(dy)
                                .in(winners)
                                .value(winnersBatch)
                                .in(w)
                                .in(x)
                                .in(out)
                                .value(alpha)
                                .value(add ? 1 : 0)
                                .value(xBatch),
                        shape,
                        plan)
                .work(shape.flops(), bytes)
                .run();
    }

    private void firstLayerBehindPool(
            ConvShape shape,
            Floats dy,
            Ints winners,
            int winnersBatch,
            float eps,
            Floats z,
            Floats w,
            float alpha,
            Floats x,
            int xBatch,
            boolean add,
            Floats out,
            double bytes) {
        if (z != null) {
            device.own(z, shape.outputSize() / shape.batch());
        }
        device.kernel("conv3x3_first_behind_pool")
                .block(FIRST_BEHIND_POOL_THREADS)
                .grid((long) ceilDivide(shape.batch(), 4)
                        * ceilDivide(shape.inHeight(), 16)
                        * ceilDivide(shape.inWidth(), 16))
                .in(dy)
                .in(winners)
                .value(winnersBatch)
                .value(eps)
                .in(z)
                .in(w)
                .value(alpha)
                .in(x)
                .value(xBatch)
                .value(add ? 1 : 0)
                .in(out)
                .value(shape.batch())
                .value(shape.inHeight())
                .value(shape.inWidth())
                .value(shape.outChannels())
                .work(18.0 * dy.size(), bytes)
                .run();
    }

    /** How many samples {@code size} values are, or 0 where they are no whole samples. */
    private static int samples(long size, long sample) {
        return sample > 0 && size % sample == 0 ? Math.toIntExact(size / sample) : 0;
    }

    private Launch begin(String kernel, Conv3x3Plan plan) {
        return device.kernel(kernel + plan.version().suffix())
                .grid(plan.tiles(), plan.outputTiles(), 1)
                .block(plan.version().threads);
    }

    private static Launch tile(Launch launch, ConvShape s, Conv3x3Plan plan) {
        return launch.value(s.batch())
                .value(s.inHeight())
                .value(s.inWidth())
                .value(plan.inChannels())
                .value(plan.outChannels())
                .value(plan.tile().width())
                .value(plan.tile().height())
                .value(plan.tile().images())
                .value(plan.tile().pitch());
    }

    /** Whether conv3x3.cu computes this convolution, and each sum in one piece. */
    private static boolean isWhole(ConvShape shape, boolean towardsInput) {
        return Conv3x3Plan.suits(shape)
                && (towardsInput ? Conv3x3Plan.towardsInput(shape) : Conv3x3Plan.forward(shape)).parts() == 1;
    }

    private static boolean isPlain2x2(PoolShape pool) {
        return pool.channels() % 4 == 0
                && pool.equals(PoolShape.square(pool.batch(), pool.inHeight(), pool.inWidth(), pool.channels(), 2));
    }

    private static double pooledBytes(ConvShape shape, PoolShape pool) {
        return GeneralConvolution.bytes(shape) + Float.BYTES * (2.0 * pool.outputSize() - shape.outputSize());
    }

    private static void requirePoolingOf(ConvShape shape, PoolShape pool, Ints winners) {
        requirePoolingOf(shape, pool);
        if (winners.size() != pool.outputSize()) {
            throw new IllegalArgumentException(winners.size() + " winners for " + pool.outputSize() + " windows");
        }
    }

    private static void requirePoolingOf(ConvShape shape, PoolShape pool) {
        if (pool.batch() != shape.batch()
                || pool.inHeight() != shape.outHeight()
                || pool.inWidth() != shape.outWidth()
                || pool.channels() != shape.outChannels()) {
            throw new IllegalArgumentException(
                    "the pooling " + pool + " does not read the output of the convolution " + shape);
        }
    }
}
