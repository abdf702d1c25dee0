package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.kernels.Orthogonalization.EIGEN;
import static unweave.kernels.Orthogonalization.NEWTON_SCHULZ;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unweave.kernels.Ascent;

@Tag("vector-width")
class SubspaceKernelsTest {
    private final WorkerPool pool = new WorkerPool(2);
    private final SubspaceKernels kernels = new SubspaceKernels(pool, new CpuMemory(), VectorSupport.available());

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void orthogonalizeMakesOrthogonalMatrices() {
        int d = 128;
        float[] u = gaussian(2 * d * d, 1);
        kernels.orthogonalize(EIGEN, 2, d, u);
        assertTrue(distanceFromOrthogonal(Arrays.copyOf(u, d * d), d) < 1e-6);
        assertTrue(distanceFromOrthogonal(Arrays.copyOfRange(u, d * d, 2 * d * d), d) < 1e-6);
    }

    @Test
    void orthogonalMatricesStayAsTheyAre() {
        float[] u = gaussian(24 * 24, 2);
        kernels.orthogonalize(EIGEN, 1, 24, u);
        float[] again = u.clone();
        kernels.orthogonalize(EIGEN, 1, 24, again);
        assertArrayEquals(u, again, 2e-7f);
    }

    @Test
    void theScaleOfAMatrixIsDivided() {
        float[] u = {0f, -5f, 5f, 0f};
        kernels.orthogonalize(EIGEN, 1, 2, u);
        assertArrayEquals(new float[] {0f, -1f, 1f, 0f}, u, 1e-7f);
    }

    @Test
    void singularMatricesStayFinite() {
        float[] u = {1f, 1f, 1f, 1f};
        kernels.orthogonalize(EIGEN, 1, 2, u);
        for (float value : u) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void newtonSchulzFindsTheSameMatrixAsTheEigenvalues() {
        int d = 48;
        float[] u = gaussian(d * d, 12); // singular values from 0.01 to 14
        float[] byEigenvalues = u.clone();
        kernels.orthogonalize(EIGEN, 1, d, byEigenvalues);
        kernels.orthogonalize(NEWTON_SCHULZ, 1, d, u);
        assertArrayEquals(byEigenvalues, u, 1e-6f);
    }

    @Test
    void newtonSchulzLeavesSingularMatricesFinite() {
        float[] u = {1f, 1f, 1f, 1f};
        kernels.orthogonalize(NEWTON_SCHULZ, 1, 2, u);
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, u, 1e-6f);
    }

    @Test
    void gradientStepsRaiseTheObjective() {
        int rows = 300;
        int d = 12;
        float[] a = gaussian(rows * d, 3);
        float[] c = gaussian(rows * d, 4);
        float[] u = gaussian(d * d, 5);
        float[] gradient = new float[d * d];
        float[] objective = new float[40];
        kernels.orthogonalize(EIGEN, 1, d, u);
        for (int step = 0; step < objective.length; step++) {
            kernels.subspaceGradient(1, rows, 1, d, 3, a, c, u, gradient, objective, step);
            for (int i = 0; i < u.length; i++) {
                u[i] += 0.05f * gradient[i];
            }
            kernels.orthogonalize(EIGEN, 1, d, u);
            assertTrue(
                    step == 0 || objective[step] > objective[step - 1],
                    "step " + step + ": " + Arrays.toString(objective));
        }
    }

    @Test
    void startsDoNotTouchEachOther() {
        int rows = 100;
        int d = 20;
        float[] a = gaussian(rows * d, 6);
        float[] c = gaussian(rows * d, 7);
        float[] u = gaussian(3 * d * d, 8);
        float[] together = new float[3 * d * d];
        float[] objectives = new float[3];
        kernels.subspaceGradient(3, rows, 1, d, 4, a, c, u, together, objectives, 0);
        for (int s = 0; s < 3; s++) {
            float[] alone = new float[d * d];
            float[] objective = new float[1];
            kernels.subspaceGradient(
                    1, rows, 1, d, 4, a, c, Arrays.copyOfRange(u, s * d * d, (s + 1) * d * d), alone, objective, 0);
            assertArrayEquals(alone, Arrays.copyOfRange(together, s * d * d, (s + 1) * d * d));
            assertEquals(objective[0], objectives[s]);
        }
    }

    @Test
    void theConceptsOfAnOrthogonalMatrixAddUpToTheRelevance() {
        int rows = 50;
        int d = 24;
        float[] a = gaussian(rows * d, 9);
        float[] c = gaussian(rows * d, 10);
        float[] u = gaussian(d * d, 11);
        kernels.orthogonalize(EIGEN, 1, d, u);
        float[] concepts = new float[4 * rows * d];
        kernels.projectRelevance(rows, d, 4, u, a, c, concepts);
        for (int i = 0; i < rows * d; i++) {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += concepts[k * rows * d + i];
            }
            assertEquals(a[i] * c[i], sum, 1e-5);
        }
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        int rows = 900;
        int d = 40;
        float[] a = gaussian(rows * d, 13);
        float[] c = gaussian(rows * d, 14);
        float[] u = gaussian(2 * d * d, 15);
        float[] gradient = new float[2 * d * d];
        float[] objective = new float[2];
        kernels.subspaceGradient(2, rows, 1, d, 5, a, c, u, gradient, objective, 0);
        float[] gradientOfOne = new float[2 * d * d];
        float[] objectiveOfOne = new float[2];
        try (WorkerPool one = new WorkerPool(1)) {
            new SubspaceKernels(one, new CpuMemory(), VectorSupport.available())
                    .subspaceGradient(2, rows, 1, d, 5, a, c, u, gradientOfOne, objectiveOfOne, 0);
        }
        assertArrayEquals(gradient, gradientOfOne);
        assertArrayEquals(objective, objectiveOfOne);
    }

    @Test
    void threadsShareAnAscentOverSparseDataWithoutChangingABit() {
        int rows = 900;
        int d = 128;
        float[] a = gaussian(rows * d, 16);
        float[] c = gaussian(rows * d, 17);
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.max(0, a[i] - 0.5f);
            c[i] = a[i] == 0 || i / d % 10 == 0 ? 0 : c[i];
        }
        float[] u = gaussian(2 * d * d, 18);
        kernels.orthogonalize(EIGEN, 2, d, u);
        float[] uOfOne = u.clone();
        float[] gradient = new float[2 * d * d];
        float[] objective = new float[6];
        float[] objectiveOfOne = new float[6];
        Ascent ascent = new Ascent(2, rows, d, 4, 1f, EIGEN);
        kernels.ascend(ascent, 3, a, c, u, gradient, objective, 0);
        try (WorkerPool one = new WorkerPool(1)) {
            new SubspaceKernels(one, new CpuMemory(), VectorSupport.available())
                    .ascend(ascent, 3, a, c, uOfOne, gradient, objectiveOfOne, 0);
        }
        assertArrayEquals(u, uOfOne);
        assertArrayEquals(objective, objectiveOfOne);
        assertTrue(objective[4] > objective[0], Arrays.toString(objective));
    }

    @Test
    void dataThatBecomesSparserOrDenserIsLoadedAnew() {
        int rows = 210;
        int d = 64;
        float[] dense = gaussian(rows * d, 19);
        float[] sparse = dense.clone();
        for (int i = 0; i < sparse.length; i++) {
            sparse[i] = i % 4 == 0 ? sparse[i] : 0;
        }
        float[] u = gaussian(d * d, 20);
        for (float[] a : new float[][] {dense, sparse, dense, sparse}) {
            float[] expected = new float[d * d];
            new SubspaceKernels(pool, new CpuMemory(), VectorSupport.available())
                    .subspaceGradient(1, rows, 1, d, 2, a, a, u, expected, new float[1], 0);
            float[] gradient = new float[d * d];
            kernels.subspaceGradient(1, rows, 1, d, 2, a, a, u, gradient, new float[1], 0);
            assertArrayEquals(expected, gradient);
        }
    }

    @Test
    void subspacesOfUnequalSizeAreRefused() {
        float[] values = new float[49];
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> kernels.subspaceGradient(1, 7, 1, 7, 2, values, values, values, values, new float[1], 0));
        assertEquals("7 dimensions cannot be cut into 2 subspaces of equal size", error.getMessage());
    }

    private static double distanceFromOrthogonal(float[] u, int d) {
        double largest = 0;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double product = i == j ? -1 : 0;
                for (int row = 0; row < d; row++) {
                    product += (double) u[row * d + i] * u[row * d + j];
                }
                largest = Math.max(largest, Math.abs(product));
            }
        }
        return largest;
    }

    private static float[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
