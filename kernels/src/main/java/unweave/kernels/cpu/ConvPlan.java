package unweave.kernels.cpu;

import unweave.kernels.ConvShape;

/** The tables and the layout for one shape and direction, kept between calls. Holds no data. */
final class ConvPlan {
    final Correlation correlation;
    final ConvTiles tiles;
    final ConvWeights weights;
    /** Null unless {@link WinogradConvolution} computes it. */
    final WinogradTiles winograd;

    private ConvPlan(Correlation correlation, int leastPixels, int rowMultiple, MicroKernel kernel, boolean winograd) {
        this.correlation = correlation;
        this.winograd = winograd ? WinogradTiles.of(correlation, rowMultiple, kernel.lanes()) : null;
        tiles = new ConvTiles(correlation, leastPixels, rowMultiple);
        weights = new ConvWeights(correlation, kernel.lanes());
    }

    /**
     * @param rowMultiple tiles begin at multiples of so many output rows of an image
     * @param winograd whether {@link WinogradConvolution} may compute it
     */
    static ConvPlan forward(ConvShape shape, int rowMultiple, MicroKernel kernel, boolean winograd) {
        Correlation correlation = Correlation.forward(shape, kernel.lanes());
        return new ConvPlan(correlation, ConvTiles.LEAST_PIXELS, rowMultiple, kernel, winograd);
    }

    /** @param rowMultiple tiles begin at multiples of so many output rows of an image */
    static ConvPlan weightGradient(ConvShape shape, int rowMultiple, MicroKernel kernel) {
        Correlation correlation = Correlation.forward(shape, kernel.lanes());
        return new ConvPlan(correlation, ConvTiles.LEAST_GRADIENT_PIXELS, rowMultiple, kernel, false);
    }

    /** @param winograd whether {@link WinogradConvolution} may compute it */
    static ConvPlan towardsInput(ConvShape shape, MicroKernel kernel, boolean winograd) {
        Correlation correlation = Correlation.towardsInput(shape, kernel.lanes());
        return new ConvPlan(correlation, ConvTiles.LEAST_PIXELS, 1, kernel, winograd);
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
