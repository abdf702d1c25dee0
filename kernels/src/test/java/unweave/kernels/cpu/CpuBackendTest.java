package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

class CpuBackendTest {
    @Test
    void valuesSurviveTheWayInAndOut() {
        try (CpuBackend backend = CpuBackend.create(1)) {
            Floats x = backend.floats(5);
            backend.fill(x, 1f);
            backend.upload(new float[] {9, 2, 3}, 1, x, 2, 2);
            Floats y = backend.floats(6);
            backend.fill(y, 0f);
            backend.copy(x, 1, y, 3, 3);
            assertArrayEquals(new float[] {0, 0, 0, 1, 2, 3}, backend.toArray(y));
            Ints labels = backend.ints(new int[] {4, 5, 6});
            int[] two = new int[2];
            backend.download(labels, 1, two, 0, 2);
            assertArrayEquals(new int[] {5, 6}, two);
        }
    }

    @Test
    void scalarKernelsCanBeForced() {
        try (CpuBackend backend = CpuBackend.create(2, Simd.SCALAR)) {
            assertEquals("CPU, scalar, 2 threads", backend.description());
        }
    }

    @Tag("vector-width")
    @Test
    void forcedSimdIsUsedOrRefused() {
        if (VectorSupport.available()) {
            try (CpuBackend backend = CpuBackend.create(1, Simd.VECTOR)) {
                assertTrue(backend.description().endsWith("-bit SIMD, 1 thread"), backend.description());
            }
        } else {
            assertThrows(IllegalStateException.class, () -> CpuBackend.create(1, Simd.VECTOR));
        }
    }

    @Test
    void memoryOfAnotherKindIsRefused() {
        Floats foreign = new Floats() {
            @Override
            public long size() {
                return 3;
            }

            @Override
            public void close() {}
        };
        try (CpuBackend backend = CpuBackend.create(1)) {
            assertThrows(IllegalArgumentException.class, () -> backend.fill(foreign, 0f));
        }
    }

    @Test
    void operandsOfTheWrongSizeAreRefused() {
        try (CpuBackend backend = CpuBackend.create(1)) {
            ConvShape shape = ConvShape.dense(2, 3, 4);
            Floats x = backend.floats(6);
            Floats w = backend.floats(11);
            Floats y = backend.floats(8);
            assertThrows(IllegalArgumentException.class, () -> backend.convolutions()
                    .convForward(shape, x, w, null, false, y));
        }
    }
}
