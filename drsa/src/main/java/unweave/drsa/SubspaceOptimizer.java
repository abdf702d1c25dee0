package unweave.drsa;

import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Counter;

/**
 * Finds the orthogonal matrix U that maximises the DRSA objective (thesis 2.19):
 *
 * <pre>
 * R[n,k] = sum over p in window n: (U_k^T a_p)^T (U_k^T c_p),
 * J = M^0.5 over k of M^2 over n of max(0, R[n,k]),   M^p(x) = (mean x^p)^(1/p).
 * </pre>
 *
 * In the thesis a window is one position. Over several neighbouring positions a subspace answers to what belongs
 * together there, as the parts of one sound do.
 *
 * <p>The mean with p = 2 favours subspaces whose relevance is concentrated on few data, the one with p = 0.5 favours
 * several subspaces that all carry some. The problem is not convex: {@link SubspaceAscent} climbs from several
 * Haar-random starts, and the best final J wins.
 */
public final class SubspaceOptimizer {
    private final Backend backend;
    private final SubspaceSettings settings;

    /** An optimiser that computes on {@code backend}. */
    public SubspaceOptimizer(Backend backend, SubspaceSettings settings) {
        this.backend = backend;
        this.settings = settings;
    }

    /**
     * Finds the subspaces of one class at one layer. For {@link Method#DSA} the activations take the place of the
     * contexts in the objective; for {@link Method#RANDOM} the first start is returned as it is; the other methods
     * without optimisation use a {@link ClosedFormBasis}. The relevance totals are those of the true contexts in all
     * cases.
     *
     * @throws IllegalArgumentException if the number of subspaces does not divide the number of channels
     * @throws BadInputException if the objective stops being a finite number
     */
    public Subspaces optimize(Method method, ContextData data, SubspaceProgress progress) {
        Provenance provenance = data.provenance();
        int dimensions = data.dimensions();
        settings.requireDivides(provenance.layer(), dimensions);
        SubspaceSettings effective =
                method.isOptimized() ? settings : settings.withSteps(0).withStarts(1);
        float[] contexts = method == Method.DSA ? data.activations() : data.contexts();
        float[] starts = method.isRandom() ? randomStarts(effective, dimensions) : ClosedFormBasis.of(method, data);
        try (SubspaceAscent ascent = new SubspaceAscent(
                backend, effective, data.window(), dimensions, data.activations(), contexts, starts)) {
            ascent.run(progress);
            float[][] curves = ascent.curves();
            int best = indexOfLargestEnd(curves);
            return new Subspaces(provenance, method, effective, dimensions, ascent.basis(best), curves, best)
                    .inDisplayOrder(data);
        } catch (BadInputException e) {
            throw new BadInputException(
                    "class " + provenance.className() + ", layer " + provenance.layer() + ": " + e.getMessage());
        }
    }

    private static float[] randomStarts(SubspaceSettings settings, int dimensions) {
        float[] values = new float[settings.starts() * dimensions * dimensions];
        for (int start = 0; start < settings.starts(); start++) {
            double[] matrix = HaarOrthogonal.sample(dimensions, Counter.derive(settings.seed(), start));
            for (int i = 0; i < matrix.length; i++) {
                values[start * matrix.length + i] = (float) matrix[i];
            }
        }
        return values;
    }

    private static int indexOfLargestEnd(float[][] curves) {
        int best = 0;
        int end = curves[0].length - 1;
        for (int start = 1; start < curves.length; start++) {
            if (curves[start][end] > curves[best][end]) {
                best = start;
            }
        }
        return best;
    }
}
