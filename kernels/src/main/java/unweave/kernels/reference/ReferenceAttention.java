package unweave.kernels.reference;

import java.util.Arrays;

/** The definitions of {@link unweave.kernels.Attention}. */
public final class ReferenceAttention {
    private ReferenceAttention() {}

    /** See {@link unweave.kernels.Attention#softmax}. */
    public static void softmax(int width, double[] x, double[] y) {
        for (int from = 0; from < x.length; from += width) {
            double[] row = Arrays.copyOfRange(x, from, from + width);
            double largest = Arrays.stream(row).max().getAsDouble();
            double sum = Arrays.stream(row).map(v -> Math.exp(v - largest)).sum();
            for (int c = 0; c < width; c++) {
                y[from + c] = Math.exp(row[c] - largest) / sum;
            }
        }
    }

    /** See {@link unweave.kernels.Attention#softmaxBackward}. */
    public static void softmaxBackward(int width, double[] y, double[] dy, double[] dx) {
        for (int from = 0; from < dy.length; from += width) {
            double sum = 0;
            for (int i = from; i < from + width; i++) {
                sum += y[i % y.length] * dy[i];
            }
            for (int i = from; i < from + width; i++) {
                dx[i] = y[i % y.length] * (dy[i] - sum);
            }
        }
    }

    /** See {@link unweave.kernels.Attention#matmul}. */
    public static void matmul(
            boolean transposeA, boolean transposeB, int m, int n, int k, double[] a, double[] b, double[] c) {
        for (int i = 0; i < c.length / (m * n); i++) {
            double[] product = new double[m * n];
            ReferenceConvolutions.gemm(
                    transposeA, transposeB, m, n, k, matrix(a, m * k, i), matrix(b, k * n, i), product);
            System.arraycopy(product, 0, c, i * m * n, m * n);
        }
    }

    private static double[] matrix(double[] values, int size, int number) {
        int from = number * size % values.length;
        return Arrays.copyOfRange(values, from, from + size);
    }
}
