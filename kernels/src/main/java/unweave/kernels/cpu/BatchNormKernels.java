package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Batch normalisation of {@link unweave.kernels.Training} on arrays. Rows are summed in fixed chunks: within one in
 * float32, where few values meet, and the chunks in float64, in their order.
 *
 * <p>Several rows lie side by side in a wide one of at least {@link #WIDE} values, whose sums are folded at the end, so
 * that vector loops run long enough with few channels, too. The variance is combined from the chunks' own, each around
 * its own mean (Chan et al. 1979): one pass over memory, and no differences of large squares.
 */
final class BatchNormKernels {
    private static final int WIDE = 512;

    private final WorkerPool pool;
    private final ElementLoops loops;
    private final Scratch sumScratch = new Scratch();
    private final Scratch meanScratch = new Scratch();

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
        double[][] statistics = new double[Elements.chunks(rows, channels)][2 * channels];
        forEachChunk(channels, rows, (chunk, from, to) -> describe(channels, x, from, to, statistics[chunk]));
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        float[] scale = new float[channels];
        pool.runAlone(() -> {
            combine(channels, rows, statistics, mean, variance);
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
        double[][] sums = new double[Elements.chunks(rows, channels)][2 * channels];
        float[] means = wide(channels, savedMean);
        forEachChunk(channels, rows, (chunk, from, to) -> addGradients(channels, x, means, dy, from, to, sums[chunk]));
        // dx = scale * (dy - meanDy - (x - mean) * slope), slope = inverseStd * dgamma / rows
        float[] scale = new float[channels];
        float[] slope = new float[channels];
        float[] meanDy = new float[channels];
        pool.runAlone(() -> {
            for (int c = 0; c < channels; c++) {
                double slopeSum = 0;
                double sum = 0;
                for (double[] ofChunk : sums) {
                    slopeSum += ofChunk[c];
                    sum += ofChunk[channels + c];
                }
                dgamma[c] = (float) (slopeSum * savedInverseStd[c]);
                dbeta[c] = (float) sum;
                scale[c] = gamma[c] * savedInverseStd[c];
                slope[c] = (float) (slopeSum * savedInverseStd[c] * savedInverseStd[c] / rows);
                meanDy[c] = (float) (sum / rows);
            }
        });
        float[] scales = wide(channels, scale);
        float[] slopes = wide(channels, slope);
        float[] meanDys = wide(channels, meanDy);
        forEachChunk(channels, rows, (chunk, from, to) -> {
            for (int at = from; at < to; at += scales.length) {
                int end = Math.min(to, at + scales.length);
                loops.normalizeBackward(x, dy, means, scales, slopes, meanDys, dx, at, end, -at);
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

    /** Work on the values from (inclusive) to (exclusive), which are whole rows. */
    private interface Chunk {
        void run(int number, int from, int to);
    }

    private void forEachChunk(int channels, int rows, Chunk work) {
        int chunkRows = Elements.rowsPerChunk(channels);
        pool.run(
                Elements.chunks(rows, channels),
                chunk -> work.run(
                        chunk, chunk * chunkRows * channels, Math.min(rows, (chunk + 1) * chunkRows) * channels));
    }

    /** Values of a wide row: a multiple of the channels. */
    private static int wide(int channels) {
        return (WIDE + channels - 1) / channels * channels;
    }

    /** One value for each channel, repeated side by side over a wide row. */
    private float[] wide(int channels, float[] values) {
        float[] repeated = new float[wide(channels)];
        pool.runAlone(() -> {
            System.arraycopy(values, 0, repeated, 0, channels);
            repeat(channels, repeated);
        });
        return repeated;
    }

    /** Repeats the first values of a wide row over the rest of it. */
    private static void repeat(int channels, float[] row) {
        for (int at = channels; at < wide(channels); at += channels) {
            System.arraycopy(row, 0, row, at, channels);
        }
    }

    /** The mean of each channel into the first half of {@code statistics}, sums of squared differences behind. */
    private void describe(int channels, float[] x, int from, int to, double[] statistics) {
        int wide = wide(channels);
        float[] sums = sumScratch.atLeast(wide);
        Arrays.fill(sums, 0, wide, 0f);
        for (int at = from; at < to; at += wide) {
            loops.add(sums, x, sums, 0, Math.min(wide, to - at), at);
        }
        fold(sums, channels, statistics, 0);
        int rows = (to - from) / channels;
        float[] means = meanScratch.atLeast(wide);
        for (int c = 0; c < channels; c++) {
            means[c] = (float) (statistics[c] / rows);
            statistics[c] = means[c];
        }
        repeat(channels, means);
        Arrays.fill(sums, 0, wide, 0f);
        for (int at = from; at < to; at += wide) {
            loops.addSquaredDifferences(x, means, sums, 0, Math.min(wide, to - at), at);
        }
        fold(sums, channels, statistics, channels);
    }

    /** The sums of dy (x - mean) into the first half of {@code statistics}, those of dy into the second. */
    private void addGradients(
            int channels, float[] x, float[] means, float[] dy, int from, int to, double[] statistics) {
        int wide = wide(channels);
        float[] sums = sumScratch.atLeast(wide);
        Arrays.fill(sums, 0, wide, 0f);
        for (int at = from; at < to; at += wide) {
            loops.addProductsWithDifferences(dy, x, means, sums, 0, Math.min(wide, to - at), at);
        }
        fold(sums, channels, statistics, 0);
        Arrays.fill(sums, 0, wide, 0f);
        for (int at = from; at < to; at += wide) {
            loops.add(sums, dy, sums, 0, Math.min(wide, to - at), at);
        }
        fold(sums, channels, statistics, channels);
    }

    /** Adds up what a wide row holds for each channel. */
    private static void fold(float[] sums, int channels, double[] out, int to) {
        Arrays.fill(out, to, to + channels, 0);
        for (int at = 0; at < wide(channels); at += channels) {
            for (int c = 0; c < channels; c++) {
                out[to + c] += sums[at + c];
            }
        }
    }

    private static void combine(int channels, int rows, double[][] statistics, double[] mean, double[] variance) {
        int chunkRows = Elements.rowsPerChunk(channels);
        for (int c = 0; c < channels; c++) {
            mean[c] = 0; // recorded operations run again
            variance[c] = 0;
            for (int chunk = 0; chunk < statistics.length; chunk++) {
                mean[c] += statistics[chunk][c] * Math.min(chunkRows, rows - chunk * chunkRows) / rows;
            }
            for (int chunk = 0; chunk < statistics.length; chunk++) {
                double distance = statistics[chunk][c] - mean[c];
                variance[c] += statistics[chunk][channels + c] / rows
                        + distance * distance * Math.min(chunkRows, rows - chunk * chunkRows) / rows;
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
