package unweave.kernels;

/**
 * One value at a time. Outputs may be the same memory as an input. Where noted, a shorter operand repeats: element i
 * uses x[i mod x.size()], and the sizes must divide.
 */
public interface Elementwise {
    /** y[i] = max(0, x[i]) (thesis Eq. 2.3); NaN stays NaN. */
    void relu(Floats x, Floats y);

    /** dx[i] = y[i] &gt; 0 ? dy[i] : 0, where y is the output (or the input) of the ReLU. */
    void reluBackward(Floats y, Floats dy, Floats dx);

    /** c[i] = a[i] + b[i]; b repeats. */
    void add(Floats a, Floats b, Floats c);

    /** y[i] += alpha * x[i]; x repeats. */
    void addScaled(float alpha, Floats x, Floats y);

    /** c[i] = a[i] * b[i]; b repeats. */
    void multiply(Floats a, Floats b, Floats c);

    /** y[i] = alpha * x[i]. */
    void scale(float alpha, Floats x, Floats y);

    /**
     * Inverted dropout: y[i] = x[i] / (1 - p) where {@link Counter#uniform}(s, i) &gt;= p, else 0, with s =
     * {@link Counter#derive}(seed, stream). The same call on the gradient is its backward pass, since the mask depends
     * on s and i alone.
     *
     * @param seed as {@link Counter#values}; in memory, since it changes from step to step of a {@link Recording}
     * @param stream the layer's number
     */
    void dropout(float p, Ints seed, int stream, Floats x, Floats y);

    /** y[r, :] = x[rows[r], :] for rows of {@code width} values. */
    void gatherRows(int width, Floats x, Ints rows, Floats y);

    /**
     * y[r, yColumn + c] = x[r, xColumn + c] for c &lt; columns, of matrices whose rows hold xWidth and yWidth values;
     * the rest of y stays as it is. Joins images along channels and takes them apart.
     *
     * @throws IllegalArgumentException unless the columns lie within both rows and both matrices have equally many rows
     */
    void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn);

    /** sums[r] = sum over c: x[r,c] for rows of {@code width} values, accumulated in float64. */
    void sumRows(int width, Floats x, Floats sums);
}
