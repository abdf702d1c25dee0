package unweave.kernels.cuda;

import static unweave.kernels.cuda.Conv3x3Plan.ceilDivide;

import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Floats;

/**
 * Convolution and matrix products on the GPU. Which kernel computes a shape:
 *
 * <ul>
 *   <li>1x1 with stride 1 and one group, dense layers among them: a matrix product over all pixels, by dense.cu if it
 *       is small and by cuBLAS if it is large;
 *   <li>3x3 with stride 1 and padding 1, channels multiples of four: conv3x3.cu and conv3x3_weights.cu;
 *   <li>the same with one input channel: conv3x3_first.cu;
 *   <li>everything else: conv_general.cu.
 * </ul>
 */
final class CudaConvolutions implements Convolutions {
    /**
     * Blocks of the first layer's weight gradient, four on each of 132 multiprocessors: each writes a part, so not
     * more.
     */
    private static final int FIRST_LAYER_BLOCKS = 528;
    /** Threads of a block of conv3x3_first.cu. */
    private static final int FIRST_LAYER_THREADS = 128;

    private final CudaDevice device;
    private final GeneralConvolution general;
    private final DenseProducts dense;

    CudaConvolutions(CudaDevice device) {
        this.device = device;
        general = new GeneralConvolution(device);
        dense = new DenseProducts(device, general);
    }

    @Override
    public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        check(shape, x, w, y);
        checkBias(shape, bias);
        if (isSmallProduct(shape)) {
            dense.forward(shape, x, w, bias, relu, y);
        } else if (isMatrixProduct(shape)) {
            product(false, false, pixels(shape), shape.outChannels(), shape.inChannels(), x, w, y);
            if (bias != null || relu) {
                addBias(shape, bias, relu, y);
            }
        } else if (Conv3x3Plan.suits(shape)) {
            correlate3x3(shape, Conv3x3Plan.forward(shape), false, x, w, bias, relu, y);
        } else if (isFirstLayer(shape)) {
            launchFirst("conv3x3_first", shape)
                    .in(x)
                    .in(w)
                    .in(bias)
                    .in(y)
                    .value(shape.batch())
                    .value(shape.inHeight())
                    .value(shape.inWidth())
                    .value(shape.outChannels())
                    .value(relu ? 1 : 0)
                    .work(shape.flops(), GeneralConvolution.bytes(shape))
                    .run();
        } else {
            general.forward(shape, x, w, bias, relu, y);
        }
    }

    @Override
    public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
        check(shape, dx, w, dy);
        if (isSmallProduct(shape)) {
            dense.backwardInput(shape, dy, w, dx);
        } else if (isMatrixProduct(shape)) {
            product(false, true, pixels(shape), shape.inChannels(), shape.outChannels(), dy, w, dx);
        } else if (Conv3x3Plan.suits(shape)) {
            correlate3x3(shape, Conv3x3Plan.towardsInput(shape), true, dy, w, null, false, dx);
        } else if (isFirstLayer(shape)) {
            device.kernel("conv3x3_first_input")
                    .block(FIRST_LAYER_THREADS)
                    .grid((long) shape.batch() * ceilDivide(shape.inHeight(), 8) * ceilDivide(shape.inWidth(), 32))
                    .in(dy)
                    .in(w)
                    .in(dx)
                    .value(shape.batch())
                    .value(shape.inHeight())
                    .value(shape.inWidth())
                    .value(shape.outChannels())
                    .work(shape.flops(), GeneralConvolution.bytes(shape))
                    .run();
        } else {
            general.backwardInput(shape, dy, w, dx);
        }
    }

    @Override
    public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
        check(shape, x, dw, dy);
        checkBias(shape, dbias);
        if (isSmallProduct(shape)) {
            dense.backwardWeights(shape, x, dy, dw, dbias);
        } else if (isMatrixProduct(shape)) {
            product(true, false, shape.inChannels(), shape.outChannels(), pixels(shape), x, dy, dw);
            if (dbias != null) {
                general.biasGradient(pixels(shape), shape.outChannels(), dy, dbias);
            }
        } else if (Conv3x3Plan.suits(shape)) {
            weights3x3(shape, Conv3x3WeightsPlan.of(shape), x, dy, dw, dbias);
        } else if (isFirstLayer(shape) && FIRST_LAYER_THREADS % (shape.outChannels() / 4) == 0) {
            firstLayerWeights(shape, x, dy, dw, dbias);
        } else {
            general.backwardWeights(shape, x, dy, dw, dbias);
        }
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        device.own(a, (long) m * k);
        device.own(b, (long) k * n);
        device.own(c, (long) m * n);
        product(transposeA, transposeB, m, n, k, a, b, c);
    }

    /** y &lt;- f(y + bias), f being max(0, .) if {@code relu}; {@code bias} may be null. */
    void addBias(ConvShape shape, Floats bias, boolean relu, Floats y) {
        device.kernel("add_bias_relu")
                .over(y.size())
                .in(y)
                .in(bias)
                .value(y.size())
                .value(shape.outChannels())
                .value(relu ? 1 : 0)
                .work(2.0 * y.size(), 2.0 * Float.BYTES * y.size())
                .run();
    }

    /** dbias[o] = sum over n, p: dy[n,p,o]. */
    void biasGradient(ConvShape shape, Floats dy, Floats dbias) {
        general.biasGradient(shape.outputSize() / shape.outChannels(), shape.outChannels(), dy, dbias);
    }

    private void product(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
        device.blas()
                .sgemm(
                        transposeA,
                        transposeB,
                        m,
                        n,
                        k,
                        1f,
                        device.own(a).address(),
                        transposeA ? m : k,
                        device.own(b).address(),
                        transposeB ? k : n,
                        0f,
                        device.own(c).address(),
                        n);
    }

    private void correlate3x3(
            ConvShape s,
            Conv3x3Plan plan,
            boolean towardsInput,
            Floats in,
            Floats w,
            Floats bias,
            boolean relu,
            Floats out) {
        int parts = plan.parts();
        if (parts == 1) {
            launch3x3(s, plan, towardsInput, in, w, bias, relu, out);
            return;
        }
        try (Parts partial = parts3x3(s, plan, towardsInput, in, w, out.size())) {
            device.kernel("conv_combine")
                    .over(out.size() / 4)
                    .in(partial.values())
                    .value(parts)
                    .value(out.size())
                    .in(bias)
                    .value(plan.outChannels())
                    .value(relu ? 1 : 0)
                    .in(out)
                    .work((double) parts * out.size(), Float.BYTES * (parts + 1.0) * out.size())
                    .run();
        }
    }

    /** A convolution without bias, as the sum of so many parts of its size. */
    record Parts(CudaFloats values, int count) implements AutoCloseable {
        @Override
        public void close() {
            values.close();
        }
    }

    /** x * w in as many parts as this device computes best: one, except for shapes that conv3x3.cu cuts. */
    Parts forwardParts(ConvShape shape, Floats x, Floats w) {
        if (!Conv3x3Plan.suits(shape)) {
            CudaFloats whole = device.floats(shape.outputSize());
            convForward(shape, x, w, null, false, whole);
            return new Parts(whole, 1);
        }
        check(shape, x, w, null);
        return parts3x3(shape, Conv3x3Plan.forward(shape), false, x, w, shape.outputSize());
    }

    /** As {@link #forwardParts}, for the gradient of the input. */
    Parts backwardInputParts(ConvShape shape, Floats dy, Floats w) {
        if (!Conv3x3Plan.suits(shape)) {
            CudaFloats whole = device.floats(shape.inputSize());
            convBackwardInput(shape, dy, w, whole);
            return new Parts(whole, 1);
        }
        check(shape, null, w, dy);
        return parts3x3(shape, Conv3x3Plan.towardsInput(shape), true, dy, w, shape.inputSize());
    }

    private Parts parts3x3(ConvShape s, Conv3x3Plan plan, boolean towardsInput, Floats in, Floats w, long size) {
        Parts parts = new Parts(device.floats(plan.parts() * size), plan.parts());
        launch3x3(s, plan, towardsInput, in, w, null, false, parts.values());
        return parts;
    }

    private void launch3x3(
            ConvShape s,
            Conv3x3Plan plan,
            boolean towardsInput,
            Floats in,
            Floats w,
            Floats bias,
            boolean relu,
            Floats out) {
        Conv3x3Plan.Tile tile = plan.tile();
        device.kernel("conv3x3" + plan.version().suffix())
                .grid(plan.tiles(), plan.outputTiles(), plan.parts())
                .block(plan.version().threads)
                .in(in)
                .in(w)
                .in(bias)
                .in(out)
                .value(s.batch())
                .value(s.inHeight())
                .value(s.inWidth())
                .value(plan.inChannels())
                .value(plan.outChannels())
                .value(towardsInput ? 1 : 0)
                .value(relu ? 1 : 0)
                .value(tile.width())
                .value(tile.height())
                .value(tile.images())
                .value(tile.pitch())
                .value(plan.channelsPerPart())
                .work(s.flops(), GeneralConvolution.bytes(s))
                .run();
    }

    private void weights3x3(ConvShape s, Conv3x3WeightsPlan plan, Floats x, Floats dy, Floats dw, Floats dbias) {
        int channels = plan.version().channels;
        int size = Math.toIntExact(s.weightSize()) + s.outChannels();
        try (CudaFloats partial = device.floats((long) plan.parts() * size)) {
            device.kernel(plan.version().kernel())
                    .block(plan.version().threads)
                    .grid(plan.parts(), ceilDivide(s.inChannels(), channels), ceilDivide(s.outChannels(), channels))
                    .in(x)
                    .in(dy)
                    .in(partial)
                    .value(s.batch())
                    .value(s.inHeight())
                    .value(s.inWidth())
                    .value(s.inChannels())
                    .value(s.outChannels())
                    .value(plan.rows())
                    .value(plan.perBlock())
                    .work(s.flops(), GeneralConvolution.bytes(s))
                    .run();
            general.reduceParts(partial, plan.parts(), size - s.outChannels(), s.outChannels(), dw, dbias);
        }
    }

    private void firstLayerWeights(ConvShape s, Floats x, Floats dy, Floats dw, Floats dbias) {
        long stretches = (long) s.batch() * s.inHeight() * ceilDivide(s.inWidth(), 8);
        int perBlock = FIRST_LAYER_THREADS / (s.outChannels() / 4);
        int parts = (int) Math.min(FIRST_LAYER_BLOCKS, ceilDivide(stretches, perBlock));
        try (CudaFloats partial = device.floats(10L * parts * s.outChannels())) {
            device.kernel("conv3x3_first_weights")
                    .block(FIRST_LAYER_THREADS)
                    .grid(parts)
                    .in(x)
                    .in(dy)
                    .in(partial)
                    .value(s.batch())
                    .value(s.inHeight())
                    .value(s.inWidth())
                    .value(s.outChannels())
                    .work(s.flops(), GeneralConvolution.bytes(s))
                    .run();
            general.reduceParts(partial, parts, 9 * s.outChannels(), s.outChannels(), dw, dbias);
        }
    }

    /** The launch of a kernel of conv3x3_first.cu that gives a thread 2 x 4 pixels of four channels. */
    Launch launchFirst(String kernel, ConvShape s) {
        long threads =
                (long) s.batch() * ceilDivide(s.inHeight(), 2) * ceilDivide(s.inWidth(), 4) * (s.outChannels() / 4);
        return device.kernel(kernel).block(FIRST_LAYER_THREADS).grid(ceilDivide(threads, FIRST_LAYER_THREADS));
    }

    /** Sizes and owner of the operands; x or y may be null where there is none. */
    void check(ConvShape shape, Floats x, Floats w, Floats y) {
        device.own(w, shape.weightSize());
        if (x != null) {
            device.own(x, shape.inputSize());
        }
        if (y != null) {
            device.own(y, shape.outputSize());
        }
    }

    /** As {@link #check}, for a bias or its gradient, if there is one. */
    void checkBias(ConvShape shape, Floats bias) {
        if (bias != null) {
            device.own(bias, shape.outChannels());
        }
    }

    private static boolean isMatrixProduct(ConvShape s) {
        return s.kernelHeight() == 1
                && s.kernelWidth() == 1
                && s.strideY() == 1
                && s.strideX() == 1
                && !s.isPadded()
                && s.groups() == 1;
    }

    private static boolean isSmallProduct(ConvShape s) {
        return isMatrixProduct(s) && DenseProducts.suits(s);
    }

    private static int pixels(ConvShape s) {
        return Math.toIntExact((long) s.batch() * s.inHeight() * s.inWidth());
    }

    static boolean isFirstLayer(ConvShape s) {
        return Conv3x3Plan.isPlain(s) && s.inChannels() == 1 && s.outChannels() % 4 == 0;
    }
}
