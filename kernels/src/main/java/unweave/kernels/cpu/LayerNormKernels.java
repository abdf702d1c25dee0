package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Layer normalisation of {@link unweave.kernels.Training} on arrays. Sums are float64; those over rows run in a fixed
 * partition.
 */
final class LayerNormKernels {
    private final WorkerPool pool;

    LayerNormKernels(WorkerPool pool) {
        this.pool = pool;
    }

    void forward(
            int channels,
            float[] x,
            float[] gamma,
            float[] beta,
            float eps,
            float[] savedMean,
            float[] savedInverseStd,
            float[] y) {
        int rows = x.length / channels;
        requireSizes(channels, rows, x, gamma, savedMean, savedInverseStd);
        Elements.requireSize(channels, beta);
        Elements.requireSize(x.length, y);
        Elements.forEachRow(pool, rows, channels, (from, to) -> {
            for (int r = from; r < to; r++) {
                double mean = mean(x, r * channels, channels);
                double inverseStd = 1 / Math.sqrt(variance(x, r * channels, channels, mean) + eps);
                savedMean[r] = (float) mean;
                savedInverseStd[r] = (float) inverseStd;
                for (int c = 0, i = r * channels; c < channels; c++, i++) {
                    y[i] = (float) (gamma[c] * (x[i] - mean) * inverseStd + beta[c]);
                }
            }
        });
    }

    void backward(
            int channels,
            float[] x,
            float[] gamma,
            float[] savedMean,
            float[] savedInverseStd,
            float[] dy,
            float[] dx,
            float[] dgamma,
            float[] dbeta) {
        int rows = x.length / channels;
        requireSizes(channels, rows, x, gamma, savedMean, savedInverseStd);
        Elements.requireSize(x.length, dy, dx);
        Elements.requireSize(channels, dgamma, dbeta);
        int chunkRows = Elements.rowsPerChunk(channels);
        double[][] partial = new double[Elements.chunks(rows, channels)][2 * channels];
        pool.run(partial.length, chunk -> {
            Arrays.fill(partial[chunk], 0);
            for (int r = chunk * chunkRows; r < Math.min(rows, (chunk + 1) * chunkRows); r++) {
                addGradients(channels, r, x, savedMean[r], savedInverseStd[r], dy, partial[chunk]);
                inputGradient(channels, r, x, gamma, savedMean[r], savedInverseStd[r], dy, dx);
            }
        });
        pool.runAlone(() -> {
            for (int c = 0; c < channels; c++) {
                double gammaSum = 0;
                double betaSum = 0;
                for (double[] sums : partial) {
                    gammaSum += sums[c];
                    betaSum += sums[channels + c];
                }
                dgamma[c] = (float) gammaSum;
                dbeta[c] = (float) betaSum;
            }
        });
    }

    /** dgamma into the first half of {@code sums}, dbeta into the second. */
    private static void addGradients(
            int channels, int r, float[] x, float mean, float inverseStd, float[] dy, double[] sums) {
        for (int c = 0, i = r * channels; c < channels; c++, i++) {
            sums[c] += (double) dy[i] * ((x[i] - mean) * inverseStd);
            sums[channels + c] += dy[i];
        }
    }

    private static void inputGradient(
            int channels, int r, float[] x, float[] gamma, float mean, float inverseStd, float[] dy, float[] dx) {
        double sum = 0;
        double weighted = 0;
        for (int c = 0, i = r * channels; c < channels; c++, i++) {
            double g = (double) gamma[c] * dy[i];
            sum += g;
            weighted += g * (x[i] - mean) * inverseStd;
        }
        double meanG = sum / channels;
        double meanGx = weighted / channels;
        for (int c = 0, i = r * channels; c < channels; c++, i++) {
            dx[i] = (float) (inverseStd * ((double) gamma[c] * dy[i] - meanG - (x[i] - mean) * inverseStd * meanGx));
        }
    }

    private static double mean(float[] x, int from, int channels) {
        double sum = 0;
        for (int i = from; i < from + channels; i++) {
            sum += x[i];
        }
        return sum / channels;
    }

    private static double variance(float[] x, int from, int channels, double mean) {
        double sum = 0;
        for (int i = from; i < from + channels; i++) {
            sum += (x[i] - mean) * (x[i] - mean);
        }
        return sum / channels;
    }

    private static void requireSizes(
            int channels, int rows, float[] x, float[] gamma, float[] savedMean, float[] savedInverseStd) {
        Elements.requireSize(rows * channels, x);
        Elements.requireSize(channels, gamma);
        Elements.requireSize(rows, savedMean, savedInverseStd);
    }
}
