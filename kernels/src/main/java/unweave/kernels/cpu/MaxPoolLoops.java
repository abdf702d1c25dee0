package unweave.kernels.cpu;

import unweave.kernels.PoolShape;

/** One row of windows of a max pooling layer, scalar or SIMD; {@link unweave.kernels.Pooling} has the formulas. */
interface MaxPoolLoops {
  /** Whether these loops can do this shape. */
  boolean supports(PoolShape shape);

  /** y and winners of the windows of output row {@code row} of image {@code image}. */
  void forwardRow(PoolShape shape, int image, int row, float[] x, float[] y, int[] winners);

  /**
   * dx of all cells that the windows of one output row cover, for windows that neither overlap nor leave gaps nor reach into padding.
   *
   * @param winnersImage the image whose winners count
   */
  void backwardRow(PoolShape shape, int image, int row, float[] dy, int[] winners, int winnersImage, float[] dx);
}
