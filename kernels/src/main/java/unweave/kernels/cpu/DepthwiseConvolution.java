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
    private static final int TASK_VALUES = 8 * 1024;
    /** Channels of a task of the weight gradient. */
    private static final int TASK_CHANNELS = 64;
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
                    s.outHeight(),
                    s.outWidth(),
                    s.inHeight(),
                    s.inWidth());
        }

        int rowValues() {
            return outWidth * shape.inChannels();
        }
    }

    /** What all rows of one call share. */
    private record Operands(Direction direction, float[] in, float[] w, float[] bias, float low, float high) {
        DepthwiseTaps taps() {
            ConvShape shape = direction.shape;
            DepthwiseTaps taps = new DepthwiseTaps(shape.kernelHeight() * shape.kernelWidth());
            taps.channels = shape.inChannels();
            taps.in = in;
            taps.w = w;
            taps.bias = bias;
            taps.low = low;
            taps.high = high;
            return taps;
        }
    }

    /**
     * Computes y, cut off below low and above high.
     *
     * @param bias a value for each channel, or null
     */
    void forward(ConvShape s, float[] x, float[] w, float[] bias, float low, float high, float[] y) {
        fill(new Operands(forwardPlan(s), x, w, bias == null ? zeros(s) : bias, low, high), y);
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
        handOut(new Operands(forwardPlan(s), x, w, bias == null ? zeros(s) : bias, low, high), rowMultiple, reader);
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, float[] dx) {
        fill(gradient(s, dy, w), dx);
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
        handOut(gradient(s, dy, w), 1, reader);
    }

    private Operands gradient(ConvShape s, float[] dy, float[] w) {
        Direction direction = plan(towardsInputPlans, s, false);
        return new Operands(direction, dy, w, zeros(s), Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
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

    private float[] zeros(ConvShape s) {
        if (zeros.length < s.inChannels()) {
            zeros = new float[s.inChannels()];
        }
        return zeros;
    }

    private void fill(Operands operands, float[] out) {
        Direction direction = operands.direction;
        int rowValues = direction.rowValues();
        int perTask = Math.max(1, TASK_VALUES / rowValues);
        int all = direction.shape.batch() * direction.outHeight;
        pool.run(ConvTiles.ceilDivide(all, perTask), task -> {
            DepthwiseTaps taps = operands.taps();
            for (int row = task * perTask; row < Math.min(all, (task + 1) * perTask); row++) {
                computeRow(direction, taps, row / direction.outHeight, row % direction.outHeight, out, row * rowValues);
            }
        });
    }

    private void handOut(Operands operands, int multiple, ConvolutionKernels.TileReader reader) {
        Direction direction = operands.direction;
        int rowValues = direction.rowValues();
        int perTask = ConvTiles.ceilDivide(Math.max(1, TASK_VALUES / rowValues), multiple) * multiple;
        int tiles = ConvTiles.ceilDivide(direction.outHeight, perTask);
        pool.run(direction.shape.batch() * tiles, task -> {
            DepthwiseTaps taps = operands.taps();
            int image = task / tiles;
            int first = task % tiles * perTask;
            int end = Math.min(direction.outHeight, first + perTask);
            float[] tile = tileScratch.atLeast((end - first) * rowValues);
            for (int row = first; row < end; row++) {
                computeRow(direction, taps, image, row, tile, (row - first) * rowValues);
            }
            int firstOfAll = image * direction.outHeight + first;
            reader.read(tile, firstOfAll * rowValues, firstOfAll, end - first);
        });
    }

    /** One row of an image; its values go to {@code out} from {@code to} on. */
    private void computeRow(Direction direction, DepthwiseTaps taps, int image, int row, float[] out, int to) {
        int channels = taps.channels;
        int kernelWidth = direction.shape.kernelWidth();
        DepthwiseAxis.Run rows = direction.rows.runOf(row);
        int below = (row - rows.first()) / rows.step() * rows.advance();
        for (DepthwiseAxis.Run columns : direction.columns.runs) {
            int count = 0;
            for (int i = 0; i < rows.taps().length; i++) {
                int inRow = image * direction.inHeight + rows.places()[i] + below;
                for (int j = 0; j < columns.taps().length; j++, count++) {
                    taps.place[count] = (inRow * direction.inWidth + columns.places()[j]) * channels;
                    taps.weight[count] = (rows.taps()[i] * kernelWidth + columns.taps()[j]) * channels;
                }
            }
            taps.taps = count;
            taps.inStep = columns.advance() * channels;
            taps.outStep = columns.step() * channels;
            loops.pixels(taps, columns.count(), out, to + columns.first() * channels);
        }
    }

    /**
     * The gradient towards the weights. Parts of the rows are summed by themselves, then one after the other.
     *
     * @param dbias outChannels values or null
     */
    void backwardWeights(ConvShape s, float[] x, float[] dy, float[] dw, float[] dbias) {
        int channels = s.inChannels();
        int kernel = s.kernelHeight() * s.kernelWidth();
        int allRows = s.batch() * s.outHeight();
        int rows = Math.max(
                ConvTiles.ceilDivide(allRows, PARTS),
                Math.min(allRows, ConvTiles.ceilDivide(TASK_PIXELS, s.outWidth())));
        int parts = ConvTiles.ceilDivide(allRows, rows);
        int blocks = ConvTiles.ceilDivide(channels, TASK_CHANNELS);
        int blockSize = loops.sumSize(TASK_CHANNELS);
        int taskSize = (kernel + (dbias == null ? 0 : 1)) * blockSize;
        float[] ones = dbias == null ? null : ones(channels);
        float[] sums = sumScratch.atLeast(parts * blocks * taskSize);
        pool.run(parts * blocks, task -> {
            int at = task * taskSize;
            int first = task % blocks * TASK_CHANNELS;
            int end = Math.min(channels, first + TASK_CHANNELS);
            Arrays.fill(sums, at, at + taskSize, 0f);
            for (int row = task / blocks * rows; row < Math.min(allRows, (task / blocks + 1) * rows); row++) {
                addRow(s, row, first, end, x, dy, sums, at, blockSize);
                if (ones != null) {
                    int y = row * s.outWidth() * channels;
                    loops.addProducts(
                            channels,
                            first,
                            end,
                            ones,
                            0,
                            0,
                            dy,
                            y,
                            channels,
                            s.outWidth(),
                            sums,
                            at + kernel * blockSize);
                }
            }
        });
        pool.run(blocks, block -> {
            int first = block * TASK_CHANNELS;
            int end = Math.min(channels, first + TASK_CHANNELS);
            for (int tap = 0; tap < kernel + (dbias == null ? 0 : 1); tap++) {
                float[] out = tap < kernel ? dw : dbias;
                int to = tap < kernel ? tap * channels : 0;
                Arrays.fill(out, to + first, to + end, 0f);
                for (int part = 0; part < parts; part++) {
                    int at = (part * blocks + block) * taskSize + tap * blockSize;
                    loops.addSums(channels, first, end, sums, at, out, to);
                }
            }
        });
    }

    private static float[] ones(int channels) {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1f);
        return ones;
    }

    /** Adds what one row of outputs, counted over all images, contributes to the sums of some channels. */
    private void addRow(
            ConvShape s, int row, int first, int end, float[] x, float[] dy, float[] sums, int at, int blockSize) {
        int channels = s.inChannels();
        int y = row * s.outWidth() * channels;
        for (int ky = 0; ky < s.kernelHeight(); ky++) {
            int inRow = row % s.outHeight() * s.strideY() + ky * s.dilationY() - s.padY();
            if (inRow < 0 || inRow >= s.inHeight()) {
                continue;
            }
            int xRow = (row / s.outHeight() * s.inHeight() + inRow) * s.inWidth();
            for (int kx = 0; kx < s.kernelWidth(); kx++) {
                int before = kx * s.dilationX() - s.padX();
                int from = Math.max(0, ConvTiles.ceilDivide(-before, s.strideX()));
                int to = Math.min(s.outWidth(), Math.floorDiv(s.inWidth() - 1 - before, s.strideX()) + 1);
                if (from < to) {
                    loops.addProducts(
                            channels,
                            first,
                            end,
                            x,
                            (xRow + from * s.strideX() + before) * channels,
                            s.strideX() * channels,
                            dy,
                            y + from * channels,
                            channels,
                            to - from,
                            sums,
                            at + (ky * s.kernelWidth() + kx) * blockSize);
                }
            }
        }
    }
}
