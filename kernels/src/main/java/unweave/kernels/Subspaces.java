package unweave.kernels;

/**
 * Disentangled relevant subspace analysis (Chormai et al. 2024). U is a D x D orthogonal matrix, row-major, cut into K
 * blocks U_k of D/K columns, which project activations onto subspaces, h_k = U_k^T a (thesis Eq. 2.16); several starts
 * are processed as one batch, U then holds starts x D x D values.
 */
public interface Subspaces {
    /**
     * The objective and its gradient, for every start. A datum n is a window of consecutive rows; in the thesis it is
     * one row. With H = A U, G = C U, r[n,k] = sum over rows p of the window and columns i of block k: H[p,i] * G[p,i],
     * r+ = max(0, r) and m[k] = sqrt(mean_n r+[n,k]^2): J = (mean_k sqrt(m[k]))^2 (thesis 2.19), and
     *
     * <pre>
     * dJ/dU[:,i] = weight[k] * sum over n: r+[n,k] * sum over p: (A[p,:] G[p,i] + C[p,:] H[p,i]),   i in block k,
     * weight[k]  = (mean_k sqrt(m[k])) * m[k]^(-1/2) / (K * m[k] * N)                (0 where m[k] = 0).
     * </pre>
     *
     * @param rows the number of data vectors, N windows of them
     * @param window rows of a window; divides {@code rows}
     * @param a activations, N x D
     * @param c context vectors, N x D
     * @param u starts x D x D
     * @param gradient starts x D x D, overwritten
     * @param objective receives J of start s at [offset + s]
     */
    void subspaceGradient(
            int starts,
            int rows,
            int window,
            int dimensions,
            int subspaces,
            Floats a,
            Floats c,
            Floats u,
            Floats gradient,
            Floats objective,
            long offset);

    /** U &lt;- U (U^T U)^(-1/2) for every start (thesis 3.6 to 3.8), exact to the rounding of float32. */
    void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u);

    /**
     * Steps of gradient ascent on all starts (thesis 3.5 to 3.8), which a device may take without the host. For step 0
     * to {@code steps} - 1:
     *
     * <pre>
     * objective[offset + step * starts + s] = J of U_s,
     * U_s &lt;- U_s + stepSize * dJ/dU_s,   U_s &lt;- U_s (U_s^T U_s)^(-1/2).
     * </pre>
     *
     * @param a activations, N x D
     * @param c context vectors, N x D
     * @param u starts x D x D; replaced by the matrices after the last step
     * @param gradient starts x D x D, overwritten with the gradient of the last step
     */
    void ascend(Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset);

    /**
     * Two-step attribution (thesis 3.2.3): out[k,n,j] = a[n,j] * (U_k U_k^T c[n,:])_j, equal to two epsilon steps
     * around the virtual layer.
     *
     * @param rows N, all positions of all inputs
     * @param out subspaces x N x D
     */
    void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out);

    /**
     * Checks that windows make up all rows.
     *
     * @throws IllegalArgumentException if not
     */
    static void requireWindows(int rows, int window) {
        if (window < 1 || rows % window != 0) {
            throw new IllegalArgumentException(rows + " rows are not windows of " + window);
        }
    }
}
