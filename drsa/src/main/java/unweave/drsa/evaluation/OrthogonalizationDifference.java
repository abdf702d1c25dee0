package unweave.drsa.evaluation;

import unweave.drsa.ContextData;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.SubspaceSettings;
import unweave.kernels.Backend;
import unweave.kernels.Counter;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.reference.ReferenceSubspaces;

/**
 * How far the orthogonalisation that a backend computes is from the thesis' (3.6 to 3.8), after the first step of a
 * search from its first start: with X = U + stepSize * dJ/dU,
 *
 * <pre>
 * difference = max |backend(X) - X V diag(values^(-1/2)) V^T|,   X^T X = V diag(values) V^T in float64.
 * </pre>
 *
 * @param orthogonalization the way that was taken, never {@link Orthogonalization#AUTO}
 * @param dimensions D
 * @param largestDifference the largest absolute difference of an entry, which is at most 1 in size; rounding the exact
 *     matrix to float32 alone makes up to 3e-8
 * @param largestDeviation the largest entry of |U^T U - I| of what the backend computed
 */
public record OrthogonalizationDifference(
        Orthogonalization orthogonalization, int dimensions, double largestDifference, double largestDeviation) {

    /**
     * Takes the step and measures. The decomposition in float64 takes a fraction of a second up to D = 128 and grows
     * with D^3.
     *
     * @param settings K, the seed of the start, the step size and the way
     * @throws unweave.kernels.BadInputException if K does not divide D
     */
    public static OrthogonalizationDifference measure(Backend backend, SubspaceSettings settings, ContextData data) {
        int d = data.dimensions();
        settings.requireDivides(data.provenance().layer(), d);
        double[] start = HaarOrthogonal.sample(d, Counter.derive(settings.seed(), 0));
        float[] rounded = new float[start.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) start[i];
        }
        Orthogonalization way = settings.orthogonalization() == Orthogonalization.AUTO
                ? backend.fastestOrthogonalization()
                : settings.orthogonalization();
        try (Floats u = backend.floats(rounded)) {
            step(backend, settings, data, u);
            float[] before = backend.toArray(u);
            backend.subspaces().orthogonalize(way, 1, d, u);
            return between(way, d, before, backend.toArray(u));
        }
    }

    private static void step(Backend backend, SubspaceSettings settings, ContextData data, Floats u) {
        try (Floats a = backend.floats(data.activations());
                Floats c = backend.floats(data.contexts());
                Floats gradient = backend.floats(u.size());
                Floats objective = backend.floats(1)) {
            backend.subspaces()
                    .subspaceGradient(
                            1,
                            data.rows(),
                            data.window(),
                            data.dimensions(),
                            settings.subspaces(),
                            a,
                            c,
                            u,
                            gradient,
                            objective,
                            0);
            backend.elementwise().addScaled(settings.stepSize(), gradient, u);
        }
    }

    private static OrthogonalizationDifference between(Orthogonalization way, int d, float[] before, float[] after) {
        double[] exact = new double[before.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = before[i];
        }
        ReferenceSubspaces.orthogonalize(d, exact);
        double difference = 0;
        for (int i = 0; i < exact.length; i++) {
            difference = Math.max(difference, Math.abs(after[i] - exact[i]));
        }
        double deviation = 0;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double product = 0;
                for (int row = 0; row < d; row++) {
                    product += (double) after[row * d + i] * after[row * d + j];
                }
                deviation = Math.max(deviation, Math.abs(product - (i == j ? 1 : 0)));
            }
        }
        return new OrthogonalizationDifference(way, d, difference, deviation);
    }
}
