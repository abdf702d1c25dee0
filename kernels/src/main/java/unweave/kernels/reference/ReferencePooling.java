package unweave.kernels.reference;

import java.util.Arrays;
import unweave.kernels.PoolShape;

/** The definition of {@link unweave.kernels.Pooling}. */
public final class ReferencePooling {
    private ReferencePooling() {}

    /**
     * One cell of one window that is not padding: the window's output value, the input value, and the cell iy * inWidth
     * + ix.
     */
    private interface Cell {
        void at(int y, int x, int cell);
    }

    /** Visits the cells of every window, row by row. */
    private static void forEachCell(PoolShape s, Cell visitor) {
        int y = 0;
        for (int n = 0; n < s.batch(); n++) {
            for (int py = 0; py < s.outHeight(); py++) {
                for (int px = 0; px < s.outWidth(); px++) {
                    for (int c = 0; c < s.channels(); c++, y++) {
                        for (int ty = 0; ty < s.kernelHeight(); ty++) {
                            for (int tx = 0; tx < s.kernelWidth(); tx++) {
                                int iy = py * s.strideY() - s.padY() + ty * s.dilationY();
                                int ix = px * s.strideX() - s.padX() + tx * s.dilationX();
                                if (iy >= 0 && iy < s.inHeight() && ix >= 0 && ix < s.inWidth()) {
                                    int cell = iy * s.inWidth() + ix;
                                    visitor.at(y, (n * s.inHeight() * s.inWidth() + cell) * s.channels() + c, cell);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** See {@link unweave.kernels.Pooling#maxPoolForward}. */
    public static void maxPoolForward(PoolShape shape, double[] x, double[] y, int[] winners) {
        Arrays.fill(winners, -1);
        forEachCell(shape, (yi, xi, cell) -> {
            boolean wins = winners[yi] < 0 || x[xi] > y[yi] || (Double.isNaN(x[xi]) && !Double.isNaN(y[yi]));
            if (wins) {
                y[yi] = x[xi];
                winners[yi] = cell;
            }
        });
    }

    /** See {@link unweave.kernels.Pooling#maxPoolBackward}. */
    public static void maxPoolBackward(PoolShape shape, double[] dy, int[] winners, double[] dx) {
        Arrays.fill(dx, 0);
        int perSample = shape.outHeight() * shape.outWidth() * shape.channels();
        for (int i = 0; i < dy.length; i++) {
            int firstCell = i / perSample * shape.inHeight() * shape.inWidth();
            dx[(firstCell + winners[i % winners.length]) * shape.channels() + i % shape.channels()] += dy[i];
        }
    }

    /** 1 / the number of cells that count, for each window of an image. */
    private static double[] shares(PoolShape s) {
        double[] shares = new double[s.outHeight() * s.outWidth()];
        for (int p = 0; p < shares.length; p++) {
            int counted = 0;
            for (int ty = 0; ty < s.kernelHeight(); ty++) {
                for (int tx = 0; tx < s.kernelWidth(); tx++) {
                    int iy = p / s.outWidth() * s.strideY() - s.padY() + ty * s.dilationY();
                    int ix = p % s.outWidth() * s.strideX() - s.padX() + tx * s.dilationX();
                    boolean inside = iy >= 0 && iy < s.inHeight() && ix >= 0 && ix < s.inWidth();
                    boolean onPadding = iy < s.inHeight() + s.padBottom() && ix < s.inWidth() + s.padRight();
                    counted += inside || (s.countPadding() && onPadding) ? 1 : 0;
                }
            }
            shares[p] = 1.0 / counted;
        }
        return shares;
    }

    /** See {@link unweave.kernels.Pooling#avgPoolForward}. */
    public static void avgPoolForward(PoolShape shape, double[] x, double[] y) {
        double[] shares = shares(shape);
        Arrays.fill(y, 0);
        forEachCell(shape, (yi, xi, cell) -> y[yi] += shares[yi / shape.channels() % shares.length] * x[xi]);
    }

    /** See {@link unweave.kernels.Pooling#avgPoolBackward}. */
    public static void avgPoolBackward(PoolShape shape, double[] dy, double[] dx) {
        double[] shares = shares(shape);
        Arrays.fill(dx, 0);
        forEachCell(shape, (yi, xi, cell) -> dx[xi] += shares[yi / shape.channels() % shares.length] * dy[yi]);
    }

    /** See {@link unweave.kernels.Pooling#lpPoolForward}. */
    public static void lpPoolForward(PoolShape shape, double exponent, double[] x, double[] y) {
        Arrays.fill(y, 0);
        forEachCell(shape, (yi, xi, cell) -> y[yi] += Math.pow(Math.abs(x[xi]), exponent));
        Arrays.setAll(y, i -> Math.pow(y[i], 1 / exponent));
    }

    /** See {@link unweave.kernels.Pooling#lpPoolBackward}. */
    public static void lpPoolBackward(
            PoolShape shape, double exponent, double[] x, double[] y, double[] dy, double[] dx) {
        Arrays.fill(dx, 0);
        forEachCell(shape, (yi, xi, cell) -> {
            double value = x[xi % x.length];
            double norm = y[yi % y.length];
            if (norm > 0) {
                dx[xi] += dy[yi] * Math.signum(value) * Math.pow(Math.abs(value) / norm, exponent - 1);
            }
        });
    }
}
