package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * Some rows of windows, counted over all images, on which a thread works: the input that they see, padded with zeros,
 * one block of channels after the other, and lists of windows. A list has the windows of one output channel whose value
 * is not zero, and for each its address: where in the input of a block the 3 x 3 inputs of its winner begin.
 *
 * <pre>
 * input rows of an image    0  1  2  3  4  5  6  7
 * row of windows 0 sees     *  *  *  *
 * row of windows 1 sees           *  *  *  *
 * row of windows 2 sees                 *  *  *  *
 * </pre>
 *
 * Neighbouring rows of windows share two rows of input, which are stored once.
 */
final class WinnerStrip {
    /** Rows of input that a row of windows sees, and how many of them the next row of windows sees as well. */
    private static final int SEEN = 4;

    private static final int SHARED = 2;

    private WinnerLayout layout;
    private float[] input = {};
    private int[] tops = {};
    private int[] windows = {};
    private int[] addresses = {};
    private float[] values = {};
    private int[] ends = {};
    private int blockValues;
    private int firstRow;
    private int endRow;

    /** The input of all blocks. Addresses count from the {@linkplain #start start} of a block. */
    float[] input() {
        return input;
    }

    int start(int block) {
        return block * blockValues;
    }

    /** Distance from one row of a block to the next. */
    int pitch() {
        return layout.paddedWidth() * layout.blockChannels();
    }

    int[] addresses() {
        return addresses;
    }

    /** The listed windows, counted from the first of this strip. */
    int[] windows() {
        return windows;
    }

    /** The listed windows' values. */
    float[] values() {
        return values;
    }

    /** Working memory for the ends of the lists. */
    int[] ends() {
        return ends;
    }

    int firstRow() {
        return firstRow;
    }

    int endRow() {
        return endRow;
    }

    /** Windows of one channel. */
    int size() {
        return (endRow - firstRow) * layout.pool().outWidth();
    }

    /**
     * Reads the input of the rows {@code first} to {@code end - 1}.
     *
     * @param lists the number of lists of all windows that memory is kept for
     */
    void load(WinnerLayout layout, float[] x, int first, int end, int lists) {
        this.layout = layout;
        firstRow = first;
        endRow = end;
        reserve(lists);
        int rows = 0;
        for (int row = first; row < end; row++) {
            int rowOfImage = row % layout.pool().outHeight();
            boolean shares = row > first && rowOfImage > 0;
            tops[row - first] = shares ? rows - SHARED : rows;
            for (int r = shares ? SHARED : 0; r < SEEN; r++) {
                loadRow(
                        x,
                        row / layout.pool().outHeight(),
                        2 * rowOfImage - layout.shape().padY() + r,
                        rows * pitch());
                rows++;
            }
        }
        if (layout.narrow()) {
            Arrays.fill(
                    input, rows * pitch(), rows * pitch() + layout.lanes(), 0f); // its vectors read a column too many
        }
    }

    private void reserve(int lists) {
        int rows = endRow - firstRow;
        blockValues = SEEN * rows * pitch();
        int values = layout.blocks() * blockValues + layout.lanes();
        input = input.length < values ? new float[values] : input;
        tops = tops.length < rows ? new int[rows] : tops;
        if (addresses.length < lists * size()) {
            windows = new int[lists * size()];
            addresses = new int[lists * size()];
            this.values = new float[lists * size()];
        }
        ends = ends.length < lists ? new int[lists] : ends;
    }

    private void loadRow(float[] x, int image, int row, int to) {
        ConvShape shape = layout.shape();
        int left = shape.padX() * layout.blockChannels();
        int right = shape.padRight() * layout.blockChannels();
        int width = shape.inWidth();
        for (int block = 0; block < layout.blocks(); block++) {
            int at = start(block) + to;
            if (row < 0 || row >= shape.inHeight()) {
                Arrays.fill(input, at, at + pitch(), 0f);
                continue;
            }
            Arrays.fill(input, at, at + left, 0f);
            Arrays.fill(input, at + pitch() - right, at + pitch(), 0f);
            int from = (image * shape.inHeight() + row) * width * shape.inChannels() + block * layout.blockChannels();
            if (layout.blocks() == 1) {
                System.arraycopy(x, from, input, at + left, width * shape.inChannels());
            } else {
                VectorWinnerLoops.copyBlock(x, from, shape.inChannels(), width, input, at + left);
            }
        }
    }

    /** The address that cell 0 of the image would have for the upper winners of a row of windows. */
    int cellZero(int row) {
        return tops[row - firstRow] * pitch() - layout.firstCell(row) * layout.blockChannels();
    }

    /** Added to the address of a winner in the lower row of a window, since rows here are longer than in the image. */
    int lowerShift() {
        return pitch() - layout.pool().inWidth() * layout.blockChannels();
    }

    /**
     * Lists the windows of an output channel whose value is not zero.
     *
     * @param of one value for each window and channel of this strip, from {@code ofStart} on
     * @param winners of all images
     * @param from where the list begins
     * @return where it ends
     */
    int list(int outChannel, float[] of, int ofStart, int[] winners, int from) {
        PoolShape pool = layout.pool();
        int channels = pool.channels();
        int step = layout.blockChannels();
        int at = from;
        int window = 0;
        int lowerShift = lowerShift();
        for (int row = firstRow; row < endRow; row++) {
            int cellZero = cellZero(row);
            int firstLower = layout.firstCell(row) + pool.inWidth();
            int winnersFrom = row * layout.windowRow() + outChannel;
            for (int column = 0; column < pool.outWidth(); column++, window++) {
                float value = of[ofStart + window * channels + outChannel];
                int winner = winners[winnersFrom + column * channels];
                addresses[at] = cellZero + winner * step + (((firstLower - 1 - winner) >> 31) & lowerShift);
                windows[at] = window;
                values[at] = value;
                int magnitude = Float.floatToRawIntBits(value) << 1;
                at += (magnitude | -magnitude) >>> 31; // 1 unless the value is 0: no branch that would go either way
            }
        }
        return at;
    }
}
