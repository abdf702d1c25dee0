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
                        for (int iy = py * s.strideY() - s.padY(), endY = iy + s.kernelHeight(); iy < endY; iy++) {
                            for (int ix = px * s.strideX() - s.padX(), endX = ix + s.kernelWidth(); ix < endX; ix++) {
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

    /** See {@link unweave.kernels.Pooling#avgPoolForward}. */
    public static void avgPoolForward(PoolShape shape, double[] x, double[] y) {
        double share = 1.0 / (shape.kernelHeight() * shape.kernelWidth());
        Arrays.fill(y, 0);
        forEachCell(shape, (yi, xi, cell) -> y[yi] += share * x[xi]);
    }

    /** See {@link unweave.kernels.Pooling#avgPoolBackward}. */
    public static void avgPoolBackward(PoolShape shape, double[] dy, double[] dx) {
        double share = 1.0 / (shape.kernelHeight() * shape.kernelWidth());
        Arrays.fill(dx, 0);
        forEachCell(shape, (yi, xi, cell) -> dx[xi] += share * dy[yi]);
    }
}
