package unweave.drsa;

import java.util.Random;

/**
 * Random orthogonal matrices, uniform over the orthogonal group (Haar measure): Q of the QR decomposition of a matrix
 * of independent standard normal values, with the sign of every column chosen so that the diagonal of R is positive
 * (Mezzadri 2007, "How to generate random matrices from the classical compact groups"). Without the signs, Q would
 * inherit the sign convention of the decomposition and not be uniform.
 */
public final class HaarOrthogonal {
    private HaarOrthogonal() {}

    /**
     * A random orthogonal matrix; the same seed gives the same bytes on every machine.
     *
     * @return dimensions x dimensions values, row-major
     */
    public static double[] sample(int dimensions, long seed) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("an orthogonal matrix needs at least 1 dimension, not " + dimensions);
        }
        // java.util.Random is specified to the bit; the newer generators leave the normal distribution to the
        // implementation.
        Random random = new Random(seed);
        double[] r = new double[dimensions * dimensions];
        for (int i = 0; i < r.length; i++) {
            r[i] = random.nextGaussian();
        }
        return orthogonalFactor(dimensions, r);
    }

    /**
     * Q of the Householder QR decomposition of {@code r}, columns signed so that R has a positive diagonal; {@code r}
     * is modified.
     */
    private static double[] orthogonalFactor(int n, double[] r) {
        double[][] reflectors = new double[n][];
        double[] signs = new double[n];
        for (int column = 0; column < n; column++) {
            double[] v = reflector(n, r, column);
            reflect(n, v, column, column, r);
            reflectors[column] = v;
            signs[column] = r[column * n + column] < 0 ? -1 : 1;
        }
        double[] q = new double[n * n];
        for (int i = 0; i < n; i++) {
            q[i * n + i] = signs[i];
        }
        for (int column = n - 1; column >= 0; column--) {
            reflect(n, reflectors[column], column, column, q);
        }
        return q;
    }

    /** The unit vector v (rows from {@code column} on) for which I - 2 v v^T clears the column below its diagonal. */
    private static double[] reflector(int n, double[] matrix, int column) {
        double[] v = new double[n - column];
        double squares = 0;
        for (int i = 0; i < v.length; i++) {
            v[i] = matrix[(column + i) * n + column];
            squares += v[i] * v[i];
        }
        double norm = Math.sqrt(squares);
        // The sign that adds magnitudes avoids cancellation.
        double shift = v[0] < 0 ? -norm : norm;
        double length = Math.sqrt(squares - v[0] * v[0] + (v[0] + shift) * (v[0] + shift));
        v[0] += shift;
        for (int i = 0; i < v.length && length > 0; i++) {
            v[i] /= length;
        }
        return v;
    }

    /** {@code matrix <- (I - 2 v v^T) matrix} for the rows and columns from the given ones on, row by row. */
    private static void reflect(int n, double[] v, int firstRow, int firstColumn, double[] matrix) {
        double[] dots = new double[n];
        for (int i = 0; i < v.length; i++) {
            for (int j = firstColumn; j < n; j++) {
                dots[j] += v[i] * matrix[(firstRow + i) * n + j];
            }
        }
        for (int i = 0; i < v.length; i++) {
            for (int j = firstColumn; j < n; j++) {
                matrix[(firstRow + i) * n + j] -= 2 * dots[j] * v[i];
            }
        }
    }
}
