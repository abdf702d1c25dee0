package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * The partition of a {@link Correlation}'s output into tiles, each some whole images or some rows of one, and the
 * tables by which a {@link TableProduct} finds the input of a tile. Depends on the shape and the vector width alone.
 */
final class ConvTiles {
    /**
     * The input of a tile, in floats: a small part of a core's second-level cache, which also holds weights and output.
     */
    private static final int TILE_FLOATS = 32 * 1024;
    /**
     * Output pixels of a tile at most: the weight gradient reads so many rows of dy again for every block of weights.
     */
    private static final int TILE_PIXELS = 1024;
    /** Work is split into up to so many tiles, so that threads share it, even if larger tiles would fit. */
    private static final int WANTED_TASKS = 32;
    /** A tile has at least this much work, which takes some microseconds. */
    private static final double LEAST_FLOPS = 400_000;
    /** The cost of fetching a weight, in operations. It matters where few pixels share a weight. */
    private static final double FLOPS_PER_WEIGHT = 4;
    /** A tile has at least so many pixels, which fill the blocks of a micro-kernel. */
    static final int LEAST_PIXELS = 24;
    /** For weight gradients k runs over the pixels of a tile, and a block should have so many steps. */
    static final int LEAST_GRADIENT_PIXELS = 256;

    final Correlation correlation;
    /** Whether tiles are read where they are in the input; otherwise {@link #load} copies them. */
    final boolean direct;

    final int count;
    /** The number of tasks that the work should be divided into, as far as its size allows. */
    final int wantedTasks;
    /** For pixel p of a tile, where its first tap's first channel is. */
    final int[] pixelStart;
    /** For tap and channel of a group, the distance from there. */
    final int[] tapOffset;
    /** Runs of so many neighbours from 0 on make up {@link #pixelStart}. */
    final int pixelRun;
    /** Runs of so many neighbours from 0 on make up {@link #tapOffset}. */
    final int tapRun;

    private final int leastPixels;
    private final int rowMultiple;
    private final int images;
    private final int rows;
    private final int tilesPerImage;
    private final int columns;

    /**
     * @param leastPixels pixels that a tile should have at least
     * @param rowMultiple tiles of a part of an image begin at multiples of so many rows
     */
    ConvTiles(Correlation correlation, int leastPixels, int rowMultiple) {
        this.correlation = correlation;
        this.leastPixels = leastPixels;
        this.rowMultiple = rowMultiple;
        direct = correlation.readsInputDirectly();
        columns = correlation.paddedColumns();
        int batch = correlation.shape.batch();
        wantedTasks = (int) Math.max(1, Math.min(WANTED_TASKS, work(correlation) / LEAST_FLOPS));
        images = imagesPerTile(batch);
        rows = images > 1 ? correlation.outHeight : rowsPerTile(Math.max(1, wantedTasks / batch));
        tilesPerImage = ceilDivide(correlation.outHeight, rows);
        count = images > 1 ? ceilDivide(batch, images) : batch * tilesPerImage;
        pixelStart = pixelTable();
        tapOffset = tapTable();
        pixelRun = run(pixelStart);
        tapRun = run(tapOffset);
    }

    private static double work(Correlation correlation) {
        return correlation.flops() + FLOPS_PER_WEIGHT * correlation.depth() * correlation.outChannels;
    }

    /** How many times {@code inputRows} padded rows of input and {@code pixels} pixels of output fit into a tile. */
    private int fitting(int inputRows, int pixels) {
        long floats = (long) inputRows * columns * correlation.inChannels;
        return (int) Math.min(TILE_FLOATS / floats, TILE_PIXELS / pixels);
    }

    private int imagesPerTile(int batch) {
        int fit = fitting(correlation.paddedRows(correlation.outHeight), correlation.outPixels());
        int least = ceilDivide(leastPixels, correlation.outPixels());
        return Math.max(1, Math.min(Math.min(fit, batch), Math.max(least, batch / wantedTasks)));
    }

    private int rowsPerTile(int wantedPerImage) {
        int fit = correlation.outHeight;
        while (fit > 1 && fitting(correlation.paddedRows(fit), fit * correlation.outWidth) == 0) {
            fit--;
        }
        int most = ceilDivide(correlation.outHeight, ceilDivide(leastPixels, correlation.outWidth));
        int tiles = Math.max(ceilDivide(correlation.outHeight, fit), Math.min(wantedPerImage, most));
        return ceilDivide(ceilDivide(correlation.outHeight, tiles), rowMultiple) * rowMultiple;
    }

    private int[] pixelTable() {
        int rowFloats = rowFloats();
        int imageFloats = (direct ? correlation.inHeight : correlation.paddedRows(rows)) * rowFloats;
        int[] table = new int[images * rows * correlation.outWidth];
        int p = 0;
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < correlation.outWidth; x++) {
                    table[p++] = image * imageFloats
                            + y * correlation.strideY * rowFloats
                            + x * correlation.strideX * correlation.inChannels;
                }
            }
        }
        return table;
    }

    private int[] tapTable() {
        int rowFloats = rowFloats();
        int[] table = new int[correlation.depth()];
        int k = 0;
        for (int y : correlation.tapY) {
            for (int x : correlation.tapX) {
                for (int i = 0; i < correlation.groupInChannels(); i++) {
                    table[k++] = y * rowFloats + x * correlation.inChannels + i;
                }
            }
        }
        return table;
    }

    /** The largest length of runs that make up a table, so that within each of them values grow by one. */
    private static int run(int[] table) {
        int run = table.length;
        for (int i = 1; i < table.length; i++) {
            if (table[i] != table[i - 1] + 1) {
                run = greatestCommonDivisor(run, i);
            }
        }
        return run;
    }

    /** Output pixels of a tile. */
    int pixels(int tile) {
        return images > 1
                ? Math.min(images, correlation.shape.batch() - tile * images) * correlation.outPixels()
                : Math.min(rows, correlation.outHeight - firstRow(tile)) * correlation.outWidth;
    }

    /** The first output row of a tile, counted over all images. */
    int firstRowOfAll(int tile) {
        return firstImage(tile) * correlation.outHeight + firstRow(tile);
    }

    /** The first output pixel of a tile, counted over all images. */
    int firstPixel(int tile) {
        return firstRowOfAll(tile) * correlation.outWidth;
    }

    /** Floats from one row of a tile's input to the next. */
    int rowFloats() {
        return (direct ? correlation.inWidth : columns) * correlation.inChannels;
    }

    /** Floats that {@link #load} writes at most. */
    int loadedFloats() {
        return images * correlation.paddedRows(rows) * columns * correlation.inChannels;
    }

    /** Where the tile's first value is in an input that begins at 0, if {@link #direct}. */
    int directStart(int tile) {
        return (firstImage(tile) * correlation.inHeight + firstRow(tile) * correlation.strideY)
                * correlation.inWidth
                * correlation.inChannels;
    }

    /** Copies the input of a tile with its zeros to the start of {@code target}. */
    void load(int tile, float[] input, int inputStart, float[] target) {
        int lastImage = Math.min(firstImage(tile) + images, correlation.shape.batch());
        int rowFloats = columns * correlation.inChannels;
        int imageFloats = correlation.inHeight * correlation.inWidth * correlation.inChannels;
        int to = 0;
        for (int image = firstImage(tile); image < lastImage; image++) {
            int above = firstRow(tile) * correlation.strideY - correlation.padTop;
            for (int row = 0; row < correlation.paddedRows(rows); row++, to += rowFloats) {
                int y = above + row;
                if (y < 0 || y % correlation.spreadY != 0 || y / correlation.spreadY >= correlation.inHeight) {
                    Arrays.fill(target, to, to + rowFloats, 0f);
                } else {
                    int from = inputStart
                            + image * imageFloats
                            + y / correlation.spreadY * correlation.inWidth * correlation.inChannels;
                    loadRow(input, from, target, to);
                }
            }
        }
    }

    private void loadRow(float[] input, int from, float[] target, int to) {
        int channels = correlation.inChannels;
        if (correlation.spreadX > 1) {
            loadSpreadRow(input, from, target, to);
            return;
        }
        int before = Math.max(0, Math.min(columns, correlation.padLeft));
        int skipped = Math.max(0, -correlation.padLeft);
        int copied = Math.max(0, Math.min(columns - before, correlation.inWidth - skipped));
        Arrays.fill(target, to, to + before * channels, 0f);
        System.arraycopy(input, from + skipped * channels, target, to + before * channels, copied * channels);
        Arrays.fill(target, to + (before + copied) * channels, to + columns * channels, 0f);
    }

    private void loadSpreadRow(float[] input, int from, float[] target, int to) {
        int channels = correlation.inChannels;
        Arrays.fill(target, to, to + columns * channels, 0f);
        for (int i = 0; i < correlation.inWidth; i++) {
            int x = i * correlation.spreadX + correlation.padLeft;
            if (x >= 0 && x < columns) {
                System.arraycopy(input, from + i * channels, target, to + x * channels, channels);
            }
        }
    }

    private int firstImage(int tile) {
        return images > 1 ? tile * images : tile / tilesPerImage;
    }

    private int firstRow(int tile) {
        return images > 1 ? 0 : tile % tilesPerImage * rows;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    static int ceilDivide(int a, int b) {
        return (a + b - 1) / b;
    }
}
