package unweave.drsa;

import java.util.Comparator;
import java.util.stream.IntStream;
import unweave.kernels.cpu.SymmetricEigen;

/**
 * Orthogonal matrices that follow from the data without steps: eigenvectors by decreasing eigenvalue, or channels by
 * decreasing relevance. Cut into blocks of D/K columns, the first block is the subspace of the D/K largest ones.
 */
public final class ClosedFormBasis {
    private ClosedFormBasis() {}

    /**
     * Eigenvalues and eigenvectors of a symmetric matrix, the largest value first.
     *
     * @param vectors one row for each value
     */
    public record Spectrum(double[] values, double[][] vectors) {}

    /**
     * Principal relevant component analysis (Chormai et al. 2024): the directions u with the largest mean relevance
     * (u^T a)(u^T c), eigenvectors of mean over n: a c^T + c a^T.
     *
     * @param a N x D
     * @param c N x D
     */
    public static Spectrum relevantComponents(float[] a, float[] c, int dimensions) {
        return decompose(moments(a, c, dimensions));
    }

    /**
     * Principal components through the origin: eigenvectors of mean over n: a a^T (uncentred, since subspaces contain
     * the origin).
     */
    public static Spectrum principalComponents(float[] a, int dimensions) {
        double[][] moments = moments(a, a, dimensions);
        for (double[] row : moments) {
            for (int j = 0; j < dimensions; j++) {
                row[j] /= 2;
            }
        }
        return decompose(moments);
    }

    /** The matrix of a method that is neither optimised nor random, D x D, row-major. */
    static float[] of(Method method, ContextData data) {
        int dimensions = data.dimensions();
        return switch (method) {
            case PRCA ->
                columns(relevantComponents(data.activations(), data.contexts(), dimensions)
                        .vectors());
            case PCA ->
                columns(principalComponents(data.activations(), dimensions).vectors());
            case CHANNELS -> channels(data);
            case DRSA, DSA, RANDOM, ORACLE -> throw new IllegalArgumentException(method + " has no closed form");
        };
    }

    /** mean over n: a c^T + c a^T, accumulated in float64. */
    private static double[][] moments(float[] a, float[] c, int dimensions) {
        double[][] sums = new double[dimensions][dimensions];
        int rows = a.length / dimensions;
        for (int n = 0; n < rows; n++) {
            for (int i = 0; i < dimensions; i++) {
                for (int j = 0; j < dimensions; j++) {
                    sums[i][j] += (double) a[n * dimensions + i] * c[n * dimensions + j];
                }
            }
        }
        double[][] moments = new double[dimensions][dimensions];
        for (int i = 0; i < dimensions; i++) {
            for (int j = 0; j < dimensions; j++) {
                moments[i][j] = (sums[i][j] + sums[j][i]) / rows;
            }
        }
        return moments;
    }

    private static Spectrum decompose(double[][] symmetric) {
        SymmetricEigen.Decomposition increasing = SymmetricEigen.decompose(symmetric);
        int n = symmetric.length;
        double[] values = new double[n];
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            values[i] = increasing.values()[n - 1 - i];
            vectors[i] = increasing.vectors()[n - 1 - i];
        }
        return new Spectrum(values, vectors);
    }

    private static float[] columns(double[][] vectors) {
        int n = vectors.length;
        float[] basis = new float[n * n];
        for (int column = 0; column < n; column++) {
            for (int row = 0; row < n; row++) {
                basis[row * n + column] = (float) vectors[column][row];
            }
        }
        return basis;
    }

    private static float[] channels(ContextData data) {
        int dimensions = data.dimensions();
        float[] a = data.activations();
        float[] c = data.contexts();
        double[] relevance = new double[dimensions];
        for (int i = 0; i < a.length; i++) {
            relevance[i % dimensions] += (double) a[i] * c[i];
        }
        int[] order = IntStream.range(0, dimensions)
                .boxed()
                .sorted(Comparator.comparingDouble(channel -> -relevance[channel]))
                .mapToInt(Integer::intValue)
                .toArray();
        float[] basis = new float[dimensions * dimensions];
        for (int column = 0; column < dimensions; column++) {
            basis[order[column] * dimensions + column] = 1f;
        }
        return basis;
    }
}
