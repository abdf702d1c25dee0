package unweave.kernels.cpu;

import unweave.kernels.ConvShape;

/** What is worth keeping between calls for one shape and direction: tables and layout, no data. */
final class ConvPlan {
  final Correlation correlation;
  final ConvTiles tiles;
  final ConvWeights weights;

  private ConvPlan(Correlation correlation, int leastPixels, MicroKernel kernel) {
    this.correlation = correlation;
    tiles = new ConvTiles(correlation, leastPixels);
    weights = new ConvWeights(correlation, kernel.lanes());
  }

  static ConvPlan forward(ConvShape shape, MicroKernel kernel) {
    return new ConvPlan(Correlation.forward(shape, kernel.lanes()), ConvTiles.LEAST_PIXELS, kernel);
  }

  static ConvPlan weightGradient(ConvShape shape, MicroKernel kernel) {
    return new ConvPlan(Correlation.forward(shape, kernel.lanes()), ConvTiles.LEAST_GRADIENT_PIXELS, kernel);
  }

  static ConvPlan towardsInput(ConvShape shape, MicroKernel kernel) {
    return new ConvPlan(Correlation.towardsInput(shape, kernel.lanes()), ConvTiles.LEAST_PIXELS, kernel);
  }

  /** A product that reads tile {@code tile} of the input, which is copied to {@code scratch} where its zeros require it. */
  TableProduct readTile(MicroKernel kernel, int tile, float[] input, int inputStart, Scratch scratch) {
    TableProduct product = new TableProduct(kernel);
    if (tiles.direct) {
      product.a = input;
      product.aStart = inputStart + tiles.directStart(tile);
    } else {
      product.a = scratch.atLeast(tiles.loadedFloats());
      tiles.load(tile, input, inputStart, product.a);
    }
    return product;
  }
}
