package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Relevance works on the tape: a kind of layer that is made of a known operation needs nothing of its own. */
class DepthwiseTest {
    private static ModelDescription network(String deep) {
        return ModelDescription.parse(
                """
        {"input": {"height": 8, "width": 8, "channels": 1}, "classes": ["a", "b"], "layers": [
          {"name": "conv", "kind": "conv", "filters": 4, "kernel": 3, "padding": "same"}, {"name": "relu1", "kind": "relu"},
          {"name": "deep", %s, "kernel": 3, "padding": "same"}, {"name": "norm", "kind": "batchnorm"},
          {"name": "relu2", "kind": "relu"}, {"name": "pool", "kind": "maxpool", "window": 2},
          {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(deep));
    }

    @Test
    void relevanceIsThatOfAGroupedConvolution() {
        Random random = new Random(2);
        float[] x = new float[2 * 64];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        int[] classes = {0, 1};
        try (Backend backend = CpuBackend.create(1);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            assertArrayEquals(
                    map(network("\"kind\": \"conv\", \"filters\": 8, \"groups\": 4"), backend, relevance, x, classes),
                    map(network("\"kind\": \"depthwise\", \"multiplier\": 2"), backend, relevance, x, classes));
        }
    }

    private static float[] map(
            ModelDescription network, Backend backend, LayerwiseRelevance relevance, float[] x, int[] classes) {
        try (Model model = Model.create(network, backend, 1);
                Model canonical = Canonizer.canonical(model)) {
            assertFalse(canonical.description().layerNames().contains("norm"));
            return relevance.attribute(canonical, x, 2, classes).relevance();
        }
    }
}
