package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.kernels.Ascent;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.cpu.CpuBackend;

class CudaSubspacesTest {
    private static final int STARTS = 2;
    private static final int ROWS = 300;
    private static final int D = 16;
    private static final Ascent EIGEN = new Ascent(STARTS, ROWS, D, 4, 1f, Orthogonalization.EIGEN);
    private static CudaBackend gpu;
    private static Backend cpu;

    @BeforeAll
    static void openBackends() {
        gpu = TestGpu.open();
        cpu = CpuBackend.create(1);
    }

    @AfterAll
    static void closeBackends() {
        if (gpu != null) {
            gpu.close();
            cpu.close();
        }
    }

    @Test
    void climbsInPiecesAsTheProcessorDoes() {
        float[] expected = objectives(cpu, EIGEN, 20, 20);
        float[] actual = objectives(gpu, EIGEN, 20, 20);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5f * expected[i], "objective " + i);
        }
        assertTrue(
                actual[40 * STARTS] > 1.05f * actual[0],
                "the objective rises from " + actual[0] + " to " + actual[40 * STARTS]);
    }

    @Test
    void theSameClimbGivesTheSameBytesWhateverWasComputedBefore() {
        float[] first = objectives(gpu, EIGEN, 7, 12);
        objectives(gpu, new Ascent(STARTS, ROWS, D, 2, 0.5f, Orthogonalization.NEWTON_SCHULZ), 3, 2);
        assertArrayEquals(first, objectives(gpu, EIGEN, 7, 12));
    }

    @Test
    void newtonSchulzClimbsLikeTheEigenvalues() {
        float[] expected = objectives(gpu, EIGEN, 1, 39);
        float[] actual = objectives(gpu, new Ascent(STARTS, ROWS, D, 4, 1f, Orthogonalization.NEWTON_SCHULZ), 1, 39);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5f * expected[i], "objective " + i);
        }
    }

    @Test
    void theBackendTellsWhichWayIsTakenUnlessOneIsNamed() {
        for (Backend backend : new Backend[] {gpu, cpu}) {
            float[] automatic = orthogonalized(backend, Orthogonalization.AUTO);
            assertArrayEquals(orthogonalized(backend, backend.fastestOrthogonalization()), automatic);
        }
    }

    private static float[] orthogonalized(Backend backend, Orthogonalization method) {
        try (Floats u = backend.floats(gaussian(20 * 20, 8))) {
            backend.subspaces().orthogonalize(method, 1, 20, u);
            return backend.toArray(u);
        }
    }

    @Test
    void singularMatricesStayFinite() {
        float[] ones = {1f, 1f, 1f, 1f};
        for (Orthogonalization method : Orthogonalization.values()) {
            try (Floats u = gpu.floats(ones)) {
                gpu.subspaces().orthogonalize(method, 1, 2, u);
                for (float value : gpu.toArray(u)) {
                    assertTrue(Float.isFinite(value), method + " gives " + value);
                }
            }
        }
    }

    @Test
    void whatIsNoNumberStaysNoNumber() {
        float[] broken = gaussian(9, 6);
        broken[4] = Float.NaN;
        for (Orthogonalization method : Orthogonalization.values()) {
            try (Floats u = gpu.floats(broken)) {
                gpu.subspaces().orthogonalize(method, 1, 3, u);
                assertTrue(Float.isNaN(gpu.toArray(u)[0]), method.toString());
            }
        }
    }

    @Test
    void objectivesWithoutRoomAreRefused() {
        try (Floats a = gpu.floats(ROWS * D);
                Floats u = gpu.floats(STARTS * D * D);
                Floats gradient = gpu.floats(u.size());
                Floats few = gpu.floats(9)) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> gpu.subspaces().ascend(EIGEN, 4, a, a, u, gradient, few, 2));
        }
    }

    /** J before every step and after the last, taken in two pieces. */
    private static float[] objectives(Backend backend, Ascent ascent, int firstSteps, int moreSteps) {
        int steps = firstSteps + moreSteps;
        float[] activations = gaussian(ROWS * D, 1);
        for (int i = 0; i < activations.length; i++) {
            activations[i] = Math.max(0, activations[i]) / 2;
        }
        try (Floats a = backend.floats(activations);
                Floats c = backend.floats(gaussian(ROWS * D, 2));
                Floats u = backend.floats(gaussian(STARTS * D * D, 3));
                Floats gradient = backend.floats(u.size());
                Floats objective = backend.floats((steps + 1L) * STARTS)) {
            backend.subspaces().orthogonalize(Orthogonalization.EIGEN, STARTS, D, u);
            backend.subspaces().ascend(ascent, firstSteps, a, c, u, gradient, objective, 0);
            backend.subspaces().ascend(ascent, moreSteps, a, c, u, gradient, objective, (long) firstSteps * STARTS);
            backend.subspaces()
                    .subspaceGradient(
                            STARTS,
                            ROWS,
                            1,
                            D,
                            ascent.subspaces(),
                            a,
                            c,
                            u,
                            gradient,
                            objective,
                            (long) steps * STARTS);
            return backend.toArray(objective);
        }
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
