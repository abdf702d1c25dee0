package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.kernels.Orthogonalization.EIGEN;
import static unweave.kernels.Orthogonalization.NEWTON_SCHULZ;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("vector-width")
class NewtonSchulzTest {
    /**
     * The least and the largest singular value, with the others evenly between in their logarithms; some lie below what
     * is expected of a search.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 0.2, 0.2",
        "2, 0.99, 1.3",
        "3, 1, 1",
        "7, 0.5, 2",
        "16, 0.9, 5",
        "17, 1, 1.01",
        "33, 1, 1.0001",
        "48, 0.9, 5",
        "64, 1, 3.2",
        "100, 0.9, 5",
        "128, 0.95, 1.1",
        "132, 1, 15",
        "40, 0.1, 1",
        "40, 0.2, 5",
        "40, 1, 20",
        "128, 0.9, 100",
        "64, 0.95, 200"
    })
    void matricesNearOrthogonalOnesBecomeTheirPolarFactors(int n, double least, double largest) {
        float[] u = withSingularValues(n, least, largest, n);
        float[] expected = u.clone();
        try (WorkerPool pool = new WorkerPool(2)) {
            new Orthogonalizer(pool, VectorSupport.available()).orthogonalize(EIGEN, 1, n, expected);
            NewtonSchulz[] matrix = {new NewtonSchulz(n, VectorSupport.available())};
            NewtonSchulz.replace(matrix, u, 0, pool);
            assertTrue(matrix[0].isReplaced());
        }
        // The factor of a matrix that is rounded to float32 is known no better.
        assertArrayEquals(expected, u, (float) Math.max(1e-6, 6e-8 * largest / least));
        assertTrue(deviation(n, u) < 1e-6, "X^T X is off by " + deviation(n, u));
    }

    /** Sums are split by columns, not by threads. */
    @Test
    void theNumberOfThreadsDoesNotMatter() {
        int n = 100;
        float[] one = inThreads(1, n);
        assertArrayEquals(one, inThreads(2, n));
        assertArrayEquals(one, inThreads(3, n));
    }

    @Test
    void matricesOfABatchDoNotWaitForEachOther() {
        int n = 97;
        float[] near = withSingularValues(n, 1, 1.001, 1);
        float[] far = withSingularValues(n, 0.05, 4, 2);
        float[] both = new float[2 * n * n];
        System.arraycopy(near, 0, both, 0, n * n);
        System.arraycopy(far, 0, both, n * n, n * n);
        try (WorkerPool pool = new WorkerPool(2)) {
            Orthogonalizer orthogonalizer = new Orthogonalizer(pool, VectorSupport.available());
            orthogonalizer.orthogonalize(NEWTON_SCHULZ, 2, n, both);
            orthogonalizer.orthogonalize(NEWTON_SCHULZ, 1, n, near);
            orthogonalizer.orthogonalize(NEWTON_SCHULZ, 1, n, far);
        }
        assertArrayEquals(near, Arrays.copyOfRange(both, 0, n * n));
        assertArrayEquals(far, Arrays.copyOfRange(both, n * n, 2 * n * n));
    }

    /** Whose factor would be off by more than 1e-5. */
    @Test
    void aMatrixThatIsFarFromOrthogonalIsLeftToTheEigenvectors() {
        assertIsLeftToTheEigenvectors(40, withSingularValues(40, 1, 3000, 5));
        assertIsLeftToTheEigenvectors(40, withSingularValues(40, 0.002, 2, 6));
    }

    @Test
    void aSingularMatrixIsLeftToTheEigenvectors() {
        int n = 20;
        float[] u = withSingularValues(n, 1, 2, 3);
        System.arraycopy(u, 0, u, n, n);
        assertIsLeftToTheEigenvectors(n, u);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void valuesThatAreNotFiniteAreAnError(float value) {
        float[] u = withSingularValues(9, 1, 2, 4);
        u[12] = value;
        try (WorkerPool pool = new WorkerPool(1)) {
            Orthogonalizer orthogonalizer = new Orthogonalizer(pool, VectorSupport.available());
            assertThrows(ArithmeticException.class, () -> orthogonalizer.orthogonalize(NEWTON_SCHULZ, 1, 9, u));
        }
    }

    /**
     * What keeps the polar factor: q(d) is positive wherever D can have an eigenvalue; and no step leads past 3/2 times
     * an orthogonal matrix.
     */
    @ParameterizedTest
    @CsvSource({
        "-0.011, 0.011, 1e-9",
        "-0.1, 0.1, 1e-5",
        "-0.3, 0.3, 2e-3",
        "-0.3, 3, 0.03",
        "-0.3, 10, 0.1",
        "-0.3, 25, 0.2",
        "-0.3, 100, 0.5",
        "-0.3, 1e5, 1",
        "-0.3, 1e12, 1",
        "-0.9, 0.5, 0.3",
        "-0.9964, 0.64, 0.8",
        "-0.02, 0.3, 1e-3"
    })
    void thePolynomialIsPositiveAndNearTheInverseRoot(double least, double radius, double within) {
        double[] terms = InverseRoot.polynomial(least, radius);
        double smallest = Double.POSITIVE_INFINITY;
        double furthest = 0;
        for (int i = 0; i <= 10_000; i++) {
            double d = -1 + (radius + 1) * Math.pow(i / 10_000.0, 4);
            double q = 0;
            for (int power = terms.length - 1; power >= 0; power--) {
                q = q * d + terms[power];
            }
            assertTrue(q > 0, "q(" + d + ") = " + q);
            double singularValue = q * Math.sqrt(1 + d);
            assertTrue(singularValue < 1.5, "q(" + d + ") = " + q);
            if (d >= least) {
                smallest = Math.min(smallest, singularValue);
                furthest = Math.max(furthest, Math.abs(singularValue - 1));
            }
        }
        assertTrue(furthest < within, "q is off by " + furthest);
        assertEquals(smallest * smallest - 1, InverseRoot.leastAfter(least, radius, terms), 2e-3);
    }

    private static void assertIsLeftToTheEigenvectors(int n, float[] u) {
        float[] expected = u.clone();
        try (WorkerPool pool = new WorkerPool(1)) {
            NewtonSchulz[] matrix = {new NewtonSchulz(n, VectorSupport.available())};
            float[] copy = u.clone();
            NewtonSchulz.replace(matrix, copy, 0, pool);
            assertFalse(matrix[0].isReplaced());
            assertArrayEquals(u, copy);
            Orthogonalizer orthogonalizer = new Orthogonalizer(pool, VectorSupport.available());
            orthogonalizer.orthogonalize(EIGEN, 1, n, expected);
            orthogonalizer.orthogonalize(NEWTON_SCHULZ, 1, n, u);
        }
        assertArrayEquals(expected, u);
    }

    private static float[] inThreads(int threads, int n) {
        float[] u = new float[3 * n * n];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(withSingularValues(n, 0.9, 1.5 + i, i), 0, u, i * n * n, n * n);
        }
        try (WorkerPool pool = new WorkerPool(threads)) {
            new Orthogonalizer(pool, VectorSupport.available()).orthogonalize(NEWTON_SCHULZ, 3, n, u);
        }
        return u;
    }

    /** The product of a random orthogonal matrix, a diagonal one and another random orthogonal one. */
    private static float[] withSingularValues(int n, double least, double largest, int seed) {
        float[] left = orthogonal(n, seed);
        float[] right = orthogonal(n, seed + 1000);
        float[] product = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < n; p++) {
                    sum += left[i * n + p]
                            * least
                            * Math.pow(largest / least, n == 1 ? 0 : p / (n - 1.0))
                            * right[j * n + p];
                }
                product[i * n + j] = (float) sum;
            }
        }
        return product;
    }

    private static float[] orthogonal(int n, int seed) {
        Random random = new Random(seed);
        float[] u = new float[n * n];
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) random.nextGaussian();
        }
        PolarFactor.replace(n, u, 0);
        return u;
    }

    /** The largest value of U^T U - I. */
    private static double deviation(int n, float[] u) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = i == j ? -1 : 0;
                for (int p = 0; p < n; p++) {
                    sum += (double) u[p * n + i] * u[p * n + j];
                }
                largest = Math.max(largest, Math.abs(sum));
            }
        }
        return largest;
    }
}
