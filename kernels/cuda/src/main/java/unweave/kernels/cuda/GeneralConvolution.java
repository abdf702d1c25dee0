package unweave.kernels.cuda;

import static unweave.kernels.cuda.Conv3x3Plan.ceilDivide;

import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

/** Launches of conv_general.cu, which computes every convolution, and of the sums that it leaves to conv_parts.cu. */
final class GeneralConvolution {
    /** Output channels of a group below which most of a block of the implicit GEMM would idle. */
    private static final int LEAST_GEMM_CHANNELS = 16;

    private static final int TILE = 64;
    private static final int WANTED_BLOCKS = 528;
    private static final int LEAST_PIXELS = 64;
    private static final int LEAST_BIAS_ROWS = 256;
    private static final int MOST_PARTS = 256;

    private final CudaDevice device;

    GeneralConvolution(CudaDevice device) {
        this.device = device;
    }

    void forward(ConvShape s, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
        Launch launch = begin(
                        s.outChannels() / s.groups(),
                        s.outChannels(),
                        s.groups(),
                        pixels(s.batch(), s.outHeight(), s.outWidth()))
                .in(x)
                .in(w)
                .in(bias)
                .in(y)
                .value(s.batch())
                .value(s.inHeight())
                .value(s.inWidth())
                .value(s.inChannels())
                .value(s.outHeight())
                .value(s.outWidth())
                .value(s.outChannels());
        geometry(launch, s, s.strideY(), s.strideX(), s.padY(), s.padX());
        launch.value(1)
                .value(1)
                .value(s.groups())
                .value(0)
                .value(relu ? 1 : 0)
                .work(s.flops(), bytes(s))
                .run();
    }

    void backwardInput(ConvShape s, Floats dy, Floats w, Floats dx) {
        Launch launch = begin(
                        s.groupChannels(), s.inChannels(), s.groups(), pixels(s.batch(), s.inHeight(), s.inWidth()))
                .in(dy)
                .in(w)
                .none()
                .in(dx)
                .value(s.batch())
                .value(s.outHeight())
                .value(s.outWidth())
                .value(s.outChannels())
                .value(s.inHeight())
                .value(s.inWidth())
                .value(s.inChannels());
        geometry(
                launch,
                s,
                1,
                1,
                s.dilationY() * (s.kernelHeight() - 1) - s.padY(),
                s.dilationX() * (s.kernelWidth() - 1) - s.padX());
        launch.value(s.strideY())
                .value(s.strideX())
                .value(s.groups())
                .value(1)
                .value(0)
                .work(s.flops(), bytes(s))
                .run();
    }

    void backwardWeights(ConvShape s, Floats x, Floats dy, Floats dw, Floats dbias) {
        int groupOut = s.outChannels() / s.groups();
        boolean gemm = groupOut >= LEAST_GEMM_CHANNELS;
        long weightBlocks = gemm
                ? ceilDivide(s.weightSize() / s.outChannels(), TILE) * s.groups() * ceilDivide(groupOut, TILE)
                : ceilDivide(s.weightSize(), 128);
        long all = pixels(s.batch(), s.outHeight(), s.outWidth());
        long wanted = Math.max(1, Math.min(WANTED_BLOCKS / weightBlocks, all / LEAST_PIXELS));
        int perBlock = Math.toIntExact(16 * ceilDivide(ceilDivide(all, wanted), 16));
        int parts = Math.toIntExact(ceilDivide(all, perBlock));
        try (CudaFloats partial = device.floats(parts * s.weightSize())) {
            Launch launch = device.kernel(gemm ? "conv_gemm_weights" : "conv_direct_weights")
                    .block(128)
                    .in(x)
                    .in(dy)
                    .in(partial)
                    .value(s.batch())
                    .value(s.inHeight())
                    .value(s.inWidth())
                    .value(s.inChannels())
                    .value(s.outHeight())
                    .value(s.outWidth())
                    .value(s.outChannels());
            geometry(launch, s, s.strideY(), s.strideX(), s.padY(), s.padX());
            launch.value(s.groups()).value(perBlock).work(s.flops(), bytes(s));
            if (gemm) {
                launch.grid(
                                parts,
                                ceilDivide(s.weightSize() / s.outChannels(), TILE),
                                (long) s.groups() * ceilDivide(groupOut, TILE))
                        .run();
            } else {
                launch.grid(parts, ceilDivide(s.weightSize(), 128), 1).run();
            }
            reduceParts(partial, parts, Math.toIntExact(s.weightSize()), 0, dw, null);
        }
        if (dbias != null) {
            biasGradient(all, s.outChannels(), dy, dbias);
        }
    }

    /** dbias[c] = sum over rows: dy[row,c]. */
    void biasGradient(long rows, int channels, Floats dy, Floats dbias) {
        int perBlock = Math.toIntExact(Math.max(LEAST_BIAS_ROWS, ceilDivide(rows, MOST_PARTS)));
        int parts = Math.toIntExact(ceilDivide(rows, perBlock));
        if (parts == 1) {
            biasParts(rows, channels, perBlock, 1, dy, dbias);
            return;
        }
        try (CudaFloats partial = device.floats((long) parts * channels)) {
            biasParts(rows, channels, perBlock, parts, dy, partial);
            reduceParts(partial, parts, channels, 0, dbias, null);
        }
    }

    private void biasParts(long rows, int channels, int perBlock, int parts, Floats dy, Floats partial) {
        device.kernel("conv_bias")
                .grid(parts, ceilDivide(channels, 32), 1)
                .block(32, 8, 1)
                .in(dy)
                .in(partial)
                .value(rows)
                .value(channels)
                .value(perBlock)
                .work(rows * (double) channels, Float.BYTES * rows * (double) channels)
                .run();
    }

    /** Adds up {@code count} parts of weights + biases values each; {@code dbias} may be null. */
    void reduceParts(Floats partial, int count, int weights, int biases, Floats dw, Floats dbias) {
        int size = weights + biases;
        device.kernel("conv_reduce_parts")
                .grid(ceilDivide(size, 32))
                .block(32, 8, 1)
                .in(partial)
                .value(count)
                .value(size)
                .value(weights)
                .in(dw)
                .in(dbias)
                .work((double) count * size, Float.BYTES * (double) count * size)
                .run();
    }

    private Launch begin(int groupOut, int outChannels, int groups, long pixels) {
        return groupOut >= LEAST_GEMM_CHANNELS
                ? device.kernel("conv_gemm")
                        .block(128)
                        .grid(ceilDivide(pixels, TILE), (long) groups * ceilDivide(groupOut, TILE), 1)
                : device.kernel("conv_direct").block(256).grid(ceilDivide(pixels * outChannels, 256));
    }

    private static void geometry(Launch launch, ConvShape s, int strideY, int strideX, int padY, int padX) {
        launch.value(s.kernelHeight())
                .value(s.kernelWidth())
                .value(strideY)
                .value(strideX)
                .value(padY)
                .value(padX)
                .value(s.dilationY())
                .value(s.dilationX());
    }

    private static long pixels(int batch, int height, int width) {
        return (long) batch * height * width;
    }

    /** What a convolution in any direction must at least move. */
    static double bytes(ConvShape s) {
        return Float.BYTES * ((double) s.inputSize() + s.outputSize() + s.weightSize());
    }
}
