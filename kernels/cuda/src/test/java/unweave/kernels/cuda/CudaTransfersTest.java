package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;

class CudaTransfersTest {
    private CudaBackend backend;

    @BeforeEach
    void open() {
        backend = TestGpu.open();
    }

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    /** Sizes around one piece (1 Mi values) of the staging memory and beyond all of it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_001})
    void whatGoesUpComesDown(int size) {
        float[] values = ramp(size, 0.5f);
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> -i);
        try (Floats floats = backend.floats(values);
                Ints ints = backend.ints(indices)) {
            assertArrayEquals(values, backend.toArray(floats));
            assertArrayEquals(indices, backend.toArray(ints));
        }
    }

    @Test
    void partsOfArraysMoveToPartsOfMemory() {
        float[] values = ramp(100, 1);
        try (Floats x = backend.floats(50)) {
            backend.fill(x, -2);
            backend.upload(values, 7, x, 10, 5);
            float[] all = backend.toArray(x);
            assertEquals(-2, all[9]);
            assertArrayEquals(Arrays.copyOfRange(values, 7, 12), Arrays.copyOfRange(all, 10, 15));
            assertEquals(-2, all[15]);
            float[] target = new float[10];
            backend.download(x, 11, target, 4, 3);
            assertArrayEquals(new float[] {0, 0, 0, 0, 8, 9, 10, 0, 0, 0}, target);
        }
    }

    @Test
    void uploadsAndComputingKeepTheOrderOfTheCalls() {
        int size = 300_000;
        try (Floats x = backend.floats(size);
                Floats y = backend.floats(size)) {
            float[] source = new float[size];
            for (int round = 0; round < 50; round++) {
                Arrays.fill(source, round);
                backend.upload(source, 0, x, 0, size);
                Arrays.fill(source, -1); // free for reuse as soon as the call returns
                backend.copy(x, 0, y, 0, size);
                backend.fill(x, 99);
                if (round % 10 == 0) {
                    float[] expected = new float[size];
                    Arrays.fill(expected, round);
                    assertArrayEquals(expected, backend.toArray(y));
                }
            }
        }
    }

    @Test
    void memoryThatIsGivenBackServesTheNextUploadInOrder() {
        float[] first = ramp(100_000, 1);
        float[] second = ramp(100_000, -1);
        try (Floats result = backend.floats(100_000)) {
            try (Floats x = backend.floats(first)) {
                backend.copy(x, 0, result, 0, x.size());
            }
            try (Floats same = backend.floats(second)) { // the same block, while the copy above may still be queued
                assertArrayEquals(first, backend.toArray(result));
                assertArrayEquals(second, backend.toArray(same));
            }
        }
    }

    @Test
    void partsMoveWithinTheDevice() {
        try (Floats x = backend.floats(ramp(20, 1));
                Floats y = backend.floats(20)) {
            backend.fill(y, Float.NaN);
            backend.copy(x, 5, y, 2, 3);
            float[] expected = new float[20];
            Arrays.fill(expected, Float.NaN);
            System.arraycopy(new float[] {5, 6, 7}, 0, expected, 2, 3);
            assertArrayEquals(expected, backend.toArray(y));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Floats x = backend.floats(10);
                Ints indices = backend.ints(10)) {
            assertThrows(IndexOutOfBoundsException.class, () -> backend.upload(new float[20], 0, x, 0, 11));
            assertThrows(IndexOutOfBoundsException.class, () -> backend.upload(new int[5], 0, indices, 0, 6));
            assertThrows(IndexOutOfBoundsException.class, () -> backend.download(x, 5, new float[20], 0, 6));
            assertThrows(IndexOutOfBoundsException.class, () -> backend.copy(x, 0, x, -1, 2));
        }
    }

    @Test
    void foreignAndClosedMemoryIsRefused() {
        Floats closed = backend.floats(4);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> backend.fill(closed, 1));
        try (CpuBackend cpu = CpuBackend.create(1);
                Floats foreign = cpu.floats(4)) {
            assertThrows(IllegalArgumentException.class, () -> backend.fill(foreign, 1));
        }
    }

    private static float[] ramp(int size, float step) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i * step;
        }
        return values;
    }
}
