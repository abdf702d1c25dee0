package unweave.engine.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.cpu.CpuBackend;

class TapeTest {
    private final Backend backend = CpuBackend.create(1);
    private Tape tape;

    @BeforeEach
    void open() {
        tape = Tape.training(backend, 1);
    }

    @AfterEach
    void close() {
        tape.close();
        backend.close();
    }

    @Test
    void gradientsOfATensorThatIsReadTwiceAddUp() {
        Tensor x = tape.inputWithGradient(backend.floats(new float[] {1, -2}), 1, 2);
        Tensor y = tape.add("sum", x, tape.relu("relu", x));
        assertArrayEquals(new float[] {20, 30}, gradient(y, new float[] {10, 30}, x));
    }

    @Test
    void parameterGradientsAddUpUntilTheyAreCleared() {
        try (Parameter w = new Parameter(backend, "w", new int[] {1, 1}, true, new float[] {3})) {
            Tensor x = tape.input(backend.floats(new float[] {5}), 1, 1);
            Tensor y = tape.dense("dense", x, w, null, false);
            tape.backward(y, backend.floats(new float[] {1}), List.of());
            tape.backward(y, backend.floats(new float[] {1}), List.of());
            assertArrayEquals(new float[] {10}, backend.toArray(w.gradient()));
            w.clearGradient();
            tape.backward(y, backend.floats(new float[] {2}), List.of());
            assertArrayEquals(new float[] {10}, backend.toArray(w.gradient()));
        }
    }

    /**
     * A 1 x 1 convolution with a fused ReLU over four pixels, of which pooling takes two; the second window holds no
     * positive value.
     */
    @Test
    void theFusedReluBeforePoolingIsUndoneOnceAndWantedGradientsStayUnmasked() {
        try (Parameter w = new Parameter(backend, "w", new int[] {1, 1, 1, 1}, true, new float[] {2})) {
            Tensor x = tape.inputWithGradient(backend.floats(new float[] {1, 4, -1, -3}), 1, 1, 4, 1);
            Tensor y = tape.conv("conv", x, new ConvShape(1, 1, 4, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1), w, null, true);
            Tensor pooled = tape.maxPool("pool", y, new PoolShape(1, 1, 4, 1, 1, 2, 1, 2, 0, 0));
            assertArrayEquals(new float[] {0, 14, 0, 0}, gradient(pooled, new float[] {7, 5}, x));
            assertArrayEquals(new float[] {0, 7, 5, 0}, gradient(pooled, new float[] {7, 5}, y));
            Tensor both = tape.add("sum", tape.avgPool("mean", y, new PoolShape(1, 1, 4, 1, 1, 2, 1, 2, 0, 0)), pooled);
            assertArrayEquals(
                    new float[] {1, 3, 0, 0},
                    gradient(both, new float[] {1, 1}, x),
                    0,
                    "a half of each in the mean, the larger one in the maximum");
        }
    }

    @Test
    void convolutionReluAndPoolingInOnePassGiveTheBytesOfTheThree() {
        ConvShape shape = ConvShape.same(2, 9, 8, 3, 16, 3);
        PoolShape pool = PoolShape.square(2, 9, 8, 16, 2);
        float[] values = noise((int) shape.inputSize(), 1);
        float[] start = noise((int) pool.outputSize(), 2);
        try (Parameter w =
                        new Parameter(backend, "w", new int[] {3, 3, 3, 16}, true, noise((int) shape.weightSize(), 3));
                Parameter b = new Parameter(backend, "b", new int[] {16}, true, noise(16, 4))) {
            Tensor x = tape.inputWithGradient(backend.floats(values), 2, 9, 8, 3);
            Tensor separate = tape.maxPool("pool", tape.conv("conv", x, shape, w, b, true), pool);
            float[] dx = gradient(separate, start, x);
            float[] dw = backend.toArray(w.gradient());
            float[] db = backend.toArray(b.gradient());
            w.clearGradient();
            b.clearGradient();
            Tensor fused = tape.convPool("conv", "pool", x, shape, w, b, pool);
            assertArrayEquals(backend.toArray(separate.data()), backend.toArray(fused.data()));
            assertArrayEquals(dx, gradient(fused, start, x));
            assertArrayEquals(dw, backend.toArray(w.gradient()));
            assertArrayEquals(db, backend.toArray(b.gradient()));
        }
    }

    @Test
    void aTapeOfPredictionsGivesTheSameAndHasNoWayBack() {
        ConvShape shape = ConvShape.same(2, 9, 8, 1, 16, 3);
        PoolShape pool = PoolShape.square(2, 9, 8, 16, 2);
        try (Parameter w =
                        new Parameter(backend, "w", new int[] {3, 3, 1, 16}, true, noise((int) shape.weightSize(), 3));
                Tape prediction = Tape.prediction(backend)) {
            float[] x = noise((int) shape.inputSize(), 1);
            Tensor expected =
                    tape.convPool("conv", "pool", tape.input(backend.floats(x), 2, 9, 8, 1), shape, w, null, pool);
            Tensor actual = prediction.convPool(
                    "conv", "pool", prediction.input(backend.floats(x), 2, 9, 8, 1), shape, w, null, pool);
            assertArrayEquals(backend.toArray(expected.data()), backend.toArray(actual.data()));
            try (Floats start = backend.floats(actual.size())) {
                String message = assertThrows(
                                IllegalStateException.class, () -> prediction.backward(actual, start, List.of()))
                        .getMessage();
                assertTrue(message.contains("Tape.training"), message);
            }
        }
    }

    @Test
    void activationsBeforePoolingAreComputedWhenTheyAreRead() {
        ConvShape shape = ConvShape.same(2, 9, 8, 3, 16, 3);
        PoolShape pool = PoolShape.square(2, 9, 8, 16, 2);
        try (Parameter w =
                        new Parameter(backend, "w", new int[] {3, 3, 3, 16}, true, noise((int) shape.weightSize(), 3));
                Parameter b = new Parameter(backend, "b", new int[] {16}, true, noise(16, 4));
                Tape lazy = Tape.inference(backend)) {
            Tensor x = lazy.input(backend.floats(noise((int) shape.inputSize(), 1)), 2, 9, 8, 3);
            Tensor pooled = lazy.convPool("conv", "pool", x, shape, w, b, pool);
            Node conv = ((ConvPoolNode) lazy.nodes().get(0)).linear();
            assertEquals("conv", conv.layer());
            assertArrayEquals(new int[] {2, 9, 8, 16}, conv.output().shape());
            Tensor activation = lazy.conv("same", x, shape, w, b, true);
            assertArrayEquals(
                    backend.toArray(activation.data()),
                    backend.toArray(conv.output().data()));
            assertSame(conv.output().data(), conv.output().data(), "computed once");
            Tensor apart = lazy.maxPool("apart", activation, pool);
            assertArrayEquals(backend.toArray(apart.data()), backend.toArray(pooled.data()));
        }
    }

    private static float[] noise(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private float[] gradient(Tensor from, float[] start, Tensor at) {
        try (Floats arrived =
                tape.backward(from, backend.floats(start), List.of(at)).get(0)) {
            return backend.toArray(arrived);
        }
    }

    @Test
    void wantedGradientsComeInOrderAndNullWhereNoneArrives() {
        Tensor x = tape.inputWithGradient(backend.floats(new float[] {1}), 1, 1);
        Tensor other = tape.inputWithGradient(backend.floats(new float[] {1}), 1, 1);
        Tensor y = tape.relu("relu", x);
        List<Floats> gradients = tape.backward(y, backend.floats(new float[] {4}), List.of(other, y, x));
        assertNull(gradients.get(0));
        assertArrayEquals(new float[] {4}, backend.toArray(gradients.get(1)));
        assertArrayEquals(new float[] {4}, backend.toArray(gradients.get(2)));
        gradients.get(1).close();
        gradients.get(2).close();
    }

    @Test
    void dropoutDropsTheSameValuesForwardsAndBackwards() {
        float[] ones = new float[1000];
        Arrays.fill(ones, 1f);
        Tensor x = tape.inputWithGradient(backend.floats(ones), 1, 1000);
        Tensor y = tape.dropout("dropout", x, 0.5f);
        float[] kept = backend.toArray(y.data());
        assertArrayEquals(kept, gradient(y, ones, x));
        int zeros = 0;
        for (float value : kept) {
            assertTrue(value == 0f || value == 2f);
            zeros += value == 0f ? 1 : 0;
        }
        assertEquals(500, zeros, 80);
        try (Tape inference = Tape.inference(backend)) {
            assertSame(x, inference.dropout("dropout", x, 0.5f));
        }
    }

    @Test
    void backwardStartsFromTheMeanLoss() {
        Tensor logits = tape.inputWithGradient(backend.floats(new float[] {0, 0, 0, 0}), 2, 2);
        try (Ints labels = backend.ints(new int[] {0, 1})) {
            Tensor losses = tape.crossEntropy("loss", logits, labels);
            assertArrayEquals(
                    new float[] {(float) Math.log(2), (float) Math.log(2)}, backend.toArray(losses.data()), 1e-6f);
            assertArrayEquals(
                    new float[] {-0.25f, 0.25f, 0.25f, -0.25f},
                    gradient(losses, new float[] {0.5f, 0.5f}, logits),
                    1e-6f);
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Tensor a = tape.input(backend.floats(new float[8]), 2, 4);
        Tensor b = tape.input(backend.floats(new float[4]), 2, 2);
        assertEquals(
                "layer sum reads [Tensor[2, 4], Tensor[2, 2]]: 2x1x1x4 and 2x1x1x2 do not fit together: lengths must be "
                        + "equal, or one of them 1",
                assertThrows(IllegalArgumentException.class, () -> tape.add("sum", a, b))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> tape.input(backend.floats(4), 3, 1));
    }
}
