package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Recording;

/** What is recorded operation by operation is checked by the table of operations. */
class CpuRecordingTest {
    private final CpuBackend backend = CpuBackend.create(2);
    private final Floats x = backend.floats(new float[] {1, 2, 3});

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void nothingIsComputedBeforeItIsPlayed() {
        try (Recording recording = backend.record(() -> backend.elementwise().add(x, x, x))) {
            assertArrayEquals(new float[] {1, 2, 3}, backend.toArray(x));
            recording.play();
            recording.play();
            assertArrayEquals(new float[] {4, 8, 12}, backend.toArray(x));
        }
    }

    @Test
    void memoryBetweenTheOperationsServesNobodyElse() {
        float[][] between = new float[1][];
        Recording recording = backend.record(() -> {
            try (CpuFloats twice = (CpuFloats) backend.floats(3)) {
                between[0] = twice.array;
                backend.elementwise().add(x, x, twice);
                backend.elementwise().add(x, twice, x);
            }
            assertSame(between[0], ((CpuFloats) backend.floats(3)).array, "but the recording itself uses it again");
        });
        assertNotSame(between[0], ((CpuFloats) backend.floats(3)).array);
        recording.close();
    }

    @Test
    void aClosedRecordingGivesItsMemoryBack() {
        float[][] between = new float[1][];
        Recording recording = backend.record(() -> {
            CpuFloats scratch = (CpuFloats) backend.floats(17);
            between[0] = scratch.array;
            scratch.close();
        });
        recording.close();
        recording.close();
        assertSame(between[0], ((CpuFloats) backend.floats(17)).array);
        assertNotSame(between[0], ((CpuFloats) backend.floats(17)).array);
        assertThrows(IllegalStateException.class, recording::play);
    }

    @Test
    void whatCannotBeRecordedIsRefusedAndTheBackendGoesOn() {
        assertRefused("an upload cannot be recorded", () -> backend.upload(new float[3], 0, x, 0, 3));
        assertRefused("a download cannot be recorded", () -> backend.toArray(x));
        assertRefused("orthogonalize cannot be recorded", () -> backend.subspaces()
                .orthogonalize(Orthogonalization.EIGEN, 1, 1, x));
        assertRefused("another recording cannot be recorded", () -> backend.record(() -> {}));
        backend.elementwise().add(x, x, x);
        assertArrayEquals(new float[] {2, 4, 6}, backend.toArray(x));
    }

    private void assertRefused(String message, Runnable operations) {
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> backend.record(operations))
                        .getMessage());
    }
}
