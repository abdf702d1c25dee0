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
        int starts, int rows, int dimensions, int subspaces, float stepSize, Orthogonalization orthogonalization) {}
