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

    static void average(PoolShape shape, int image, int row, float[] x, float[] y) {
        int channels = shape.channels();
        int startY = row * shape.strideY() - shape.padY();
        int top = firstCell(startY, shape.dilationY());
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        for (int column = 0; column < shape.outWidth(); column++) {
            int out = ((image * shape.outHeight() + row) * shape.outWidth() + column) * channels;
            int startX = column * shape.strideX() - shape.padX();
            int left = firstCell(startX, shape.dilationX());
            int right = Math.min(shape.inWidth(), startX + shape.extentX());
            Arrays.fill(y, out, out + channels, 0f);
            for (int iy = top; iy < bottom; iy += shape.dilationY()) {
                for (int ix = left; ix < right; ix += shape.dilationX()) {
                    int from = ((image * shape.inHeight() + iy) * shape.inWidth() + ix) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        y[out + channel] += x[from + channel];
                    }
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
        int startY = row * shape.strideY() - shape.padY();
        int top = firstCell(startY, shape.dilationY());
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        for (int column = 0; column < shape.outWidth(); column++) {
            int from = ((image * shape.outHeight() + row) * shape.outWidth() + column) * channels;
            int startX = column * shape.strideX() - shape.padX();
            int left = firstCell(startX, shape.dilationX());
            int right = Math.min(shape.inWidth(), startX + shape.extentX());
            float share = 1f / shape.divisor(row, column);
            for (int iy = top; iy < bottom; iy += shape.dilationY()) {
                for (int ix = left; ix < right; ix += shape.dilationX()) {
                    int to = ((image * shape.inHeight() + iy) * shape.inWidth() + ix) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        dx[to + channel] += share * dy[from + channel];
                    }
                }
            }
        }
    }

    static void norm(PoolShape shape, float exponent, int image, int row, float[] x, float[] y) {
        int channels = shape.channels();
        int startY = row * shape.strideY() - shape.padY();
        int top = firstCell(startY, shape.dilationY());
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        for (int column = 0; column < shape.outWidth(); column++) {
            int out = ((image * shape.outHeight() + row) * shape.outWidth() + column) * channels;
            int startX = column * shape.strideX() - shape.padX();
            int left = firstCell(startX, shape.dilationX());
            int right = Math.min(shape.inWidth(), startX + shape.extentX());
            Arrays.fill(y, out, out + channels, 0f);
            for (int iy = top; iy < bottom; iy += shape.dilationY()) {
                for (int ix = left; ix < right; ix += shape.dilationX()) {
                    int from = ((image * shape.inHeight() + iy) * shape.inWidth() + ix) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        y[out + channel] += power(Math.abs(x[from + channel]), exponent);
                    }
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
        int startY = row * shape.strideY() - shape.padY();
        int top = firstCell(startY, shape.dilationY());
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        for (int column = 0; column < shape.outWidth(); column++) {
            int from = ((image * shape.outHeight() + row) * shape.outWidth() + column) * channels;
            int norms = ((recorded * shape.outHeight() + row) * shape.outWidth() + column) * channels;
            int startX = column * shape.strideX() - shape.padX();
            int left = firstCell(startX, shape.dilationX());
            int right = Math.min(shape.inWidth(), startX + shape.extentX());
            for (int iy = top; iy < bottom; iy += shape.dilationY()) {
                for (int ix = left; ix < right; ix += shape.dilationX()) {
                    int to = ((image * shape.inHeight() + iy) * shape.inWidth() + ix) * channels;
                    int values = ((recorded * shape.inHeight() + iy) * shape.inWidth() + ix) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        dx[to + channel] +=
                                dy[from + channel] * slope(x[values + channel], y[norms + channel], exponent);
                    }
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
