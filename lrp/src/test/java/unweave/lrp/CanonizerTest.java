package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.layer.BatchNorm;
import unweave.engine.layer.Layer;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class CanonizerTest {
    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    /** With weights, and running statistics, far from those of a new network. */
    static Model random(ModelDescription description, Backend backend, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Model.of(description, backend, parameter -> {
            float[] values = new float[parameter.size()];
            boolean variance = parameter.name().endsWith("running_var");
            double scale = parameter.shape().size() > 1
                    ? Math.sqrt(2.0 * parameter.shape().get(parameter.shape().size() - 1) / values.length)
                    : 0.5;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (variance ? random.nextDouble(0.3, 2) : scale * random.nextGaussian());
            }
            return values;
        });
    }

    private static float[] noise(ModelDescription description, int n) {
        SplittableRandom random = new SplittableRandom(8);
        float[] values = new float[n * description.input().features()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void aMergedLayerIsNamedWithTheOneItIsPartOf() {
        assertEquals(
                "norm1 was merged into conv1; take conv1 or relu1",
                Canonizer.merged(EVERY_CASE, "norm1").orElseThrow());
        assertTrue(Canonizer.merged(EVERY_CASE, "stays").isEmpty());
        assertTrue(Canonizer.merged(EVERY_CASE, "conv1").isEmpty());
        assertTrue(Canonizer.merged(EVERY_CASE, "unknown").isEmpty());
    }

    private static final ModelDescription EVERY_CASE = ModelDescription.parse(
            """
      {"input": {"height": 9, "width": 8, "channels": 2}, "classes": ["a", "b", "c"], "preprocessing": {},
        "training": {}, "layers": [
        {"name": "stays", "kind": "batchnorm"},
        {"name": "conv1", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same", "bias": false},
        {"name": "norm1", "kind": "batchnorm"},
        {"name": "relu1", "kind": "relu"},
        {"name": "conv2", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same", "groups": 2},
        {"name": "norm2", "kind": "batchnorm"},
        {"name": "sum", "kind": "add", "inputs": ["relu1", "norm2"]},
        {"name": "relu2", "kind": "relu"},
        {"name": "norm3", "kind": "batchnorm"},
        {"name": "conv3", "kind": "conv", "filters": 6, "kernel": [3, 2], "stride": 2, "groups": 2, "bias": false},
        {"name": "relu3", "kind": "relu"},
        {"name": "up", "kind": "convtranspose", "filters": 4, "kernel": 2, "stride": 2, "groups": 2},
        {"name": "norm4", "kind": "batchnorm"},
        {"name": "relu4", "kind": "relu"},
        {"name": "norm5", "kind": "batchnorm"},
        {"name": "flatten", "kind": "flatten"},
        {"name": "dense1", "kind": "dense", "units": 5},
        {"name": "norm6", "kind": "batchnorm"},
        {"name": "relu5", "kind": "relu"},
        {"name": "dense2", "kind": "dense", "units": 3}]}""");

    @Test
    void theOutputStaysAndNormalisationsGoWhereTheyCan() {
        float[] inputs = noise(EVERY_CASE, 5);
        try (Model model = random(EVERY_CASE, backend, 2);
                Model canonical = Canonizer.canonical(model)) {
            assertClose(model.predict(inputs, 5), canonical.predict(inputs, 5), 2e-5, "logits");
            List<String> left = canonical.description().layers().stream()
                    .filter(BatchNorm.class::isInstance)
                    .map(Layer::name)
                    .toList();
            assertEquals(
                    List.of("stays"), left, "before a convolution with padding the zeros of the padding would change");
            assertEquals(EVERY_CASE, model.description());
        }
    }

    @Test
    void whatOthersReadIsNotMerged() {
        ModelDescription shared = ModelDescription.parse(
                """
        {"input": {"height": 4, "width": 4, "channels": 1}, "classes": ["a", "b"], "preprocessing": {},
          "training": {}, "layers": [
          {"name": "conv", "kind": "conv", "filters": 3, "kernel": 3, "padding": "same"},
          {"name": "norm", "kind": "batchnorm"},
          {"name": "sum", "kind": "add", "inputs": ["conv", "norm"]},
          {"name": "flatten", "kind": "flatten"},
          {"name": "dense", "kind": "dense", "units": 2}]}""");
        float[] inputs = noise(shared, 3);
        try (Model model = random(shared, backend, 3);
                Model canonical = Canonizer.canonical(model)) {
            assertClose(model.predict(inputs, 3), canonical.predict(inputs, 3), 1e-6, "logits");
            assertEquals(shared, canonical.description());
        }
    }

    /** Only the normalisation of each channel is a part of a convolution; without gamma and beta it is one, too. */
    @Test
    void normalisationsAlongOtherAxesStay() {
        ModelDescription axes = ModelDescription.parse(
                """
        {"input": {"height": 4, "width": 4, "channels": 1}, "classes": ["a", "b"], "preprocessing": {},
          "training": {}, "layers": [
          {"name": "conv1", "kind": "conv", "filters": 3, "kernel": 3, "padding": "same"},
          {"name": "mel", "kind": "batchnorm", "axis": "height"},
          {"name": "conv2", "kind": "conv", "filters": 3, "kernel": 3, "padding": "same"},
          {"name": "bands", "kind": "batchnorm", "bands": 2},
          {"name": "conv3", "kind": "conv", "filters": 3, "kernel": 3, "padding": "same"},
          {"name": "plain", "kind": "batchnorm", "affine": false},
          {"name": "flatten", "kind": "flatten"},
          {"name": "dense", "kind": "dense", "units": 2}]}""");
        float[] inputs = noise(axes, 3);
        try (Model model = random(axes, backend, 3);
                Model canonical = Canonizer.canonical(model)) {
            assertClose(model.predict(inputs, 3), canonical.predict(inputs, 3), 1e-5, "logits");
            assertEquals(
                    List.of("mel", "bands"),
                    canonical.description().layers().stream()
                            .filter(BatchNorm.class::isInstance)
                            .map(Layer::name)
                            .toList());
        }
    }

    @Test
    void aModelWithoutNormalisationIsTheSame() {
        try (Model model = Model.create(ModelDescription.cnn(16, new int[] {3}, 4, 2, 0f), backend, 1);
                Model canonical = Canonizer.canonical(model)) {
            assertEquals(model.description(), canonical.description());
            assertTrue(!Canonizer.applies(model.description()) && Canonizer.applies(EVERY_CASE));
        }
    }
}
