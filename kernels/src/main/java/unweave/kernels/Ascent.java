package unweave.kernels;

/**
 * The problem that {@link Subspaces#ascend} climbs on.
 *
 * @param starts matrices U that are improved side by side
 * @param rows N, the number of data vectors
 * @param dimensions D
 * @param subspaces K, divides D
 * @param stepSize factor on the gradient
 * @param orthogonalization how U is made orthogonal after every step
 */
public record Ascent(
        int starts, int rows, int dimensions, int subspaces, float stepSize, Orthogonalization orthogonalization) {

    /** What {@link Subspaces#ascend} computes, step by step: its definition in terms of the other operations. */
    public void inSteps(
            Backend backend, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        for (int step = 0; step < steps; step++) {
            long at = offset + (long) step * starts;
            backend.subspaces().subspaceGradient(starts, rows, dimensions, subspaces, a, c, u, gradient, objective, at);
            backend.elementwise().addScaled(stepSize, gradient, u);
            backend.subspaces().orthogonalize(orthogonalization, starts, dimensions, u);
        }
    }
}
