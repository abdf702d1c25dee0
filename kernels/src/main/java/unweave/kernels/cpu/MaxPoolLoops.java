package unweave.kernels.cpu;

import unweave.kernels.PoolShape;

/**
 * The windows of one output row of a max pooling layer, scalar or SIMD; {@link unweave.kernels.Pooling} has the
 * formulas.
 */
interface MaxPoolLoops {
    /** Whether these loops support this shape. */
    boolean supports(PoolShape shape);

    /**
     * y and winners of the windows from {@code firstColumn} on of output row {@code row} of image {@code image}.
     *
     * @param x holds input value i at [i - xStart]
     * @param winners null where they are not needed
     */
    void forward(PoolShape shape, int image, int row, int firstColumn, float[] x, int xStart, float[] y, int[] winners);

    /**
     * The value of each window's winner, for the windows of one row as in {@link #backward}: out[i] = z[winner of
     * window i] with i counted from the first window of the row.
     *
     * @param winnersImage the image whose winners count
     * @param z holds value i of an image of the input's size at [i - zStart]
     */
    void pick(
            PoolShape shape,
            int winnersImage,
            int row,
            int firstColumn,
            int[] winners,
            float[] z,
            int zStart,
            float[] out);

    /**
     * dx of all cells that these windows cover, for windows that neither overlap nor leave gaps nor reach into padding.
     *
     * @param dy holds the gradient of output value i at [i - dyStart]
     * @param winnersImage the image whose winners count
     * @param dx receives the gradient of input value i at [i - dxStart]
     */
    void backward(
            PoolShape shape,
            int image,
            int row,
            int firstColumn,
            float[] dy,
            int dyStart,
            int[] winners,
            int winnersImage,
            float[] dx,
            int dxStart);
}
