package unweave.kernels;

/**
 * The operations of attention in which activations meet activations (Vaswani et al. 2017): the softmax of rows and
 * products of matrices that are all activations. No output may share memory with an input.
 */
public interface Attention {
    /**
     * y[r,c] = exp(x[r,c]) / sum over k: exp(x[r,k]) for rows of {@code width} values, stable for large x: the largest
     * value of a row is taken out first. The sum runs in float64.
     */
    void softmax(int width, Floats x, Floats y);

    /**
     * The backward pass of {@link #softmax}: dx[r,c] = y[r,c] (dy[r,c] - sum over k: y[r,k] dy[r,k]), the sum in
     * float64. y, the output of the softmax, repeats: row r of dy meets row r mod (rows of y).
     */
    void softmaxBackward(int width, Floats y, Floats dy, Floats dx);

    /**
     * C_i[m,n] = sum over k: op(A_i)[m,k] op(B_i)[k,n] for all matrices that c holds, one behind the other and
     * row-major; op transposes where asked (A is then stored k x m, B n x k). Where a or b holds fewer matrices than c,
     * these repeat: the i-th product takes number i mod (matrices of a).
     *
     * @throws IllegalArgumentException unless the numbers of matrices of a and of b divide that of c
     */
    void matmul(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c);

    /**
     * The number of matrices of {@code size} values in an operand of a product of {@code products} matrices.
     *
     * @throws IllegalArgumentException if there is no whole number of them, or it does not divide {@code products}
     */
    static int matrices(Floats operand, long size, int products) {
        long count = operand.size() / size;
        if (count == 0 || operand.size() % size != 0 || products % count != 0) {
            throw new IllegalArgumentException(operand.size() + " values are no matrices of " + size
                    + " values that repeat in " + products + " products");
        }
        return (int) count;
    }
}
