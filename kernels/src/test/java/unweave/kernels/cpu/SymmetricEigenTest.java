package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.kernels.reference.JacobiEigen;

@Tag("vector-width")
class SymmetricEigenTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 16, 33, 128})
    void randomMatricesAreRebuiltFromTheirEigenvectors(int n) {
        assertDecomposes(random(n, n), 1e-13);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9, 40})
    void eigenvaluesAgreeWithJacobiRotations(int n) {
        double[][] a = random(n, 5);
        double[] jacobi = JacobiEigen.decompose(
                n, Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray(), new double[n * n]);
        Arrays.sort(jacobi);
        assertArrayEquals(jacobi, SymmetricEigen.decompose(a).values(), 1e-12 * n);
    }

    @Test
    void theEigenvaluesOfAKnownMatrixAreFound() {
        double[] values = SymmetricEigen.decompose(new double[][] {{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}})
                .values();
        assertArrayEquals(new double[] {2 - Math.sqrt(2), 2, 2 + Math.sqrt(2)}, values, 1e-14);
    }

    @Test
    void diagonalMatricesAreSorted() {
        SymmetricEigen.Decomposition eigen =
                SymmetricEigen.decompose(new double[][] {{3, 0, 0}, {0, -1, 0}, {0, 0, 2}});
        assertArrayEquals(new double[] {-1, 2, 3}, eigen.values());
        assertArrayEquals(new double[] {0, 1, 0}, eigen.vectors()[0]);
    }

    @Test
    void repeatedEigenvaluesHaveOrthogonalVectors() {
        int n = 20;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(a[i], 1);
            a[i][i] = 3;
        }
        assertDecomposes(a, 1e-14);
        assertEquals(n + 2, SymmetricEigen.decompose(a).values()[n - 1], 1e-13);
    }

    @Test
    void theZeroMatrixAndTheIdentityAreTheirOwnDecompositions() {
        assertDecomposes(new double[6][6], 0);
        double[][] identity = new double[6][6];
        for (int i = 0; i < 6; i++) {
            identity[i][i] = 1;
        }
        assertDecomposes(identity, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-150, 1e120})
    void theScaleOfAMatrixDoesNotMatter(double scale) {
        double[][] a = random(12, 3);
        for (double[] row : a) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= scale;
            }
        }
        assertDecomposes(a, 1e-13 * scale);
    }

    @Test
    void gradedMatricesKeepTheirLargestEigenvalues() {
        int n = 10;
        double[][] a = random(n, 8);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] *= Math.pow(10, -i - j);
            }
        }
        assertDecomposes(a, 1e-14);
    }

    @Test
    void theInputIsNotModified() {
        double[][] a = random(5, 1);
        double[][] copy = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
        SymmetricEigen.decompose(a);
        assertTrue(Arrays.deepEquals(copy, a));
    }

    @Test
    void valuesThatAreNotFiniteAreAnError() {
        double[][] a = random(4, 1);
        a[2][1] = a[1][2] = Double.NaN;
        assertThrows(ArithmeticException.class, () -> SymmetricEigen.decompose(a));
    }

    /** A v = value v for every pair, and the vectors are orthonormal. */
    private static void assertDecomposes(double[][] a, double tolerance) {
        int n = a.length;
        SymmetricEigen.Decomposition eigen = SymmetricEigen.decompose(a);
        for (int i = 0; i < n; i++) {
            double[] v = eigen.vectors()[i];
            for (int row = 0; row < n; row++) {
                assertEquals(eigen.values()[i] * v[row], dot(a[row], v), tolerance * n);
            }
            for (int j = 0; j < n; j++) {
                assertEquals(i == j ? 1 : 0, dot(v, eigen.vectors()[j]), 1e-13 * n);
            }
            assertTrue(i == 0 || eigen.values()[i - 1] <= eigen.values()[i], "values increase");
        }
    }

    private static double[][] random(int n, long seed) {
        Random random = new Random(seed);
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i][j] = a[j][i] = random.nextGaussian();
            }
        }
        return a;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
