package unweave.kernels.reference;

import unweave.kernels.Counter;

/** The definition of {@link unweave.kernels.Elementwise}. */
public final class ReferenceElementwise {
    private ReferenceElementwise() {}

    /** See {@link unweave.kernels.Elementwise#relu}. */
    public static void relu(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.max(0, x[i]);
        }
    }

    /** See {@link unweave.kernels.Elementwise#reluBackward}. */
    public static void reluBackward(double[] y, double[] dy, double[] dx) {
        for (int i = 0; i < y.length; i++) {
            dx[i] = y[i] > 0 ? dy[i] : 0;
        }
    }

    /** See {@link unweave.kernels.Elementwise#add}. */
    public static void add(double[] a, double[] b, double[] c) {
        for (int i = 0; i < a.length; i++) {
            c[i] = a[i] + b[i % b.length];
        }
    }

    /** See {@link unweave.kernels.Elementwise#addScaled}. */
    public static void addScaled(double alpha, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += alpha * x[i % x.length];
        }
    }

    /** See {@link unweave.kernels.Elementwise#multiply}. */
    public static void multiply(double[] a, double[] b, double[] c) {
        for (int i = 0; i < a.length; i++) {
            c[i] = a[i] * b[i % b.length];
        }
    }

    /** See {@link unweave.kernels.Elementwise#scale}. */
    public static void scale(double alpha, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = alpha * x[i];
        }
    }

    /** See {@link unweave.kernels.Elementwise#dropout}. */
    public static void dropout(double p, int[] seed, int stream, double[] x, double[] y) {
        long ofStream = Counter.derive(Counter.seed(seed), stream);
        for (int i = 0; i < x.length; i++) {
            y[i] = Counter.uniform(ofStream, i) >= p ? x[i] / (1 - p) : 0;
        }
    }

    /** See {@link unweave.kernels.Elementwise#gatherRows}. */
    public static void gatherRows(int width, double[] x, int[] rows, double[] y) {
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < width; c++) {
                y[r * width + c] = x[rows[r] * width + c];
            }
        }
    }

    /** See {@link unweave.kernels.Elementwise#copyColumns}. */
    public static void copyColumns(
            int columns, double[] x, int xWidth, int xColumn, double[] y, int yWidth, int yColumn) {
        for (int r = 0; r < x.length / xWidth; r++) {
            for (int c = 0; c < columns; c++) {
                y[r * yWidth + yColumn + c] = x[r * xWidth + xColumn + c];
            }
        }
    }

    /** See {@link unweave.kernels.Elementwise#sumRows}. */
    public static void sumRows(int width, double[] x, double[] sums) {
        for (int r = 0; r < sums.length; r++) {
            sums[r] = 0;
            for (int c = 0; c < width; c++) {
                sums[r] += x[r * width + c];
            }
        }
    }
}
