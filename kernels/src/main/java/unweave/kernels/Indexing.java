package unweave.kernels;

/**
 * Rows picked by their number, in every input of a batch the same ones: permutations, padding, slices and copies. A row
 * has {@code width} values; x holds batch x sources x width values, y batch x index.size() x width.
 */
public interface Indexing {
    /**
     * y[n, i, :] = x[n, index[i], :] where index[i] is at least 0, else {@code fill}.
     *
     * @param index numbers of rows of one input of x, below {@code sources}; a negative one stands for the fill value
     * @param sources rows of one input of x
     * @throws IllegalArgumentException unless x and y hold whole batches of the same size
     */
    void gather(int width, int sources, Floats x, Ints index, float fill, Floats y);

    /**
     * The backward pass of {@link #gather}: dx[n, j, :] = sum over k: dy[n, places[k], :], for k from starts[j] to
     * starts[j + 1] - 1, in this order. A row that was not picked gets zeros.
     *
     * @param starts one value for each row of one input of dx, and the size of {@code places}
     * @param places the rows of y that show row 0 of x, then those that show row 1, and so on
     * @param outputs rows of one input of dy
     * @throws IllegalArgumentException unless dy and dx hold whole batches of the same size
     */
    void gatherBackward(int width, int outputs, Floats dy, Ints starts, Ints places, Floats dx);

    /**
     * The size of the batch in an operand of {@code rows} rows an input and in another of {@code otherRows}.
     *
     * @throws IllegalArgumentException unless both hold whole inputs, equally many
     */
    static int batch(long size, int rows, long otherSize, int otherRows, int width) {
        long input = (long) rows * width;
        long otherInput = (long) otherRows * width;
        if (input < 1
                || otherInput < 1
                || size % input != 0
                || otherSize % otherInput != 0
                || size / input != otherSize / otherInput) {
            throw new IllegalArgumentException(size + " and " + otherSize + " values are no equal numbers of inputs of "
                    + rows + " and " + otherRows + " rows of " + width);
        }
        return Math.toIntExact(size / input);
    }
}
