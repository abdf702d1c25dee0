package unweave.kernels;

/**
 * The problem that {@link Subspaces#ascend} climbs on.
 *
 * @param starts matrices U that are improved side by side
 * @param rows the number of data vectors
 * @param window rows that make one datum; divides {@code rows}. 1 in the thesis
 * @param dimensions D
 * @param subspaces K, divides D
 * @param stepSize factor on the gradient
 * @param orthogonalization how U is made orthogonal after every step
 */
public record Ascent(
        int starts,
        int rows,
        int window,
        int dimensions,
        int subspaces,
        float stepSize,
        Orthogonalization orthogonalization) {

    /** Every row is a datum. */
    public Ascent(
            int starts, int rows, int dimensions, int subspaces, float stepSize, Orthogonalization orthogonalization) {
        this(starts, rows, 1, dimensions, subspaces, stepSize, orthogonalization);
    }

    /** What {@link Subspaces#ascend} computes, step by step: its definition in terms of the other operations. */
    public void inSteps(
            Backend backend, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
        for (int step = 0; step < steps; step++) {
            long at = offset + (long) step * starts;
            backend.subspaces()
                    .subspaceGradient(starts, rows, window, dimensions, subspaces, a, c, u, gradient, objective, at);
            backend.elementwise().addScaled(stepSize, gradient, u);
            backend.subspaces().orthogonalize(orthogonalization, starts, dimensions, u);
        }
    }
}
