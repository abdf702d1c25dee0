package unweave.lrp.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Attribution;
import unweave.lrp.Attributor;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;
import unweave.lrp.Target;

class AttributorTest {
    private static final float[] X = {1f, -2f, 3f, 0.5f};

    private final Backend backend = CpuBackend.create(1);

    @AfterEach
    void close() {
        backend.close();
    }

    /** Images 2 x 2 straight to two logits: weights (1, 2, 3, 4) and (-1, 0, 1, 0), no bias. */
    private Model linear() {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 2, "width": 2, "channels": 1}, "classes": ["a", "b"], "preprocessing": {},
          "training": {}, "layers": [
          {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2, "bias": false}]}""");
        return Model.of(description, backend, parameter -> new float[] {1, -1, 2, 0, 3, 1, 4, 0});
    }

    private static void assertMap(float[] expected, Attributor attributor, Model model, Target target) {
        Attribution attribution = attributor.attribute(model, X, 1, target);
        assertArrayEquals(expected, attribution.map(0), 1e-5f, attributor.name());
        assertEquals(target.value(model.predict(X, 1), 0), attribution.start()[0], 1e-6f);
    }

    @Test
    void onALinearModelEveryMethodGivesTheWeightsOrTheContributions() {
        try (Model model = linear();
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            Target first = Target.of(0);
            assertMap(new float[] {1, 2, 3, 4}, Gradients.plain(), model, first);
            assertMap(new float[] {1, 2, 3, 4}, new SmoothGrad(3, 0.2f, 1), model, first);
            float[] contributions = {1, -4, 9, 2};
            assertMap(contributions, Gradients.timesInput(), model, first);
            assertMap(contributions, new IntegratedGradients(2, 0f), model, first);
            assertMap(contributions, new Occlusion(1, 1, 1, 0f), model, first);
            assertMap(contributions, lrp, model, first);
            assertMap(new float[] {2, -2, 12, 6}, new IntegratedGradients(2, -1f), model, first);
            // all bins one half: the first logit falls from 8 to 5
            assertMap(new float[] {3, 3, 3, 3}, new Occlusion(2, 2, 2, 0.5f), model, first);
        }
    }

    @Test
    void aDifferenceOfLogitsIsTheDifferenceOfTheirMaps() {
        try (Model model = linear();
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            Target difference = Target.difference(new int[] {0}, new int[] {1});
            assertMap(new float[] {2, 2, 2, 4}, Gradients.plain(), model, difference);
            assertMap(new float[] {2, -4, 6, 2}, lrp, model, difference);
        }
    }

    /** Two inputs, hidden units h1 = x1 + x2 and h2 = x1 - x2 behind ReLU, logit h1 - h2. At (1, 2): h = (3, -1). */
    private Model rectified() {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 1, "width": 2, "channels": 1}, "classes": ["only"], "preprocessing": {},
          "training": {}, "layers": [
          {"name": "flatten", "kind": "flatten"}, {"name": "hidden", "kind": "dense", "units": 2, "bias": false},
          {"name": "relu", "kind": "relu"}, {"name": "out", "kind": "dense", "units": 1, "bias": false}]}""");
        Map<String, float[]> weights =
                Map.of("hidden.weight", new float[] {1, 1, 1, -1}, "out.weight", new float[] {1, -1});
        return Model.of(description, backend, parameter -> weights.get(parameter.name()));
    }

    @Test
    void reluVariantsPassWhatTheirDefinitionSays() {
        float[] x = {1f, 2f};
        try (Model model = rectified()) {
            assertArrayEquals(
                    new float[] {1, 1},
                    Gradients.plain().attribute(model, x, 1, Target.of(0)).map(0),
                    1e-6f);
            // the gradient at the ReLUs is (1, -1): only the first is above zero, whether or not its unit was active
            assertArrayEquals(
                    new float[] {1, 1},
                    Gradients.deconvnet().attribute(model, x, 1, Target.of(0)).map(0),
                    1e-6f);
            assertArrayEquals(
                    new float[] {1, 1},
                    Gradients.deconvnet()
                            .attribute(model, new float[] {-1, -2}, 1, Target.of(0))
                            .map(0),
                    1e-6f);
            assertArrayEquals(
                    new float[] {0, 0},
                    Gradients.guided()
                            .attribute(model, new float[] {-1, -2}, 1, Target.of(0))
                            .map(0),
                    1e-6f);
            // softplus' = sigmoid(beta h): sigmoid(3) and sigmoid(-1), with weights 1 and -1
            float first = 1f / (1f + (float) Math.exp(-3));
            float second = 1f / (1f + (float) Math.exp(1));
            assertArrayEquals(
                    new float[] {first - second, first + second},
                    Gradients.smoothRelu(1f)
                            .attribute(model, x, 1, Target.of(0))
                            .map(0),
                    1e-6f);
        }
    }

    @Test
    void integratedGradientsAndOcclusionAddUpToTheFallOfTheLogit() {
        try (Model model = Model.create(ModelDescription.cnn(16, new int[] {4, 4}, 8, 3, 0f), backend, 5)) {
            int n = 18;
            float[] inputs = new float[n * 256];
            Random random = new Random(3);
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = (float) random.nextGaussian();
            }
            int[] classes = random.ints(n, 0, 3).toArray();
            Attribution attribution = new IntegratedGradients(64, -1f).attribute(model, inputs, n, Target.of(classes));
            float[] empty = new float[256];
            Arrays.fill(empty, -1f);
            float[] base = model.predict(empty, 1);
            for (int i = 0; i < n; i++) {
                double fall = attribution.start()[i] - base[classes[i]];
                assertEquals(fall, attribution.sum(i), 0.02 * Math.max(0.1, Math.abs(fall)), "input " + i);
            }
            Attribution whole = new Occlusion(16, 16, 16, -1f).attribute(model, inputs, n, Target.of(classes));
            for (int i = 0; i < n; i++) {
                assertEquals(attribution.start()[i] - base[classes[i]], whole.map(i)[77], 1e-5);
            }
        }
    }

    @Test
    void smoothGradIsTheSameForTheSameSeed() {
        try (Model model = rectified()) {
            float[] x = {0.1f, 0.1f};
            float[] first = new SmoothGrad(8, 5f, 4)
                    .attribute(model, x, 1, Target.of(0))
                    .map(0);
            assertArrayEquals(
                    first,
                    new SmoothGrad(8, 5f, 4)
                            .attribute(model, x, 1, Target.of(0))
                            .map(0));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Model model = linear()) {
            for (Attributor attributor : List.of(
                    Gradients.plain(),
                    new SmoothGrad(1, 0f, 1),
                    new IntegratedGradients(1, 0f),
                    new Occlusion(1, 1, 1, 0f))) {
                assertThrows(IllegalArgumentException.class, () -> attributor.attribute(model, X, 2, Target.of(0, 1)));
                assertThrows(IllegalArgumentException.class, () -> attributor.attribute(model, X, 1, Target.of(0, 1)));
            }
            String message = assertThrows(IllegalArgumentException.class, () -> Gradients.plain()
                            .attribute(model, X, 1, Target.of(2)))
                    .getMessage();
            assertTrue(message.contains("class 2 of input 0 does not exist"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new Occlusion(2, 2, 3, 0f));
        assertThrows(IllegalArgumentException.class, () -> new IntegratedGradients(0, 0f));
        assertThrows(IllegalArgumentException.class, () -> Gradients.smoothRelu(0f));
    }
}
