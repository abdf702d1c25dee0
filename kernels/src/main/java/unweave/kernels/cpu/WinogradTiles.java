package unweave.kernels.cpu;

import java.util.stream.IntStream;
import unweave.kernels.ConvShape;

/**
 * How {@link WinogradConvolution} divides the output of a {@link Correlation} into tiles of 2 x 2 pixels, and these
 * into blocks. Depends on the shape and the vector width alone.
 */
final class WinogradTiles {
    static final int POSITIONS = 16;
    /** Transformed input of a block, in floats: a part of a core's second-level cache, beside weights and products. */
    private static final int BLOCK_FLOATS = 96 * 1024;
    /** A block has at least so many tiles, since all weights are read for each. */
    private static final int LEAST_BLOCK = 48;
    /** With fewer, the products are too short: with 32 it takes 1.1 times as long as the direct way (JDK 17). */
    private static final int LEAST_CHANNELS = 64;
    /** Images of fewer tiles leave the weights, 16 for 9, too little use. */
    private static final int LEAST_TILES_OF_IMAGE = 12;

    private static final int PADDING = 16;

    final Correlation correlation;
    final int tilesPerRow;
    /** Rows of tiles of an image. */
    final int rowsOfImage;
    /** Tiles of all images. */
    final int count;
    /** Tiles of a block, any that follow one another. */
    final int perBlock;
    /** Rows of tiles of a block that is handed out, which begins at the wanted multiple. */
    final int rowsPerBlock;
    /** Where a tile's values are among those of a block, and where those of a channel are: for {@link TableProduct}. */
    final int[] rowStart;
    /** From one tile to the next: one cache line more than its channels, since caches dislike powers of two. */
    final int tileFloats;

    final int[] offset;
    /** Of every output channel, where a convolution has no bias. */
    final float[] noBias;

    private WinogradTiles(Correlation c, int rowMultiple) {
        correlation = c;
        tilesPerRow = ConvTiles.ceilDivide(c.outWidth, 2);
        rowsOfImage = ConvTiles.ceilDivide(c.outHeight, 2);
        tileFloats = c.inChannels + PADDING;
        count = c.shape.batch() * rowsOfImage * tilesPerRow;
        perBlock = Math.max(LEAST_BLOCK, BLOCK_FLOATS / (POSITIONS * c.inChannels));
        int multiple = rowMultiple % 2 == 0 ? rowMultiple / 2 : rowMultiple;
        int rows = ConvTiles.ceilDivide(perBlock, tilesPerRow * multiple) * multiple;
        rowsPerBlock = Math.min(rowsOfImage, rows);
        int most = Math.max(perBlock, rowsPerBlock * tilesPerRow);
        rowStart = IntStream.range(0, most).map(tile -> tile * tileFloats).toArray();
        offset = IntStream.range(0, c.inChannels).toArray();
        noBias = new float[c.outChannels];
    }

    /**
     * The tiles of a convolution of 3 x 3 taps without gaps; null for others, and where it would be slower than the
     * direct way. Which one it is does not depend on the batch.
     */
    static WinogradTiles of(Correlation c, int rowMultiple, int lanes) {
        ConvShape s = c.shape;
        boolean neighbours = s.kernelHeight() == 3
                && s.kernelWidth() == 3
                && s.strideY() == 1
                && s.strideX() == 1
                && s.dilationY() == 1
                && s.dilationX() == 1
                && c.padTop >= 0
                && c.padLeft >= 0;
        boolean lanesFilled = c.groups == 1
                && c.inChannels % lanes == 0
                && c.outChannels % lanes == 0
                && c.inChannels >= LEAST_CHANNELS
                && c.outChannels >= LEAST_CHANNELS;
        if (!neighbours || !lanesFilled) {
            return null;
        }
        WinogradTiles tiles = new WinogradTiles(c, rowMultiple);
        return tiles.rowsOfImage * tiles.tilesPerRow < LEAST_TILES_OF_IMAGE ? null : tiles;
    }

    int image(int tile) {
        return tile / (tilesPerRow * rowsOfImage);
    }

    /** The first output row of a tile in its image. */
    int row(int tile) {
        return 2 * (tile / tilesPerRow % rowsOfImage);
    }

    /** The first output column of a tile. */
    int column(int tile) {
        return 2 * (tile % tilesPerRow);
    }
}
