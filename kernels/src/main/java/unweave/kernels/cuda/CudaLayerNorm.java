package unweave.kernels.cuda;

import unweave.kernels.Floats;

/** Layer normalisation of {@link unweave.kernels.Training} on the GPU, {@code layerNorm.cu}. */
final class CudaLayerNorm {
    private final CudaDevice device;

    CudaLayerNorm(CudaDevice device) {
        this.device = device;
    }

    void forward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        int rows = ElementLaunches.rows(channels, x);
        ElementLaunches.requireSize(channels, gamma, beta);
        ElementLaunches.requireSize(rows, savedMean, savedInverseStd);
        ElementLaunches.requireSize(x.size(), y);
        int lanes = lanes(channels);
        device.kernel("layerNormForward")
                .value(channels)
                .value(lanes)
                .in(x)
                .in(gamma)
                .in(beta)
                .value(eps)
                .in(savedMean)
                .in(savedInverseStd)
                .in(y)
                .value(rows)
                .over((long) rows * lanes)
                .work(8.0 * x.size(), 2.0 * Float.BYTES * x.size())
                .run();
    }

    void backward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        ColumnSums cut = ColumnSums.of(channels, x);
        ElementLaunches.requireSize(x.size(), dy, dx);
        ElementLaunches.requireSize(channels, gamma, dgamma, dbeta);
        ElementLaunches.requireSize(cut.rows(), savedMean, savedInverseStd);
        int lanes = lanes(channels);
        device.kernel("layerNormInput")
                .value(channels)
                .value(lanes)
                .in(x)
                .in(gamma)
                .in(savedMean)
                .in(savedInverseStd)
                .in(dy)
                .in(dx)
                .value(cut.rows())
                .over((long) cut.rows() * lanes)
                .work(10.0 * x.size(), 3.0 * Float.BYTES * x.size())
                .run();
        try (Floats partial = cut.partialSums(device)) {
            cut.launch(device, "layerNormParameters", 2)
                    .in(x)
                    .in(dy)
                    .in(savedMean)
                    .in(savedInverseStd)
                    .in(partial)
                    .run();
            cut.finish(device, "addChunks")
                    .value(cut.chunks())
                    .in(partial)
                    .in(dgamma)
                    .in(dbeta)
                    .run();
        }
    }

    private static int lanes(int channels) {
        return Math.min(32, ElementLaunches.powerOfTwoFrom(channels));
    }
}
