package unweave.drsa.evaluation;

import java.util.Arrays;
import java.util.List;
import unweave.drsa.BatchSize;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.LayerVectors;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.Counter;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.lrp.LayerwiseRelevance;

/**
 * The ceiling of object information: subspaces found with the labels. The relevance of a concept is R_k(x) = tr(U_k^T
 * S(x) U_k) with S(x) = sum over positions a c^T, so the effect of part o on concept k is
 *
 * <pre>
 * D[o,k] = tr(U_k^T M_o U_k),   M_o = 1/2 { [S(all) - S(all without o)] + [S(rest + o) - S(rest)] },
 * </pre>
 *
 * and the oracle maximises the effect of every part on its own concept, the sum over o of D[o,o], over orthogonal U. A
 * step that cannot lower it is U &lt;- polar factor of [N_1 U_1, ..., N_K U_K], with N_o = (M_o + M_o^T) / 2 + shift I
 * positive semidefinite: the sum is convex in U, and the polar factor maximises its linear bound. Score it on other
 * sounds than those it was found with.
 */
public final class Oracle {
    private static final int STEPS = 300;
    private static final int STARTS = 5;

    private final Model model;
    private final LayerwiseRelevance relevance;

    public Oracle(Model model, LayerwiseRelevance relevance) {
        this.model = model;
        this.relevance = relevance;
    }

    /**
     * Finds the subspaces. With more parts than concepts the parts with the largest effects get one; with fewer, some
     * concepts are left to chance.
     *
     * @param classIndex the class whose logit is explained
     * @param sounds with the same parts, in the same order
     * @param concepts K
     * @return concept k is that of part k, unless there are more parts than concepts
     */
    public Subspaces find(String layer, int classIndex, List<Mixture> sounds, int concepts, long seed) {
        int dimensions = model.description().outputShape(layer).vectorLength();
        SubspaceSettings settings = new SubspaceSettings(concepts, STEPS, STARTS, seed, 1f);
        settings.requireDivides(layer, dimensions);
        double[][] moments = moments(layer, classIndex, sounds, dimensions);
        double[][] own = new double[concepts][dimensions * dimensions];
        int[] largest = largest(moments, dimensions, concepts);
        for (int k = 0; k < largest.length; k++) {
            own[k] = symmetric(moments[largest[k]], dimensions);
        }
        float[] best = null;
        float[][] curves = new float[STARTS][STEPS + 1];
        int bestStart = 0;
        for (int start = 0; start < STARTS; start++) {
            float[] basis = ascend(own, dimensions, Counter.derive(seed, start), curves[start]);
            if (best == null || curves[start][STEPS] > curves[bestStart][STEPS]) {
                best = basis;
                bestStart = start;
            }
        }
        Provenance provenance = new Provenance(
                ModelFile.fingerprint(model),
                layer,
                classIndex,
                model.description().classNames().get(classIndex),
                sounds.size(),
                model.description().outputShape(layer).positions(),
                seed);
        double[] totals = new double[concepts];
        for (int k = 0; k < concepts; k++) {
            totals[k] = trace(own[k], best, dimensions, k * (dimensions / concepts), (k + 1) * (dimensions / concepts));
        }
        return new Subspaces(provenance, Method.ORACLE, settings, dimensions, best, curves, bestStart, totals);
    }

    /** M_o, parts x (D x D): means over the sounds. */
    private double[][] moments(String layer, int classIndex, List<Mixture> sounds, int dimensions) {
        double[][] moments = new double[sounds.get(0).parts()][dimensions * dimensions];
        for (Mixture sound : sounds) {
            double[][] ofInput = inputMoments(layer, classIndex, sound, dimensions);
            for (int o = 0; o < moments.length; o++) {
                for (int i = 0; i < moments[o].length; i++) {
                    int entry = i;
                    moments[o][i] += Mixture.effect(moments.length, o, input -> ofInput[input][entry]) / sounds.size();
                }
            }
        }
        return moments;
    }

    /** S(x) of all inputs of a mixture. */
    private double[][] inputMoments(String layer, int classIndex, Mixture sound, int dimensions) {
        float[] inputs = PartEffects.concatenated(sound);
        double[][] moments = new double[2 + 2 * sound.parts()][dimensions * dimensions];
        int batch = BatchSize.of(model, 1);
        for (int start = 0; start < moments.length; start += batch) {
            int size = Math.min(batch, moments.length - start);
            try (LayerVectors vectors = new LayerVectors(model, relevance, layer, classIndex, inputs, start, size);
                    Floats context = vectors.context()) {
                Backend backend = model.backend();
                float[] a = backend.toArray(vectors.activation().data());
                float[] c = backend.toArray(context);
                int values = a.length / size;
                for (int i = 0; i < a.length; i++) {
                    double activation = a[i];
                    double[] moment = moments[start + i / values];
                    int row = i % dimensions * dimensions;
                    int vector = i - i % dimensions;
                    for (int j = 0; j < dimensions && activation != 0; j++) {
                        moment[row + j] += activation * c[vector + j];
                    }
                }
            }
        }
        return moments;
    }

    /** The parts with the largest effects, at most {@code count}, in their own order. */
    private static int[] largest(double[][] moments, int dimensions, int count) {
        double[] effects = new double[moments.length];
        for (int o = 0; o < effects.length; o++) {
            for (int i = 0; i < dimensions; i++) {
                effects[o] += moments[o][i * dimensions + i];
            }
        }
        double[] sorted = effects.clone();
        Arrays.sort(sorted);
        double least = sorted[Math.max(0, sorted.length - count)];
        return java.util.stream.IntStream.range(0, effects.length)
                .filter(o -> effects[o] >= least)
                .limit(count)
                .toArray();
    }

    private static double[] symmetric(double[] matrix, int n) {
        double[] result = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                result[i * n + j] = (matrix[i * n + j] + matrix[j * n + i]) / 2;
            }
        }
        return result;
    }

    /** @param curve receives the sum before every step and after the last */
    private float[] ascend(double[][] own, int dimensions, long seed, float[] curve) {
        Backend backend = model.backend();
        int width = dimensions / own.length;
        double shift = shift(own);
        double[] start = HaarOrthogonal.sample(dimensions, seed);
        float[] u = new float[start.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) start[i];
        }
        float[] target = new float[u.length];
        try (Floats onDevice = backend.floats(u.length)) {
            for (int step = 0; step <= STEPS; step++) {
                double sum = 0;
                for (int i = 0; i < dimensions; i++) {
                    double[] matrix = own[i / width];
                    for (int row = 0; row < dimensions; row++) {
                        double product = 0;
                        for (int j = 0; j < dimensions; j++) {
                            product += matrix[row * dimensions + j] * u[j * dimensions + i];
                        }
                        sum += product * u[row * dimensions + i];
                        target[row * dimensions + i] = (float) (product / shift + u[row * dimensions + i]);
                    }
                }
                curve[step] = (float) sum;
                if (step < STEPS) {
                    backend.upload(target, 0, onDevice, 0, target.length);
                    backend.subspaces().orthogonalize(Orthogonalization.AUTO, 1, dimensions, onDevice);
                    u = backend.toArray(onDevice);
                }
            }
        }
        return u;
    }

    /** At least the size of the least eigenvalue of every matrix: the largest sum of a row. 1 if all are 0. */
    private static double shift(double[][] matrices) {
        double largest = 0;
        for (double[] matrix : matrices) {
            int n = (int) Math.round(Math.sqrt(matrix.length));
            for (int row = 0; row < n; row++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += Math.abs(matrix[row * n + j]);
                }
                largest = Math.max(largest, sum);
            }
        }
        return largest > 0 ? largest : 1;
    }

    /** tr(U_k^T M U_k) for the columns from {@code first} to {@code last}. */
    private static double trace(double[] matrix, float[] u, int n, int first, int last) {
        double trace = 0;
        for (int i = first; i < last; i++) {
            for (int row = 0; row < n; row++) {
                for (int j = 0; j < n; j++) {
                    trace += (double) u[row * n + i] * matrix[row * n + j] * u[j * n + i];
                }
            }
        }
        return trace;
    }
}
