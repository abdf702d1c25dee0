package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;

/**
 * The curves that {@link PatchFlipping} measures. With n_t of N patches flipped in step t, W_t = (n_1 + ... + n_t) / N,
 * and f_t the score after step t, every sample has two figures; for both, lower is better:
 *
 * <pre>
 * AUPC = sum over t: W_t (f_(t-1) - f_t) / 2         (thesis 4.4)
 * area = sum over t: n_t / N (f_(t-1) + f_t) / 2     (Chormai et al. 2024: area over the share of patches)
 * </pre>
 *
 * The thesis prints a minus where the paper has a plus; its weight is the share of all patches flipped so far. Summed
 * by parts its AUPC is (sum over t of n_t / N f_(t-1) - f_T) / 2: half the area under the steps of the curve before
 * each flip, less half of the final score. It therefore ranks explanations much as the area does, at about half the
 * size.
 *
 * @param flips n_t, patches of every map flipped in step t = 1 ... T
 * @param scores samples x (T + 1): f_0 ... f_T, the class logit clamped at 0
 */
public record FlippingScores(int[] flips, float[][] scores) {
    /** @throws IllegalArgumentException if a curve does not have one score more than there are steps */
    public FlippingScores {
        for (float[] curve : scores) {
            if (curve.length != flips.length + 1) {
                throw new IllegalArgumentException("a flipping curve of " + flips.length + " steps has "
                        + (flips.length + 1) + " scores, not " + curve.length);
            }
        }
    }

    /** Number of samples. */
    public int count() {
        return scores.length;
    }

    /** The thesis' AUPC (4.4) of one sample. */
    public double aupc(int sample) {
        float[] f = scores[sample];
        double sum = 0;
        double done = 0;
        for (int t = 1; t < f.length; t++) {
            done += flips[t - 1];
            sum += done * ((double) f[t - 1] - f[t]) / 2;
        }
        return sum / done;
    }

    /** The paper's area under the curve of one sample. */
    public double area(int sample) {
        float[] f = scores[sample];
        double sum = 0;
        for (int t = 1; t < f.length; t++) {
            sum += flips[t - 1] * ((double) f[t - 1] + f[t]) / 2;
        }
        return sum / patches();
    }

    /** {@link #aupc(int)} of every sample. */
    public double[] aupcs() {
        return IntStream.range(0, count()).mapToDouble(this::aupc).toArray();
    }

    /** {@link #area(int)} of every sample. */
    public double[] areas() {
        return IntStream.range(0, count()).mapToDouble(this::area).toArray();
    }

    /** Mean AUPC and its standard error over the samples. */
    public Estimate aupc() {
        return Estimate.of(aupcs());
    }

    /** Mean area and its standard error over the samples. */
    public Estimate area() {
        return Estimate.of(areas());
    }

    /** The mean score after each step, f_0 ... f_T. */
    public double[] meanCurve() {
        double[] mean = new double[flips.length + 1];
        for (float[] curve : scores) {
            for (int t = 0; t < mean.length; t++) {
                mean[t] += curve[t] / (double) count();
            }
        }
        return mean;
    }

    /** N. */
    public int patches() {
        return Arrays.stream(flips).sum();
    }

    /**
     * Delta-AUPC (thesis 4.5) of every sample: AUPC of the standard map less that of the subspaces; higher is better.
     *
     * @param standard curves of the standard map
     * @param subspaces curves of the same samples
     */
    public static double[] deltaAupc(FlippingScores standard, FlippingScores subspaces) {
        requireSame(standard, subspaces);
        return IntStream.range(0, standard.count())
                .mapToDouble(i -> standard.aupc(i) - subspaces.aupc(i))
                .toArray();
    }

    /**
     * The curves of several runs over the same samples, such as random subspaces of several seeds, averaged for each
     * sample. Both figures are linear in the curve.
     */
    public static FlippingScores average(List<FlippingScores> runs) {
        FlippingScores first = runs.get(0);
        float[][] mean = new float[first.count()][first.flips.length + 1];
        for (FlippingScores run : runs) {
            requireSame(first, run);
            for (int i = 0; i < mean.length; i++) {
                for (int t = 0; t < mean[i].length; t++) {
                    mean[i][t] += run.scores[i][t] / runs.size();
                }
            }
        }
        return new FlippingScores(first.flips, mean);
    }

    /** The samples of several results, one after another. */
    public static FlippingScores concatenated(List<FlippingScores> parts) {
        List<float[]> scores = new ArrayList<>();
        for (FlippingScores part : parts) {
            if (!Arrays.equals(part.flips, parts.get(0).flips)) {
                throw new IllegalArgumentException("flipping curves of different schedules cannot be put together");
            }
            scores.addAll(Arrays.asList(part.scores));
        }
        return new FlippingScores(parts.get(0).flips, scores.toArray(float[][]::new));
    }

    private static void requireSame(FlippingScores a, FlippingScores b) {
        if (a.count() != b.count() || !Arrays.equals(a.flips, b.flips)) {
            throw new IllegalArgumentException("flipping curves of " + a.count() + " and of " + b.count()
                    + " samples cannot be compared one by one: they must be of the same samples and schedule");
        }
    }
}
