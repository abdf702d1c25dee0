package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import unweave.kernels.ConvShape;

/**
 * Depth-wise convolutions with one filter for each channel:
 *
 * <pre>
 * y[n,p,c]  = f(bias[c] + sum over taps t: x[n, p * stride + t * dilation - pad, c] * w[t,c])
 * dx[n,q,c] = sum over t and p with p * stride + t * dilation - pad = q: dy[n,p,c] * w[t,c]
 * dw[t,c]   = sum over n, p: x[n, p * stride + t * dilation - pad, c] * dy[n,p,c]
 * </pre>
 *
 * As products of matrices these have one column each, and all lanes but one idle. Here lanes run along the channels,
 * and sums stay in registers over all taps, or for dw over a row of pixels ({@link DepthwiseLoops}). Nothing is copied:
 * pixels at the border meet fewer taps. Tasks are rows of outputs, or for dw some rows and some channels.
 */
final class DepthwiseConvolution {
    /** Values of the output of a task, about ten microseconds of work. */
    private static final int TASK_VALUES = 16 * 1024;
    /** Channels of a block; the last has up to twice as many. The weights of a block stay in the first-level cache. */
    private static final int BLOCK_CHANNELS = 128;
    /** Outputs of one channel that a task of the weight gradient sums, at least if there are so many. */
    private static final int TASK_PIXELS = 256;
    /** The weight gradient is summed in at most so many parts. */
    private static final int PARTS = 16;
    /** Plans kept; programs here use some tens. */
    private static final int PLANS = 500;

    private final WorkerPool pool;
    private final DepthwiseLoops loops;
    private final Map<ConvShape, Direction> forwardPlans = new HashMap<>();
    private final Map<ConvShape, Direction> towardsInputPlans = new HashMap<>();
    private final Scratch tileScratch = new Scratch();
    private final Scratch sumScratch = new Scratch();
    private float[] zeros = new float[0];

    DepthwiseConvolution(WorkerPool pool, boolean vectors) {
        this.pool = pool;
        loops = DepthwiseLoops.choose(vectors);
    }

    /** Whether every channel is a group of its own with one filter. */
    static boolean suits(ConvShape s) {
        return s.groups() > 1 && s.groups() == s.inChannels() && s.groups() == s.outChannels();
    }

    /**
     * Which taps meet which pixels, and the sizes of the images that are read and written.
     *
     * @param rows of outputs
     * @param columns of outputs
     */
    private record Direction(
            ConvShape shape,
            DepthwiseAxis rows,
            DepthwiseAxis columns,
            int inHeight,
            int inWidth,
            int outHeight,
            int outWidth) {
        static Direction forward(ConvShape s) {
            return new Direction(
                    s,
                    DepthwiseAxis.forward(
                            s.outHeight(), s.inHeight(), s.kernelHeight(), s.strideY(), s.dilationY(), s.padY()),
                    DepthwiseAxis.forward(
                            s.outWidth(), s.inWidth(), s.kernelWidth(), s.strideX(), s.dilationX(), s.padX()),
                    s.inHeight(),
                    s.inWidth(),
                    s.outHeight(),
                    s.outWidth());
        }

        static Direction towardsInput(ConvShape s) {
            return new Direction(
                    s,
                    DepthwiseAxis.towardsInput(
                            s.outHeight(), s.inHeight(), s.kernelHeight(), s.strideY(), s.dilationY(), s.padY()),
                    DepthwiseAxis.towardsInput(
                            s.outWidth(), s.inWidth(), s.kernelWidth(), s.strideX(), s.dilationX(), s.padX()),
                    /* inHeight= */ s.outHeight(),
                    /* inWidth= */ s.outWidth(),
                    /* outHeight= */ s.inHeight(),
                    /* outWidth= */ s.inWidth());
        }

        /** Whether the taps of a run are such as {@link DepthwiseRows} takes. */
        boolean hasThree(DepthwiseAxis.Run run) {
            return shape.kernelHeight() == 3
                    && shape.kernelWidth() == 3
                    && shape.dilationX() == 1
                    && run.taps().length >= 2
                    && run.step() == 1
                    && run.advance() <= 2;
        }

        /** Blocks of channels. */
        int blocks() {
            return Math.max(1, shape.inChannels() / BLOCK_CHANNELS);
        }

        int firstChannel(int block) {
            return block * BLOCK_CHANNELS;
        }

        int endChannel(int block) {
            return block == blocks() - 1 ? shape.inChannels() : (block + 1) * BLOCK_CHANNELS;
        }

        int rowValues() {
            return outWidth * shape.inChannels();
        }
    }

    /**
     * What all rows of one call share.
     *
     * @param zeros a row of the input, of zeros
     */
    private record Operands(
            Direction direction, float[] in, float[] w, float[] bias, float low, float high, float[] zeros) {
        /** @param most how many taps a pixel meets at most */
        DepthwiseTaps taps(int most, int block) {
            DepthwiseTaps taps = new DepthwiseTaps(most);
            taps.first = direction.firstChannel(block);
            taps.end = direction.endChannel(block);
            taps.in = in;
            taps.w = w;
            taps.bias = bias;
            taps.low = low;
            taps.high = high;
            return taps;
        }
    }

    private Operands operands(Direction direction, float[] in, float[] w, float[] bias, float low, float high) {
        int rowValues = direction.inWidth * direction.shape.inChannels();
        if (zeros.length < rowValues) {
            zeros = new float[rowValues];
        }
        return new Operands(direction, in, w, bias == null ? zeros : bias, low, high, zeros);
    }

    /** Without bias and limits. */
    private Operands operands(Direction direction, float[] in, float[] w) {
        return operands(direction, in, w, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    /**
     * Computes y, cut off below low and above high.
     *
     * @param bias a value for each channel, or null
     */
    void forward(ConvShape s, float[] x, float[] w, float[] bias, float low, float high, float[] y) {
        fill(operands(forwardPlan(s), x, w, bias, low, high), y);
    }

    /** As {@link #forward}, handed out in tiles that begin at multiples of {@code rowMultiple} rows of an image. */
    void forward(
            ConvShape s,
            int rowMultiple,
            float[] x,
            float[] w,
            float[] bias,
            float low,
            float high,
            ConvolutionKernels.TileReader reader) {
        handOut(operands(forwardPlan(s), x, w, bias, low, high), rowMultiple, reader);
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, float[] dx) {
        fill(gradient(s, dy, w), dx);
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
        handOut(gradient(s, dy, w), 1, reader);
    }

    private Operands gradient(ConvShape s, float[] dy, float[] w) {
        Direction direction = plan(towardsInputPlans, s, false);
        return operands(direction, dy, w);
    }

    private Direction forwardPlan(ConvShape s) {
        return plan(forwardPlans, s, true);
    }

    private static Direction plan(Map<ConvShape, Direction> plans, ConvShape s, boolean forward) {
        if (plans.size() >= PLANS) {
            plans.clear();
        }
        return plans.computeIfAbsent(s, shape -> forward ? Direction.forward(shape) : Direction.towardsInput(shape));
    }

    private void fill(Operands operands, float[] out) {
        Direction direction = operands.direction;
        int rowValues = direction.rowValues();
        int perTask = Math.max(1, TASK_VALUES / rowValues);
        int all = direction.shape.batch() * direction.outHeight;
        pool.run(ConvTiles.ceilDivide(all, perTask), task -> {
            int first = task * perTask;
            computeRows(operands, first, Math.min(all, first + perTask), out, first * rowValues);
        });
    }

    private void handOut(Operands operands, int multiple, ConvolutionKernels.TileReader reader) {
        Direction direction = operands.direction;
        int rowValues = direction.rowValues();
        int perTask = ConvTiles.ceilDivide(Math.max(1, TASK_VALUES / rowValues), multiple) * multiple;
        int tiles = ConvTiles.ceilDivide(direction.outHeight, perTask);
        pool.run(direction.shape.batch() * tiles, task -> {
            int image = task / tiles;
            int first = task % tiles * perTask;
            int end = Math.min(direction.outHeight, first + perTask);
            float[] tile = tileScratch.atLeast((end - first) * rowValues);
            int firstOfAll = image * direction.outHeight + first;
            computeRows(operands, firstOfAll, firstOfAll + end - first, tile, 0);
            reader.read(tile, firstOfAll * rowValues, firstOfAll, end - first);
        });
    }

    /** Some rows, counted over all images, block by block; their values go to {@code out} from {@code to} on. */
    private void computeRows(Operands operands, int firstRow, int endRow, float[] out, int to) {
        Direction direction = operands.direction;
        for (int block = 0; block < direction.blocks(); block++) {
            for (int row = firstRow; row < endRow; row++) {
                computeRow(operands, row, block, out, to + (row - firstRow) * direction.rowValues());
            }
        }
    }

    private void computeRow(Operands operands, int rowOfAll, int block, float[] out, int to) {
        Direction direction = operands.direction;
        int channels = direction.shape.inChannels();
        int row = rowOfAll % direction.outHeight;
        DepthwiseAxis.Run rows = direction.rows.runOf(row);
        int below = rowOfAll / direction.outHeight * direction.inHeight
                + (row - rows.first()) / rows.step() * rows.advance();
        for (DepthwiseAxis.Run columns : direction.columns.runs) {
            int start = to + columns.first() * channels;
            if (direction.hasThree(columns) && loops.hasRows(channels)) {
                loops.rows(threeRows(operands, rows, below, columns, block), columns.count(), out, start);
            } else {
                loops.pixels(taps(operands, rows, below, columns, block), columns.count(), out, start);
            }
        }
    }

    private static DepthwiseTaps taps(
            Operands operands, DepthwiseAxis.Run rows, int below, DepthwiseAxis.Run columns, int block) {
        Direction direction = operands.direction;
        int channels = direction.shape.inChannels();
        DepthwiseTaps taps = operands.taps(rows.taps().length * columns.taps().length, block);
        taps.inStep = columns.advance() * channels;
        taps.outStep = columns.step() * channels;
        for (int i = 0; i < rows.taps().length; i++) {
            int inRow = (below + rows.places()[i]) * direction.inWidth;
            for (int j = 0; j < columns.taps().length; j++) {
                taps.add(
                        (inRow + columns.places()[j]) * channels,
                        (rows.taps()[i] * direction.shape.kernelWidth() + columns.taps()[j]) * channels);
            }
        }
        return taps;
    }

    private static DepthwiseRows threeRows(
            Operands operands, DepthwiseAxis.Run rows, int below, DepthwiseAxis.Run columns, int block) {
        Direction direction = operands.direction;
        int channels = direction.shape.inChannels();
        int last = columns.taps().length - 1;
        boolean ascending = columns.places()[0] < columns.places()[last];
        int left = columns.places()[ascending ? 0 : last];
        DepthwiseRows three = new DepthwiseRows();
        three.channels = channels;
        three.first = direction.firstChannel(block);
        three.end = direction.endChannel(block);
        three.stride = columns.advance();
        three.w = operands.w;
        three.columns = columns.taps().length;
        three.weight = columns.taps()[ascending ? 0 : last] * channels;
        three.weightRow = 3 * channels;
        three.weightColumn = ascending ? channels : -channels;
        three.bias = operands.bias;
        three.low = operands.low;
        three.high = operands.high;
        for (int tap = 0; tap < 3; tap++) {
            three.row(tap, operands.zeros, left * channels);
        }
        for (int i = 0; i < rows.taps().length; i++) {
            int inRow = (below + rows.places()[i]) * direction.inWidth;
            three.row(rows.taps()[i], operands.in, (inRow + left) * channels);
        }
        return three;
    }

    /**
     * The gradient towards the weights. Parts of the outputs are summed by themselves, then one after the other.
     *
     * @param dbias outChannels values or null
     */
    void backwardWeights(ConvShape s, float[] x, float[] dy, float[] dw, float[] dbias) {
        Direction direction = plan(forwardPlans, s, true);
        int channels = s.inChannels();
        int taps = s.kernelHeight() * s.kernelWidth();
        int allRows = s.batch() * s.outHeight();
        int rows = Math.max(
                ConvTiles.ceilDivide(allRows, PARTS),
                Math.min(allRows, ConvTiles.ceilDivide(TASK_PIXELS, s.outWidth())));
        int parts = ConvTiles.ceilDivide(allRows, rows);
        int blocks = direction.blocks();
        int partSize = (taps + 1) * channels;
        float[] sums = sumScratch.atLeast(parts * partSize);
        Operands operands = operands(direction, x, dy);
        float[] ones = dbias == null ? null : ones(channels);
        pool.run(parts * blocks, task -> {
            int part = task / blocks;
            int first = part * rows;
            sumPart(operands, ones, first, Math.min(allRows, first + rows), task % blocks, sums, part * partSize);
        });
        pool.run(taps + (dbias == null ? 0 : 1), tap -> {
            float[] out = tap < taps ? dw : dbias;
            int to = tap < taps ? tap * channels : 0;
            System.arraycopy(sums, tap * channels, out, to, channels);
            for (int part = 1; part < parts; part++) {
                addChannels(0, channels, sums, part * partSize + tap * channels, out, to);
            }
        });
    }

    private static float[] ones(int channels) {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1f);
        return ones;
    }

    /**
     * Sums what some rows of outputs, counted over all images, contribute to dw and dbias of a block of channels. The
     * sums of a convolution run over taps for each pixel, these over pixels for each tap; the loop is the same.
     *
     * @param ones for dbias, which is the weight gradient of an input that is 1 everywhere; null if it is not wanted
     * @param sums receives dw at [at], and dbias behind it
     */
    private void sumPart(Operands operands, float[] ones, int firstRow, int endRow, int block, float[] sums, int at) {
        ConvShape s = operands.direction.shape;
        int channels = s.inChannels();
        DepthwiseTaps pixels = operands.taps((endRow - firstRow) * s.outWidth(), block);
        pixels.inStep = s.dilationX() * channels;
        pixels.outStep = channels;
        float[] ofRun = tileScratch.atLeast(s.kernelWidth() * channels);
        for (int ky = 0; ky < s.kernelHeight(); ky++) {
            int to = at + ky * s.kernelWidth() * channels;
            for (int kx = 0; kx < s.kernelWidth(); kx++) {
                Arrays.fill(sums, to + kx * channels + pixels.first, to + kx * channels + pixels.end, 0f);
            }
            for (DepthwiseAxis.Run columns : operands.direction.columns.runs) {
                if (columns.taps().length > 0) {
                    addPixels(s, ky, columns, firstRow, endRow, pixels);
                    loops.pixels(pixels, columns.taps().length, ofRun, 0);
                    for (int i = 0; i < columns.taps().length; i++) {
                        int tap = to + columns.taps()[i] * channels;
                        addChannels(pixels.first, pixels.end, ofRun, i * channels, sums, tap);
                    }
                }
            }
        }
        if (ones != null) {
            pixels.in = ones;
            pixels.taps = 0;
            for (int p = firstRow * s.outWidth(); p < endRow * s.outWidth(); p++) {
                pixels.add(0, p * channels);
            }
            loops.pixels(pixels, 1, sums, at + s.kernelHeight() * s.kernelWidth() * channels);
        }
    }

    /** The pixels of some columns that meet a row of the kernel, with the input at the first tap. */
    private static void addPixels(
            ConvShape s, int ky, DepthwiseAxis.Run columns, int firstRow, int endRow, DepthwiseTaps pixels) {
        pixels.taps = 0;
        for (int row = firstRow; row < endRow; row++) {
            int inRow = row % s.outHeight() * s.strideY() + ky * s.dilationY() - s.padY();
            if (inRow >= 0 && inRow < s.inHeight()) {
                int x = (row / s.outHeight() * s.inHeight() + inRow) * s.inWidth() + columns.places()[0];
                int y = row * s.outWidth() + columns.first();
                for (int p = 0; p < columns.count(); p++) {
                    pixels.add((x + p * columns.advance()) * s.inChannels(), (y + p) * s.inChannels());
                }
            }
        }
    }

    private static void addChannels(int first, int end, float[] from, int at, float[] to, int start) {
        for (int c = first; c < end; c++) {
            to[start + c] += from[at + c];
        }
    }
}
