package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.cpu.Simd;

class TrainingStepTest {
    private static final int BATCH = 3;
    private static final int STEPS = 4;
    /** All kinds of layers that keep something from step to step or draw numbers. */
    private static final ModelDescription NETWORK = ModelDescription.parse(
            """
      {"input": {"height": 12, "width": 8}, "classes": ["a", "b", "c"], "layers": [
        {"name": "conv1", "kind": "conv", "filters": 8, "kernel": 3, "padding": 1}, {"name": "relu1", "kind": "relu"},
        {"name": "pool1", "kind": "maxpool", "window": 2},
        {"name": "conv2", "kind": "conv", "filters": 4, "kernel": 3, "padding": 1, "bias": false}, {"name": "norm2",
          "kind": "batchnorm"},
        {"name": "relu2", "kind": "relu"}, {"name": "flatten", "kind": "flatten"}, {"name": "dense1",
          "kind": "dense", "units": 6},
        {"name": "relu3", "kind": "relu"}, {"name": "dropout1", "kind": "dropout", "probability": 0.4},
        {"name": "dense2", "kind": "dense", "units": 3}]}""");

    @Test
    void recordedStepsGiveTheBytesOfStepsCallByCall() {
        for (Optimizer optimizer : new Optimizer[] {Optimizer.adam(0.01f, 1e-3f), new Optimizer.Sgd(0.1f, 0.9f, 0f)}) {
            try (Backend backend = CpuBackend.create(2);
                    Model model = Model.create(NETWORK, backend, 1);
                    Model expected = Model.create(NETWORK, backend, 1);
                    OptimizerState state = new OptimizerState(optimizer, model);
                    OptimizerState expectedState = new OptimizerState(optimizer, expected);
                    TrainingStep step = new TrainingStep(model, state, BATCH)) {
                for (int i = 0; i < STEPS; i++) {
                    step.run(inputs(i), labels(i), i);
                    assertArrayEquals(
                            callByCall(expected, expectedState, i),
                            backend.toArray(step.losses()),
                            "losses of step " + i);
                }
                assertSame(expected.weights(), model.weights());
                assertSame(expectedState.values(), state.values());
            }
        }
    }

    private static float[] callByCall(Model model, OptimizerState state, int i) {
        Backend backend = model.backend();
        try (Tape tape = Tape.training(backend, i);
                Ints labels = backend.ints(labels(i))) {
            Tensor x = tape.input(backend.floats(inputs(i)), NETWORK.input().ofBatch(BATCH));
            Tensor loss = tape.crossEntropy("loss", model.forward(tape, x), labels);
            tape.backward(loss);
            state.update();
            return backend.toArray(loss.data());
        }
    }

    private static void assertSame(Map<String, float[]> expected, Map<String, float[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
    }

    /**
     * Without SIMD, as the Vector API makes objects until its code is compiled; the least of many steps, as the JVM
     * loads classes at any time.
     */
    @Test
    void aPlayedStepAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Backend backend = CpuBackend.create(1, Simd.SCALAR);
                Model model = Model.create(NETWORK, backend, 1);
                OptimizerState state = new OptimizerState(Optimizer.adam(0.01f, 0f), model);
                TrainingStep step = new TrainingStep(model, state, BATCH)) {
            float[] inputs = inputs(0);
            int[] labels = labels(0);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 50; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                step.run(inputs, labels, i);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least);
        }
    }

    @Test
    void aBatchOfAnotherSizeIsRefused() {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(NETWORK, backend, 1);
                OptimizerState state = new OptimizerState(Optimizer.adam(0.01f, 0f), model);
                TrainingStep step = new TrainingStep(model, state, BATCH)) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> step.run(new float[96], new int[1], 1));
            assertEquals("a step of 3 inputs with 288 values was given 1 with 96", refused.getMessage());
            assertEquals(0, state.step());
        }
    }

    private static float[] inputs(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] inputs = new float[BATCH * 12 * 8];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        return inputs;
    }

    private static int[] labels(int seed) {
        int[] labels = new int[BATCH];
        Arrays.setAll(labels, i -> (i + seed) % 3);
        return labels;
    }
}
