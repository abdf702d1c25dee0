package unweave.kernels.cpu;

import unweave.kernels.ConvShape;

/** The tables and the layout for one shape and direction, kept between calls. Holds no data. */
final class ConvPlan {
    final Correlation correlation;
    final ConvTiles tiles;
    final ConvWeights weights;

    private ConvPlan(Correlation correlation, int leastPixels, int rowMultiple, MicroKernel kernel) {
        this.correlation = correlation;
        tiles = new ConvTiles(correlation, leastPixels, rowMultiple);
        weights = new ConvWeights(correlation, kernel.lanes());
    }

    static ConvPlan forward(ConvShape shape, MicroKernel kernel) {
        return forward(shape, 1, kernel);
    }

    /** @param rowMultiple tiles begin at multiples of so many output rows of an image */
    static ConvPlan forward(ConvShape shape, int rowMultiple, MicroKernel kernel) {
        return new ConvPlan(Correlation.forward(shape, kernel.lanes()), ConvTiles.LEAST_PIXELS, rowMultiple, kernel);
    }

    /** @param rowMultiple tiles begin at multiples of so many output rows of an image */
    static ConvPlan weightGradient(ConvShape shape, int rowMultiple, MicroKernel kernel) {
        return new ConvPlan(
                Correlation.forward(shape, kernel.lanes()), ConvTiles.LEAST_GRADIENT_PIXELS, rowMultiple, kernel);
    }

    static ConvPlan towardsInput(ConvShape shape, MicroKernel kernel) {
        return new ConvPlan(Correlation.towardsInput(shape, kernel.lanes()), ConvTiles.LEAST_PIXELS, 1, kernel);
    }

    /**
     * A product that reads tile {@code tile} of the input, which is copied to {@code scratch} where its zeros require
     * it.
     */
    TableProduct readTile(int tile, float[] input, int inputStart, TileScratch scratch) {
        TableProduct product = scratch.product();
        product.wholeWork = correlation.flops() / 2;
        if (tiles.direct) {
            product.a = input;
            product.aStart = inputStart + tiles.directStart(tile);
        } else {
            product.a = scratch.input(tiles.loadedFloats());
            tiles.load(tile, input, inputStart, product.a);
        }
        return product;
    }
}
