package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.Counter;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.WeightTransform;
import unweave.kernels.cpu.CpuBackend;

/** Where the GPU must do exactly as the CPU, and what it says to operands that do not fit. */
class CudaElementwiseTest {
    private static final float[] SPECIAL = {
        Float.NaN, -0f, 0f, 1f, -1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.25f, -0.25f
    };

    private static CudaBackend gpu;
    private static Backend cpu;

    @BeforeAll
    static void open() {
        gpu = TestGpu.open();
        cpu = CpuBackend.create(1);
    }

    @AfterAll
    static void close() {
        if (gpu != null) {
            gpu.close();
            cpu.close();
        }
    }

    @Test
    void dropoutDrawsTheNumbersOfTheCpu() {
        float[] x = gaussian(100_003);
        for (long seed : new long[] {0, -1, 0x1234_5678_9abc_def0L}) {
            assertSameBits(x, backend -> values -> {
                try (Ints halves = backend.ints(Counter.values(seed))) {
                    backend.elementwise().dropout(0.3f, halves, 5, values, values);
                }
            });
        }
    }

    @Test
    void zerosInfinitiesAndNaNAreThoseOfTheCpu() {
        assertSameBits(SPECIAL, backend -> values -> backend.elementwise().relu(values, values));
        assertSameBits(SPECIAL, backend -> values -> backend.elementwise().reluBackward(values, values, values));
        assertSameBits(SPECIAL, backend -> values -> backend.propagation().positivePart(values, values));
        assertSameBits(SPECIAL, backend -> values -> backend.propagation().negativePart(values, values));
        assertSameBits(SPECIAL, backend -> values -> backend.propagation().clippedDenominator(0.5f, values, values));
        assertSameBits(
                SPECIAL, backend -> values -> backend.propagation().stabilizedDivide(0f, values, values, values));
        assertSameBits(
                SPECIAL, backend -> values -> backend.propagation().stabilizedDivide(0.5f, values, values, values));
        assertSameBits(
                SPECIAL,
                backend -> values -> backend.propagation().selectiveDivide(0f, -1f, values, values, values, values));
    }

    @Test
    void weightTransformsAreThoseOfTheEnum() {
        float[] weights = gaussian(1001);
        for (WeightTransform transform : WeightTransform.values()) {
            float[] actual = applied(gpu, weights, w -> gpu.propagation().transformWeights(transform, 0.25f, w, w));
            for (int i = 0; i < weights.length; i++) {
                assertEquals(transform.apply(weights[i], 0.25f), actual[i], 1e-6f, transform.toString());
            }
        }
    }

    @Test
    void moreImagesThanAGridHasRows() {
        PoolShape shape = PoolShape.square(70_000, 2, 2, 1, 2);
        float[] x = gaussian(4 * 70_000);
        float[] expected = pooled(cpu, shape, x);
        assertArrayEquals(expected, pooled(gpu, shape, x));
    }

    /** The largest values, carried back to where they came from. */
    private static float[] pooled(Backend backend, PoolShape shape, float[] x) {
        try (Floats values = backend.floats(x);
                Floats y = backend.floats(shape.outputSize());
                Ints winners = backend.ints(shape.outputSize())) {
            backend.pooling().maxPoolForward(shape, values, y, winners);
            backend.pooling().maxPoolBackward(shape, y, winners, values);
            return backend.toArray(values);
        }
    }

    @Test
    void aRowOrLabelThatDoesNotExistGivesNaN() {
        try (Floats x = gpu.floats(gaussian(20));
                Ints rows = gpu.ints(new int[] {3, 5, -1, 0});
                Floats y = gpu.floats(16)) {
            gpu.elementwise().gatherRows(4, x, rows, y);
            float[] gathered = gpu.toArray(y);
            for (int i = 0; i < gathered.length; i++) {
                assertEquals(i / 4 == 1 || i / 4 == 2, Float.isNaN(gathered[i]), "value " + i);
            }
        }
        try (Floats logits = gpu.floats(gaussian(6));
                Ints labels = gpu.ints(new int[] {0, 2, 3});
                Floats losses = gpu.floats(3);
                Floats gradient = gpu.floats(6)) {
            gpu.training().softmaxCrossEntropy(2, logits, labels, losses, gradient);
            float[] loss = gpu.toArray(losses);
            assertTrue(loss[0] > 0 && Float.isNaN(loss[1]) && Float.isNaN(loss[2]));
        }
    }

    @Test
    void operandsThatDoNotFitAreRefused() {
        try (Floats six = gpu.floats(6);
                Floats four = gpu.floats(4);
                Ints winners = gpu.ints(3)) {
            assertRefused("an operand has 4 values where 6 are needed", () -> gpu.elementwise()
                    .relu(six, four));
            assertRefused("a repeating operand of 4 values does not divide 6 values", () -> gpu.elementwise()
                    .add(six, four, six));
            assertRefused("6 values are not rows of 4 values", () -> gpu.normalization()
                    .batchNormInference(4, six, four, four, 0f, four, four, six));
            assertRefused("3 columns from 0 of 3 do not fit at 1 of 2", () -> gpu.elementwise()
                    .copyColumns(3, six, 3, 0, four, 2, 1));
            PoolShape shape = PoolShape.square(1, 2, 2, 1, 1);
            assertRefused("winners have 3 values where 4 are needed", () -> gpu.pooling()
                    .maxPoolForward(shape, four, four, winners));
        }
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static void assertSameBits(float[] values, Function<Backend, Consumer<Floats>> operation) {
        float[] expected = applied(cpu, values, operation.apply(cpu));
        float[] actual = applied(gpu, values, operation.apply(gpu));
        for (int i = 0; i < values.length; i++) {
            // floatToIntBits: any NaN is as good as any other
            assertEquals(
                    Float.floatToIntBits(expected[i]),
                    Float.floatToIntBits(actual[i]),
                    "value " + i + ": " + actual[i] + " for " + values[i]);
        }
    }

    private static float[] applied(Backend backend, float[] values, Consumer<Floats> operation) {
        try (Floats memory = backend.floats(values)) {
            operation.accept(memory);
            return backend.toArray(memory);
        }
    }

    private static float[] gaussian(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
