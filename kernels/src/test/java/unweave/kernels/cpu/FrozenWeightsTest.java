package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;

/** What is derived from frozen weights is kept; results stay the same bytes. */
class FrozenWeightsTest {
    static List<ConvShape> shapes() {
        return List.of(
                ConvShape.same(2, 9, 11, 64, 64, 3),
                ConvShape.same(2, 9, 11, 8, 24, 3),
                ConvShape.same(1, 6, 5, 40, 33, 1),
                ConvShape.dense(3, 70, 20));
    }

    private static float[] values(long size, int seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] forward(CpuBackend backend, ConvShape shape, Floats w) {
        try (Floats x = backend.floats(values(shape.inputSize(), 1));
                Floats y = backend.floats(shape.outputSize())) {
            backend.convolutions().convForward(shape, x, w, null, false, y);
            return backend.toArray(y);
        }
    }

    private static float[] backward(CpuBackend backend, ConvShape shape, Floats w) {
        try (Floats dy = backend.floats(values(shape.outputSize(), 2));
                Floats dx = backend.floats(shape.inputSize())) {
            backend.convolutions().convBackwardInput(shape, dy, w, dx);
            return backend.toArray(dx);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void resultsAreTheSameBytes(ConvShape shape) {
        try (CpuBackend backend = CpuBackend.create(2);
                Floats w = backend.floats(values(shape.weightSize(), 3))) {
            float[] y = forward(backend, shape, w);
            float[] dx = backward(backend, shape, w);
            backend.freeze(w);
            for (int call = 0; call < 2; call++) {
                assertArrayEquals(y, forward(backend, shape, w));
                assertArrayEquals(dx, backward(backend, shape, w));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void nothingIsKeptBeyondTheWeights(ConvShape shape) {
        try (CpuBackend backend = CpuBackend.create(1)) {
            float[] first;
            try (Floats w = backend.floats(values(shape.weightSize(), 3))) {
                backend.freeze(w);
                first = forward(backend, shape, w);
            }
            try (Floats other = backend.floats(values(shape.weightSize(), 4))) { // in the same memory
                float[] second = forward(backend, shape, other);
                assertFalse(Arrays.equals(first, second));
                backend.fill(other, 0f);
                assertArrayEquals(new float[second.length], forward(backend, shape, other));
            }
        }
    }

    @Test
    void writingToFrozenValuesIsAnError() {
        try (CpuBackend backend = CpuBackend.create(1);
                Floats w = backend.floats(new float[6]);
                Floats other = backend.floats(new float[6])) {
            backend.freeze(w);
            assertThrows(IllegalStateException.class, () -> backend.upload(new float[6], 0, w, 0, 6));
            assertThrows(IllegalStateException.class, () -> backend.fill(w, 1f));
            assertThrows(IllegalStateException.class, () -> backend.copy(other, 0, w, 0, 6));
            assertThrows(IllegalStateException.class, () -> backend.training().sgd(.1f, 0f, 0f, other, other, w));
        }
    }
}
