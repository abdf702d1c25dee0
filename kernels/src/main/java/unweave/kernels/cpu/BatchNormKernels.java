package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Batch normalisation of {@link unweave.kernels.Training} on arrays. Sums over rows are float64, one partial sum per
 * fixed chunk of rows, added in the order of the chunks.
 */
final class BatchNormKernels {
    private final WorkerPool pool;
    private final ElementLoops loops;

    BatchNormKernels(WorkerPool pool, ElementLoops loops) {
        this.pool = pool;
        this.loops = loops;
    }

    void batchNormForward(
            int channels,
            float[] x,
            float[] gamma,
            float[] beta,
            float eps,
            float momentum,
            float[] runningMean,
            float[] runningVariance,
            float[] savedMean,
            float[] savedInverseStd,
            float[] y) {
        int rows = rows(channels, x);
        if (rows < 2) {
            throw new IllegalArgumentException(
                    "batch normalisation in training needs at least 2 values per channel, not " + rows);
        }
        Elements.requireSize(channels, gamma, beta, runningMean, runningVariance, savedMean, savedInverseStd);
        double[] mean =
                sumOverRows(channels, rows, 1.0 / rows, (from, to, sums) -> addValues(channels, x, from, to, sums));
        double[] variance = sumOverRows(
                channels, rows, 1.0 / rows, (from, to, sums) -> addSquares(channels, x, mean, from, to, sums));
        float[] scale = new float[channels];
        pool.runAlone(() -> {
            for (int c = 0; c < channels; c++) {
                double unbiased = variance[c] * rows / (rows - 1);
                double inverseStd = 1 / Math.sqrt(variance[c] + eps);
                runningMean[c] = (float) ((1 - momentum) * runningMean[c] + momentum * mean[c]);
                runningVariance[c] = (float) ((1 - momentum) * runningVariance[c] + momentum * unbiased);
                savedMean[c] = (float) mean[c];
                savedInverseStd[c] = (float) inverseStd;
                scale[c] = (float) (gamma[c] * inverseStd);
            }
        });
        normalize(x, savedMean, scale, beta, y);
    }

    void batchNormInference(
            int channels,
            float[] x,
            float[] gamma,
            float[] beta,
            float eps,
            float[] mean,
            float[] variance,
            float[] y) {
        rows(channels, x);
        Elements.requireSize(channels, gamma, beta, mean, variance);
        float[] scale = new float[channels];
        pool.runAlone(() -> {
            for (int c = 0; c < channels; c++) {
                scale[c] = (float) (gamma[c] / Math.sqrt((double) variance[c] + eps));
            }
        });
        normalize(x, mean, scale, beta, y);
    }

    void batchNormBackward(
            int channels,
            float[] x,
            float[] gamma,
            float[] savedMean,
            float[] savedInverseStd,
            float[] dy,
            float[] dx,
            float[] dgamma,
            float[] dbeta) {
        int rows = rows(channels, x);
        Elements.requireSize(x.length, dy, dx);
        Elements.requireSize(channels, gamma, savedMean, savedInverseStd, dgamma, dbeta);
        double[] sums = sumOverRows(
                2 * channels,
                rows,
                1,
                (from, to, partial) -> addGradients(channels, x, savedMean, savedInverseStd, dy, from, to, partial));
        // dx = scale * (dy - meanDy - (x - mean) * slope), slope = inverseStd * dgamma / rows
        float[] scale = new float[channels];
        float[] slope = new float[channels];
        float[] meanDy = new float[channels];
        pool.runAlone(() -> {
            for (int c = 0; c < channels; c++) {
                dgamma[c] = (float) sums[c];
                dbeta[c] = (float) sums[channels + c];
                scale[c] = gamma[c] * savedInverseStd[c];
                slope[c] = (float) (savedInverseStd[c] * sums[c] / rows);
                meanDy[c] = (float) (sums[channels + c] / rows);
            }
        });
        Elements.forEachRow(pool, rows, channels, (from, to) -> {
            for (int r = from; r < to; r++) {
                for (int c = 0, i = r * channels; c < channels; c++, i++) {
                    dx[i] = scale[c] * (dy[i] - meanDy[c] - (x[i] - savedMean[c]) * slope[c]);
                }
            }
        });
    }

    private void normalize(float[] x, float[] mean, float[] scale, float[] beta, float[] y) {
        int n = x.length;
        Elements.requireSize(n, y);
        float[] means = Elements.repeating(pool, mean, n);
        float[] scales = Elements.repeating(pool, scale, n);
        float[] betas = Elements.repeating(pool, beta, n);
        Elements.forEachRepeating(
                pool,
                n,
                means.length,
                means.length,
                (from, to, shift, same) -> loops.normalize(x, means, scales, betas, y, from, to, shift));
    }

    /** Adds what rows from to to contribute to {@code sums}. */
    private interface RowSum {
        void add(int from, int to, double[] sums);
    }

    /** Sums over all rows, times {@code factor}, in memory of their own. */
    private double[] sumOverRows(int width, int rows, double factor, RowSum rowSum) {
        double[][] partial = new double[Elements.chunks(rows, width)][width];
        int chunkRows = Elements.rowsPerChunk(width);
        pool.run(partial.length, chunk -> {
            Arrays.fill(partial[chunk], 0);
            rowSum.add(chunk * chunkRows, Math.min(rows, (chunk + 1) * chunkRows), partial[chunk]);
        });
        double[] total = new double[width];
        pool.runAlone(() -> {
            for (int i = 0; i < width; i++) {
                double sum = 0;
                for (double[] sums : partial) {
                    sum += sums[i];
                }
                total[i] = sum * factor;
            }
        });
        return total;
    }

    private static void addValues(int channels, float[] x, int from, int to, double[] sums) {
        for (int r = from; r < to; r++) {
            for (int c = 0, i = r * channels; c < channels; c++, i++) {
                sums[c] += x[i];
            }
        }
    }

    private static void addSquares(int channels, float[] x, double[] mean, int from, int to, double[] sums) {
        for (int r = from; r < to; r++) {
            for (int c = 0, i = r * channels; c < channels; c++, i++) {
                double difference = x[i] - mean[c];
                sums[c] += difference * difference;
            }
        }
    }

    /** dgamma into the first half of {@code sums}, dbeta into the second. */
    private static void addGradients(
            int channels, float[] x, float[] mean, float[] inverseStd, float[] dy, int from, int to, double[] sums) {
        for (int r = from; r < to; r++) {
            for (int c = 0, i = r * channels; c < channels; c++, i++) {
                sums[c] += (double) dy[i] * ((x[i] - mean[c]) * inverseStd[c]);
                sums[channels + c] += dy[i];
            }
        }
    }

    private static int rows(int channels, float[] x) {
        if (x.length % channels != 0) {
            throw new IllegalArgumentException(x.length + " values are not rows of " + channels + " channels");
        }
        return x.length / channels;
    }
}
