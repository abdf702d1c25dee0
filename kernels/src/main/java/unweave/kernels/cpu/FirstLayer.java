package unweave.kernels.cpu;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/** The first layer of an audio network by the loops of {@link VectorFirstLayer}, tile by tile. */
final class FirstLayer {
  private final WorkerPool pool;
  private final TileScratch tileScratch;
  private final Scratch zeros = new Scratch();

  FirstLayer(WorkerPool pool, TileScratch tileScratch) {
    this.pool = pool;
    this.tileScratch = tileScratch;
  }

  /**
   * Whether a convolution has one input channel, 3 x 3 taps without stride or gaps, and output channels that fill vectors, and its output is pooled
   * by halves.
   */
  static boolean suits(ConvShape shape, PoolShape pooling) {
    return shape.inChannels() == 1 && shape.kernelHeight() == 3 && shape.kernelWidth() == 3 && shape.strideY() == 1 && shape.strideX() == 1
        && shape.dilationY() == 1 && shape.dilationX() == 1 && pooling.kernelHeight() == 2 && pooling.kernelWidth() == 2
        && PoolingKernels.windowsTouchWithoutOverlap(pooling) && VectorFirstLayer.fits(shape.outChannels());
  }

  /**
   * Convolution, ReLU and pooling.
   *
   * @param plan with tiles that begin at even rows of an image
   * @param bias outChannels values or null
   */
  void pooled(ConvPlan plan, PoolShape pooling, float[] x, float[] w, float[] bias, float[] y, int[] winners) {
    float[] present = orZeros(bias, plan.correlation.shape.outChannels());
    pool.run(plan.tiles.count, tile -> pooledTile(plan, tile, pooling, x, w, present, y, winners));
  }

  private void pooledTile(ConvPlan plan, int tile, PoolShape pooling, float[] x, float[] w, float[] bias, float[] y, int[] winners) {
    TableProduct product = plan.readTile(tile, x, 0, tileScratch);
    ConvTiles tiles = plan.tiles;
    int width = pooling.inWidth();
    int rows = tiles.pixels(tile) / width;
    for (int row = 0; row < rows; ) {
      int rowOfAll = tiles.firstRowOfAll(tile) + row;
      int rowOfImage = rowOfAll % pooling.inHeight();
      if (rowOfImage == pooling.inHeight() - 1) {
        row++; // the last of an odd number of rows: no window covers it
      } else {
        int windowRow = rowOfAll / pooling.inHeight() * pooling.outHeight() + rowOfImage / 2;
        VectorFirstLayer.row(product.a, product.aStart + tiles.pixelStart[row * width], tiles.rowFloats(), w, bias, pooling.channels(),
            pooling.outWidth(), rowOfImage * width, width, y, winners, windowRow * pooling.outWidth() * pooling.channels());
        row += 2;
      }
    }
  }

  private float[] orZeros(float[] bias, int channels) {
    return bias != null ? bias : zeros.atLeast(channels); // never written to
  }
}
