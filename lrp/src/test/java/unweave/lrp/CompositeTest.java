package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class CompositeTest {
    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void thePresetsAreThoseOfTheThesis() {
        try (Model model = Model.create(ModelDescription.gtzan(), backend, 1)) {
            assertEquals(
                    List.of(
                            "w^2",
                            "gamma(0.4)",
                            "gamma(0.4)",
                            "gamma(0.2)",
                            "gamma(0.1)",
                            "epsilon(1e-7)",
                            "epsilon(1e-7)",
                            "epsilon(1e-7)"),
                    rules(Composite.gtzan().assignments(model)));
        }
        try (Model model = Model.create(ModelDescription.toy(), backend, 1)) {
            assertEquals(
                    List.of(
                            "flat",
                            "gamma(0.8)",
                            "gamma(0.8)",
                            "gamma(0.8)",
                            "gamma(0.8)",
                            "epsilon(1e-7)",
                            "epsilon(1e-7)",
                            "epsilon(1e-7)"),
                    rules(Composite.toy().assignments(model)));
        }
    }

    private static List<String> rules(List<Assignment> assignments) {
        return assignments.stream().map(assignment -> assignment.rule().name()).toList();
    }

    @Test
    void namesComeBeforeTheFirstLayerBeforeKinds() {
        Composite composite = Composite.toy().with("conv1", Rule.zPlus()).with("dense2", Rule.epsilon(0.5f));
        try (Model model = Model.create(ModelDescription.toy(), backend, 1)) {
            List<Assignment> assignments = composite.assignments(model);
            assertEquals("conv1 (convolution): z+, by name", assignments.get(0).toString());
            assertEquals(
                    "conv2 (convolution): gamma(0.8), by kind",
                    assignments.get(1).toString());
            assertEquals(
                    "dense2 (dense layer): epsilon(0.5), by name",
                    assignments.get(6).toString());
            assertEquals(
                    "conv1 (convolution): flat, the first layer",
                    Composite.toy().assignments(model).get(0).toString());
        }
    }

    @Test
    void aModelWithALayerThatNoRuleCoversIsRefused() {
        int[] filters = {2, 2, 2};
        Composite partial = Composite.named("partial")
                .withFirst(Rule.flat())
                .with("conv2", Rule.zPlus())
                .with(LayerKind.DENSE, Rule.epsilon(1e-7f));
        try (Model model = Model.create(ModelDescription.cnn(64, filters, 4, 2, 0f), backend, 1);
                LayerwiseRelevance lrp = new LayerwiseRelevance(partial)) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> lrp.attribute(model, new float[64 * 64], 1, new int[] {0}))
                    .getMessage();
            assertTrue(message.contains("conv3") && message.contains("partial"), message);
        }
    }

    @Test
    void aWholeBatchOfAttributionsIsWhatEachOneIs() {
        try (Model model = Model.create(ModelDescription.cnn(32, new int[] {3, 4}, 5, 3, 0.5f), backend, 4);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
            int n = 19;
            int size = 32 * 32;
            float[] inputs = new RandomLayers(backend, 3, false).normal(n * size);
            int[] classes = new int[n];
            for (int i = 0; i < n; i++) {
                classes[i] = i % 3;
            }
            Attribution all = lrp.attribute(model, inputs, n, classes);
            assertArrayEquals(new int[] {n, 32, 32, 1}, all.shape());
            assertArrayEquals(model.predict(inputs, n), all.logits(), 1e-6f);
            assertTrue(all.layers().stream().allMatch(layer -> layer.arrived().length == n));
            for (int i : new int[] {0, 15, 16, 18}) {
                float[] input = Arrays.copyOfRange(inputs, i * size, (i + 1) * size);
                Attribution one = lrp.attribute(model, input, 1, new int[] {classes[i]});
                assertArrayEquals(one.map(0), all.map(i), 1e-6f);
                assertEquals(one.start()[0], all.start()[i], 1e-6f);
                assertEquals(one.conservationError(0), all.conservationError(i), 1e-5);
            }
        }
    }

    @Test
    void inputsAndClassesMustFitTheModel() {
        try (Model model = Model.create(ModelDescription.cnn(32, new int[] {3}, 5, 3, 0f), backend, 4);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
            assertThrows(IllegalArgumentException.class, () -> lrp.attribute(model, new float[1000], 1, new int[] {0}));
            assertThrows(
                    IllegalArgumentException.class, () -> lrp.attribute(model, new float[1024], 1, new int[] {0, 1}));
            assertThrows(IllegalArgumentException.class, () -> lrp.attribute(model, new float[1024], 1, new int[] {3}));
        }
    }
}
