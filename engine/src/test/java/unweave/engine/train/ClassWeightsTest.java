package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** The weighted cross-entropy sum(w l) / sum(w), of PyTorch's CrossEntropyLoss(weight=w). */
class ClassWeightsTest {
    private static final ModelDescription LINEAR = ModelDescription.parse(
            """
      {"input": {"height": 1, "width": 1, "channels": 3}, "classes": ["a", "b", "c"], "layers": [
        {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 3}]}""");
    private static final List<Float> WEIGHTS = List.of(1f, 2f, 5f);

    /** The parameters after one step of rate 1 without momentum: what they were, less the gradient. */
    private static Map<String, float[]> afterOneStep(
            Backend backend, Map<String, float[]> start, float[] inputs, int[] labels, List<Float> weights) {
        try (Model model = Model.create(LINEAR, backend, 1);
                OptimizerState state = new OptimizerState(new Optimizer.Sgd(1, 0, 0), model);
                TrainingStep step = new TrainingStep(model, state, labels.length, weights)) {
            model.setWeights(start);
            step.run(inputs, labels, 1);
            return model.weights();
        }
    }

    /** Logits of 0, so that each class has 1/3: the bias' gradient is 1/3 less the class' share of the weights. */
    @Test
    void gradientByHand() {
        try (Backend backend = CpuBackend.create(1)) {
            Map<String, float[]> zero = Map.of("dense.weight", new float[9], "dense.bias", new float[3]);
            Map<String, float[]> after = afterOneStep(backend, zero, new float[9], new int[] {0, 1, 2}, WEIGHTS);
            float third = 1 / 3f;
            assertArrayEquals(
                    new float[] {1 / 8f - third, 2 / 8f - third, 5 / 8f - third}, after.get("dense.bias"), 1e-6f);
        }
    }

    @Test
    void gradientByDifferences() {
        SplittableRandom random = new SplittableRandom(4);
        float[] inputs = gaussian(random, 12);
        int[] labels = {2, 0, 2, 1};
        try (Backend backend = CpuBackend.create(1)) {
            Map<String, float[]> start = Map.of("dense.weight", gaussian(random, 9), "dense.bias", gaussian(random, 3));
            Map<String, float[]> after = afterOneStep(backend, start, inputs, labels, WEIGHTS);
            for (String name : start.keySet()) {
                for (int i = 0; i < start.get(name).length; i++) {
                    double gradient = start.get(name)[i] - after.get(name)[i];
                    double h = 1e-2;
                    double difference =
                            (loss(start, name, i, h, inputs, labels) - loss(start, name, i, -h, inputs, labels))
                                    / 2
                                    / h;
                    assertEquals(difference, gradient, 2e-4, name + " " + i);
                }
            }
        }
    }

    private static float[] gaussian(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double loss(
            Map<String, float[]> parameters, String changed, int at, double by, float[] inputs, int[] labels) {
        double loss = 0;
        double sum = 0;
        for (int n = 0; n < labels.length; n++) {
            float[] logits = new float[3];
            for (int c = 0; c < 3; c++) {
                double z = parameters.get("dense.bias")[c] + (changed.equals("dense.bias") && at == c ? by : 0);
                for (int i = 0; i < 3; i++) {
                    int place = 3 * i + c; // in memory [inputs][units]
                    double w = parameters.get("dense.weight")[place]
                            + (changed.equals("dense.weight") && at == place ? by : 0);
                    z += w * inputs[3 * n + i];
                }
                logits[c] = (float) z;
            }
            double weight = WEIGHTS.get(labels[n]);
            loss += weight * Evaluation.crossEntropy(logits, 0, 3, labels[n]);
            sum += weight;
        }
        return loss / sum;
    }

    @Test
    void equalWeightsGiveTheBytesOfNone() {
        SplittableRandom random = new SplittableRandom(5);
        float[] inputs = gaussian(random, 12);
        int[] labels = {2, 0, 2, 1};
        try (Backend backend = CpuBackend.create(1)) {
            Map<String, float[]> start = Map.of("dense.weight", gaussian(random, 9), "dense.bias", gaussian(random, 3));
            Map<String, float[]> none = afterOneStep(backend, start, inputs, labels, List.of());
            Map<String, float[]> equal = afterOneStep(backend, start, inputs, labels, List.of(3f, 3f, 3f));
            none.forEach((name, values) -> assertArrayEquals(values, equal.get(name), name));
        }
    }

    @Test
    void weightsMustBePositiveAndOneForEachClass() {
        Optimizer sgd = new Optimizer.Sgd(1, 0, 0);
        for (float wrong : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TrainingSettings(1, 1, 1, sgd, false, 1, List.of(1f, wrong)));
        }
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(LINEAR, backend, 1);
                OptimizerState state = new OptimizerState(sgd, model)) {
            assertThrows(IllegalArgumentException.class, () -> new TrainingStep(model, state, 1, List.of(1f, 2f)));
        }
    }
}
