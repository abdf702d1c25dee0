package unweave.kernels.cpu;

import java.util.Arrays;
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
 * As products of matrices these have one column each, and all lanes but one idle. Here lanes run along the channels.
 * Tasks are rows of outputs, or for dw rows of taps and some channels. With it off, 3 x 3 filters of 144 channels take
 * 6 times as long, and their weight gradient 20 times (JDK 17, Emerald Rapids).
 */
final class DepthwiseConvolution {
    /** Values of the output of a task, about ten microseconds of work. */
    private static final int TASK_VALUES = 8 * 1024;
    /** Channels of a task of the weight gradient. */
    private static final int TASK_CHANNELS = 64;

    private final WorkerPool pool;
    private final ElementLoops elements;
    private final Scratch tileScratch = new Scratch();
    private final Scratch sumScratch = new Scratch();

    DepthwiseConvolution(WorkerPool pool, ElementLoops elements) {
        this.pool = pool;
        this.elements = elements;
    }

    /** Whether every channel is a group of its own with one filter. */
    static boolean suits(ConvShape s) {
        return s.groups() > 1 && s.groups() == s.inChannels() && s.groups() == s.outChannels();
    }

    /** Computes one row of an image; its values go to {@code out} from {@code to} on. */
    private interface Row {
        void compute(int image, int row, float[] out, int to);
    }

    /** @param bias a value for each channel, or null */
    void forward(ConvShape s, float[] x, float[] w, float[] bias, boolean relu, float[] y) {
        fill(s.batch(), s.outHeight(), s.outWidth() * s.outChannels(), y, (image, row, out, to) -> {
            forwardRow(s, image, row, x, w, bias, relu, out, to);
        });
    }

    /** As {@link #forward}, handed out in tiles that begin at multiples of {@code rowMultiple} rows of an image. */
    void forward(
            ConvShape s,
            int rowMultiple,
            float[] x,
            float[] w,
            float[] bias,
            boolean relu,
            ConvolutionKernels.TileReader reader) {
        handOut(
                s.batch(),
                s.outHeight(),
                s.outWidth() * s.outChannels(),
                rowMultiple,
                reader,
                (image, row, out, to) -> {
                    forwardRow(s, image, row, x, w, bias, relu, out, to);
                });
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, float[] dx) {
        fill(s.batch(), s.inHeight(), s.inWidth() * s.inChannels(), dx, (image, row, out, to) -> {
            inputRow(s, image, row, dy, w, out, to);
        });
    }

    void backwardInput(ConvShape s, float[] dy, float[] w, ConvolutionKernels.TileReader reader) {
        handOut(s.batch(), s.inHeight(), s.inWidth() * s.inChannels(), 1, reader, (image, row, out, to) -> {
            inputRow(s, image, row, dy, w, out, to);
        });
    }

    private void fill(int images, int rows, int rowValues, float[] out, Row work) {
        int perTask = Math.max(1, TASK_VALUES / rowValues);
        int all = images * rows;
        pool.run(ConvTiles.ceilDivide(all, perTask), task -> {
            for (int row = task * perTask; row < Math.min(all, (task + 1) * perTask); row++) {
                work.compute(row / rows, row % rows, out, row * rowValues);
            }
        });
    }

    private void handOut(
            int images, int rows, int rowValues, int multiple, ConvolutionKernels.TileReader reader, Row work) {
        int perTask = ConvTiles.ceilDivide(Math.max(1, TASK_VALUES / rowValues), multiple) * multiple;
        int tiles = ConvTiles.ceilDivide(rows, perTask);
        pool.run(images * tiles, task -> {
            int image = task / tiles;
            int first = task % tiles * perTask;
            int end = Math.min(rows, first + perTask);
            float[] tile = tileScratch.atLeast((end - first) * rowValues);
            for (int row = first; row < end; row++) {
                work.compute(image, row, tile, (row - first) * rowValues);
            }
            int firstOfAll = image * rows + first;
            reader.read(tile, firstOfAll * rowValues, firstOfAll, end - first);
        });
    }

    private void forwardRow(
            ConvShape s, int image, int row, float[] x, float[] w, float[] bias, boolean relu, float[] y, int to) {
        int channels = s.inChannels();
        for (int column = 0; column < s.outWidth(); column++) {
            int out = to + column * channels;
            if (bias == null) {
                Arrays.fill(y, out, out + channels, 0f);
            } else {
                System.arraycopy(bias, 0, y, out, channels);
            }
            for (int ty = 0; ty < s.kernelHeight(); ty++) {
                int iy = row * s.strideY() + ty * s.dilationY() - s.padY();
                for (int tx = 0; iy >= 0 && iy < s.inHeight() && tx < s.kernelWidth(); tx++) {
                    int ix = column * s.strideX() + tx * s.dilationX() - s.padX();
                    if (ix >= 0 && ix < s.inWidth()) {
                        int in = ((image * s.inHeight() + iy) * s.inWidth() + ix) * channels;
                        int tap = (ty * s.kernelWidth() + tx) * channels;
                        elements.addProduct(1f, x, w, y, out, out + channels, in - out, tap - out);
                    }
                }
            }
            for (int c = out; relu && c < out + channels; c++) {
                y[c] = Math.max(0f, y[c]);
            }
        }
    }

    private void inputRow(ConvShape s, int image, int row, float[] dy, float[] w, float[] dx, int to) {
        int channels = s.inChannels();
        Arrays.fill(dx, to, to + s.inWidth() * channels, 0f);
        for (int ty = 0; ty < s.kernelHeight(); ty++) {
            int start = row + s.padY() - ty * s.dilationY();
            int oy = Math.floorDiv(start, s.strideY());
            if (oy * s.strideY() != start || oy < 0 || oy >= s.outHeight()) {
                continue;
            }
            for (int column = 0; column < s.outWidth(); column++) {
                int out = ((image * s.outHeight() + oy) * s.outWidth() + column) * channels;
                for (int tx = 0; tx < s.kernelWidth(); tx++) {
                    int ix = column * s.strideX() + tx * s.dilationX() - s.padX();
                    if (ix >= 0 && ix < s.inWidth()) {
                        int in = to + ix * channels;
                        int tap = (ty * s.kernelWidth() + tx) * channels;
                        elements.addProduct(1f, dy, w, dx, in, in + channels, out - in, tap - in);
                    }
                }
            }
        }
    }

    /** @param dbias outChannels values or null */
    void backwardWeights(ConvShape s, float[] x, float[] dy, float[] dw, float[] dbias) {
        int blocks = ConvTiles.ceilDivide(s.inChannels(), TASK_CHANNELS);
        pool.run(blocks * s.kernelHeight(), task -> {
            int first = task % blocks * TASK_CHANNELS;
            weightRow(s, task / blocks, first, Math.min(s.inChannels(), first + TASK_CHANNELS), x, dy, dw);
        });
        if (dbias != null) {
            pool.runAlone(() -> biasGradient(s, dy, dbias));
        }
    }

    /** A row of taps of dw, of some channels: the sums over each row of outputs are added up. */
    private void weightRow(ConvShape s, int tapRow, int first, int end, float[] x, float[] dy, float[] dw) {
        int channels = s.inChannels();
        int to = tapRow * s.kernelWidth() * channels;
        int count = end - first;
        float[] sums = sumScratch.atLeast(s.kernelWidth() * count);
        for (int tx = 0; tx < s.kernelWidth(); tx++) {
            Arrays.fill(dw, to + tx * channels + first, to + tx * channels + end, 0f);
        }
        for (int row = 0; row < s.batch() * s.outHeight(); row++) {
            int iy = row % s.outHeight() * s.strideY() + tapRow * s.dilationY() - s.padY();
            if (iy < 0 || iy >= s.inHeight()) {
                continue;
            }
            Arrays.fill(sums, 0, s.kernelWidth() * count, 0f);
            int inRow = row / s.outHeight() * s.inHeight() + iy;
            for (int column = 0; column < s.outWidth(); column++) {
                int out = (row * s.outWidth() + column) * channels + first;
                for (int tx = 0; tx < s.kernelWidth(); tx++) {
                    int ix = column * s.strideX() + tx * s.dilationX() - s.padX();
                    if (ix >= 0 && ix < s.inWidth()) {
                        int in = (inRow * s.inWidth() + ix) * channels + first;
                        int at = tx * count;
                        elements.addProduct(1f, x, dy, sums, at, at + count, in - at, out - at);
                    }
                }
            }
            for (int tx = 0; tx < s.kernelWidth(); tx++) {
                int tap = to + tx * channels + first;
                elements.addScaled(1f, sums, dw, tap, tap + count, tx * count - tap);
            }
        }
    }

    private void biasGradient(ConvShape s, float[] dy, float[] dbias) {
        int channels = s.outChannels();
        float[] sums = sumScratch.atLeast(channels);
        Arrays.fill(dbias, 0, channels, 0f);
        for (int row = 0; row < s.batch() * s.outHeight(); row++) {
            Arrays.fill(sums, 0, channels, 0f);
            for (int column = 0; column < s.outWidth(); column++) {
                int out = (row * s.outWidth() + column) * channels;
                elements.addScaled(1f, dy, sums, 0, channels, out);
            }
            elements.addScaled(1f, sums, dbias, 0, channels, 0);
        }
    }
}
