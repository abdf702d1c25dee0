package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The gradient of a convolution with respect to its weights and bias:
 *
 * <pre>dw[t,i,o] = sum over images n and pixels p: x[n, p * stride + t - pad, i] * dy[n,p,o].</pre>
 *
 * <p>For one tile of pixels this is a {@link TableProduct} whose rows are taps and channels and whose k runs over pixels. Tiles are summed
 * within a chunk, then chunks in their order. Chunks depend on the shape alone, and short sums of sums also keep the float32 error small.
 */
final class ConvWeightGradient {
  /** Partial gradients, of all chunks together, may have this many floats. */
  private static final int PARTIAL_FLOATS = 4 << 20;
  private static final int MOST_CHUNKS = 16;

  private final WorkerPool pool;
  private final MicroKernel kernel;
  private final Scratch tileScratch = new Scratch();
  private final Scratch gradientScratch = new Scratch();
  private final Scratch partialScratch = new Scratch();

  ConvWeightGradient(WorkerPool pool, MicroKernel kernel) {
    this.pool = pool;
    this.kernel = kernel;
  }

  /**
   * @param plan the forward plan of the layer
   * @param dbias outChannels values or null
   */
  void compute(ConvPlan plan, float[] x, int xStart, float[] dy, int dyStart, float[] dw, int dwStart, float[] dbias) {
    Correlation correlation = plan.correlation;
    int size = correlation.depth() * correlation.outChannels;
    int partialSize = size + correlation.outChannels;
    int most = Math.max(1, Math.min(MOST_CHUNKS, PARTIAL_FLOATS / partialSize));
    int tilesPerChunk = ConvTiles.ceilDivide(plan.tiles.count, Math.min(most, Math.min(plan.tiles.count, plan.tiles.wantedTasks)));
    int chunks = ConvTiles.ceilDivide(plan.tiles.count, tilesPerChunk);
    int rowBlocks = ConvTiles.ceilDivide(correlation.depth(), kernel.narrowRows());
    int parts = Math.min(rowBlocks, ConvTiles.ceilDivide(Math.min(MOST_CHUNKS, plan.tiles.wantedTasks), chunks));
    int partRows = ConvTiles.ceilDivide(rowBlocks, parts) * kernel.narrowRows();
    float[] partials = partialScratch.atLeast(chunks * partialSize);
    pool.run(chunks * parts, task -> {
      int chunk = task / parts;
      int firstRow = task % parts * partRows;
      int rows = Math.min(partRows, correlation.depth() - firstRow);
      int lastTile = Math.min((chunk + 1) * tilesPerChunk, plan.tiles.count);
      for (int tile = chunk * tilesPerChunk; tile < lastTile; tile++) {
        boolean first = tile == chunk * tilesPerChunk;
        if (rows > 0) {
          multiplyTile(plan, tile, x, xStart, dy, dyStart, firstRow, rows, !first, partials,
              chunk * partialSize);
        }
        if (dbias != null && firstRow == 0) {
          sumTile(plan, tile, dy, dyStart, first, partials, chunk * partialSize + size);
        }
      }
    });
    reduce(plan, partials, chunks, partialSize, dw, dwStart, dbias);
  }

  private void multiplyTile(ConvPlan plan, int tile, float[] x, int xStart, float[] dy, int dyStart, int firstRow, int rows,
      boolean add, float[] partials, int partialStart) {
    Correlation correlation = plan.correlation;
    TableProduct product = plan.readTile(kernel, tile, x, xStart, tileScratch);
    int tileStart = product.aStart;
    int columns = correlation.groupOutChannels();
    int panelColumns = plan.weights.panelStride();
    product.rowStart = plan.tiles.tapOffset;
    product.firstRow = firstRow;
    product.offset = plan.tiles.pixelStart;
    product.depth = plan.tiles.pixels(tile);
    for (int group = 0; group < correlation.groups; group++) {
      product.aStart = tileStart + group * correlation.groupInChannels();
      for (int panel = 0; panel < plan.weights.panels; panel++) {
        int width = plan.weights.panelWidth(panel);
        int dyAt = dyStart + plan.tiles.firstPixel(tile) * correlation.outChannels + group * columns + panel * panelColumns;
        setRightFactor(product, dy, dyAt, correlation.outChannels, width, panelColumns);
        int target = partialStart + (group * correlation.depth() + firstRow) * columns + panel * panelColumns;
        product.multiplyPanel(rows, width, add, partials, target, columns);
      }
    }
  }

  /** Reads columns of dy where they are if they fill whole vectors, and otherwise copies them and fills up with zeros. */
  private void setRightFactor(TableProduct product, float[] dy, int start, int stride, int width, int panelColumns) {
    if (width % kernel.lanes() == 0) {
      product.b = dy;
      product.bStart = start;
      product.bStride = stride;
      return;
    }
    float[] padded = gradientScratch.atLeast(product.depth * panelColumns);
    for (int p = 0; p < product.depth; p++) {
      System.arraycopy(dy, start + p * stride, padded, p * panelColumns, width);
      Arrays.fill(padded, p * panelColumns + width, (p + 1) * panelColumns, 0f);
    }
    product.b = padded;
    product.bStart = 0;
    product.bStride = panelColumns;
  }

  private static void sumTile(ConvPlan plan, int tile, float[] dy, int dyStart, boolean first, float[] sums, int sumStart) {
    int channels = plan.correlation.outChannels;
    if (first) {
      Arrays.fill(sums, sumStart, sumStart + channels, 0f);
    }
    int from = dyStart + plan.tiles.firstPixel(tile) * channels;
    for (int p = 0; p < plan.tiles.pixels(tile); p++) {
      for (int j = 0; j < channels; j++) {
        sums[sumStart + j] += dy[from + p * channels + j];
      }
    }
  }

  private void reduce(ConvPlan plan, float[] partials, int chunks, int partialSize, float[] dw, int dwStart, float[] dbias) {
    Correlation correlation = plan.correlation;
    int kernelWidth = correlation.shape.kernelWidth();
    int taps = correlation.shape.kernelHeight() * kernelWidth;
    pool.run(taps, tap -> plan.weights.reduceTap(partials, chunks, partialSize, tap / kernelWidth, tap % kernelWidth, dw, dwStart));
    if (dbias != null) {
      Arrays.fill(dbias, 0f);
      int channels = correlation.shape.outChannels();
      for (int chunk = 0; chunk < chunks; chunk++) {
        int sums = (chunk + 1) * partialSize - correlation.outChannels;
        for (int j = 0; j < correlation.outChannels; j++) {
          dbias[j % channels] += partials[sums + j];
        }
      }
    }
  }
}
