package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.PoolShape;

/**
 * The windows of one row of outputs, for averages and norms and their ways back; {@link unweave.kernels.Pooling} has
 * the formulas. The ways back add to {@code dx}.
 */
final class SummingLoops {
    private SummingLoops() {}

    /** The first cell that is not before the image of a window that begins at {@code start}, along one axis. */
    static int firstCell(int start, int dilation) {
        return start >= 0 ? start : Math.floorMod(start, dilation);
    }

    /**
     * Finds the pixels of one window that lie in the image, row by row.
     *
     * @param pixels iy inWidth + ix of each, overwritten; as long as a window has cells
     * @return how many they are
     */
    private static int window(PoolShape shape, int row, int column, int[] pixels) {
        int startY = row * shape.strideY() - shape.padY();
        int startX = column * shape.strideX() - shape.padX();
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        int right = Math.min(shape.inWidth(), startX + shape.extentX());
        int count = 0;
        for (int iy = firstCell(startY, shape.dilationY()); iy < bottom; iy += shape.dilationY()) {
            for (int ix = firstCell(startX, shape.dilationX()); ix < right; ix += shape.dilationX()) {
                pixels[count++] = iy * shape.inWidth() + ix;
            }
        }
        return count;
    }

    private static int[] pixels(PoolShape shape) {
        return new int[shape.kernelHeight() * shape.kernelWidth()];
    }

    /** Where the channels of an output pixel begin. */
    private static int output(PoolShape shape, int image, int row, int column) {
        return ((image * shape.outHeight() + row) * shape.outWidth() + column) * shape.channels();
    }

    /** Where the channels of a pixel of the input begin. */
    private static int input(PoolShape shape, int image, int pixel) {
        return (image * shape.inHeight() * shape.inWidth() + pixel) * shape.channels();
    }

    static void average(PoolShape shape, int image, int row, float[] x, float[] y) {
        int channels = shape.channels();
        int[] pixels = pixels(shape);
        for (int column = 0; column < shape.outWidth(); column++) {
            int out = output(shape, image, row, column);
            int count = window(shape, row, column, pixels);
            Arrays.fill(y, out, out + channels, 0f);
            for (int k = 0; k < count; k++) {
                int from = input(shape, image, pixels[k]);
                for (int channel = 0; channel < channels; channel++) {
                    y[out + channel] += x[from + channel];
                }
            }
            float share = 1f / shape.divisor(row, column);
            for (int channel = 0; channel < channels; channel++) {
                y[out + channel] *= share;
            }
        }
    }

    static void spreadAverage(PoolShape shape, int image, int row, float[] dy, float[] dx) {
        int channels = shape.channels();
        int[] pixels = pixels(shape);
        for (int column = 0; column < shape.outWidth(); column++) {
            int from = output(shape, image, row, column);
            int count = window(shape, row, column, pixels);
            float share = 1f / shape.divisor(row, column);
            for (int k = 0; k < count; k++) {
                int to = input(shape, image, pixels[k]);
                for (int channel = 0; channel < channels; channel++) {
                    dx[to + channel] += share * dy[from + channel];
                }
            }
        }
    }

    static void norm(PoolShape shape, float exponent, int image, int row, float[] x, float[] y) {
        int channels = shape.channels();
        int[] pixels = pixels(shape);
        for (int column = 0; column < shape.outWidth(); column++) {
            int out = output(shape, image, row, column);
            int count = window(shape, row, column, pixels);
            Arrays.fill(y, out, out + channels, 0f);
            for (int k = 0; k < count; k++) {
                int from = input(shape, image, pixels[k]);
                for (int channel = 0; channel < channels; channel++) {
                    y[out + channel] += power(Math.abs(x[from + channel]), exponent);
                }
            }
            for (int channel = 0; channel < channels; channel++) {
                y[out + channel] = root(y[out + channel], exponent);
            }
        }
    }

    /** @param recorded the image of x and y */
    static void spreadNorm(
            PoolShape shape,
            float exponent,
            int image,
            int recorded,
            int row,
            float[] x,
            float[] y,
            float[] dy,
            float[] dx) {
        int channels = shape.channels();
        int[] pixels = pixels(shape);
        for (int column = 0; column < shape.outWidth(); column++) {
            int from = output(shape, image, row, column);
            int norms = output(shape, recorded, row, column);
            int count = window(shape, row, column, pixels);
            for (int k = 0; k < count; k++) {
                int to = input(shape, image, pixels[k]);
                int values = input(shape, recorded, pixels[k]);
                for (int channel = 0; channel < channels; channel++) {
                    dx[to + channel] += dy[from + channel] * slope(x[values + channel], y[norms + channel], exponent);
                }
            }
        }
    }

    /** d norm / d value. */
    private static float slope(float value, float norm, float exponent) {
        return norm > 0f ? Math.signum(value) * power(Math.abs(value) / norm, exponent - 1f) : 0f;
    }

    private static float power(float value, float exponent) {
        if (exponent == 0f) {
            return 1f;
        }
        if (exponent == 1f) {
            return value;
        }
        return exponent == 2f ? value * value : (float) Math.pow(value, exponent);
    }

    private static float root(float value, float exponent) {
        if (exponent == 1f) {
            return value;
        }
        return exponent == 2f ? (float) Math.sqrt(value) : (float) Math.pow(value, 1.0 / exponent);
    }
}
