package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Normalization;

/** {@link Normalization} on the GPU: {@code batchNorm.cu}, {@code layerNorm.cu}. */
final class CudaNormalization implements Normalization {
    private final CudaDevice device;
    private final ElementLaunches elements;

    CudaNormalization(CudaDevice device) {
        this.device = device;
        elements = new ElementLaunches(device);
    }

    @Override
    public void batchNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            float momentum,
            Floats runningMean,
            Floats runningVariance,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        ColumnSums cut = ColumnSums.of(channels, x);
        if (cut.rows() < 2) {
            throw new IllegalArgumentException(
                    "batch normalisation in training needs at least 2 values per channel, not " + cut.rows());
        }
        ElementLaunches.requireSize(channels, gamma, beta, runningMean, runningVariance, savedMean, savedInverseStd);
        ElementLaunches.requireSize(x.size(), y);
        try (Floats partial = cut.partialSums(device);
                Floats scale = device.floats(channels)) {
            cut.launch(device, "sumForStatistics", 1).in(x).in(partial).run();
            cut.finish(device, "batchStatistics")
                    .value(cut.rows())
                    .value(cut.chunks())
                    .in(partial)
                    .in(x)
                    .in(gamma)
                    .value(eps)
                    .value(momentum)
                    .in(runningMean)
                    .in(runningVariance)
                    .in(savedMean)
                    .in(savedInverseStd)
                    .in(scale)
                    .run();
            normalize(channels, x, savedMean, scale, beta, y);
        }
    }

    @Override
    public void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
        ColumnSums.of(channels, x);
        ElementLaunches.requireSize(channels, gamma, beta, mean, variance);
        ElementLaunches.requireSize(x.size(), y);
        try (Floats scale = device.floats(channels)) {
            device.kernel("inferenceScale")
                    .value(channels)
                    .in(gamma)
                    .in(variance)
                    .value(eps)
                    .in(scale)
                    .over(channels)
                    .work(3.0 * channels, 3.0 * Float.BYTES * channels)
                    .run();
            normalize(channels, x, mean, scale, beta, y);
        }
    }

    @Override
    public void batchNormBackward(
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
        ElementLaunches.requireSize(channels, gamma, savedMean, savedInverseStd, dgamma, dbeta);
        try (Floats partial = cut.partialSums(device);
                Floats scale = device.floats(channels);
                Floats slope = device.floats(channels);
                Floats meanDy = device.floats(channels)) {
            cut.launch(device, "sumForGradients", 2)
                    .in(x)
                    .in(dy)
                    .in(savedMean)
                    .in(savedInverseStd)
                    .in(partial)
                    .run();
            cut.finish(device, "batchGradients")
                    .value(cut.rows())
                    .value(cut.chunks())
                    .in(partial)
                    .in(gamma)
                    .in(savedInverseStd)
                    .in(dgamma)
                    .in(dbeta)
                    .in(scale)
                    .in(slope)
                    .in(meanDy)
                    .run();
            elements.run(
                    elements.kernel("batchNormInput")
                            .in(x)
                            .in(dy)
                            .in(savedMean)
                            .in(scale)
                            .in(slope)
                            .in(meanDy)
                            .in(dx),
                    x.size(),
                    channels,
                    5,
                    3,
                    4);
        }
    }

    private void normalize(int channels, Floats x, Floats mean, Floats scale, Floats beta, Floats y) {
        elements.run(
                elements.kernel("normalizeChannels")
                        .in(x)
                        .in(mean)
                        .in(scale)
                        .in(beta)
                        .in(y),
                x.size(),
                channels,
                3,
                2,
                3);
    }

    @Override
    public void layerNormForward(
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

    @Override
    public void layerNormBackward(
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
