package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.ConceptMaps;
import unweave.drsa.ConceptRelevance;
import unweave.drsa.HaarOrthogonal;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

class PartEffectsTest {
    /** Two pixels, two channels with weights (1 2; 3 1), and a logit that adds (5 7) of both pixels: linear above 0. */
    private static final String NETWORK =
            """
        {"input": {"height": 1, "width": 2}, "classes": ["it"], "layers": [
          {"name": "conv", "kind": "conv", "filters": 2, "kernel": 1, "bias": false},
          {"name": "relu", "kind": "relu"}, {"name": "flat", "kind": "flatten"},
          {"name": "out", "kind": "dense", "units": 1, "bias": false}]}""";

    private static final float[] FILTERS = {1, -1};
    private static final float[] LOGIT = {5, 7, 5, 7};

    private static final float[] AXES = {1, 0, 0, 1};

    private static Model network(Backend backend) {
        return Model.of(ModelDescription.parse(NETWORK), backend, p -> p.name().startsWith("conv") ? FILTERS : LOGIT);
    }

    /**
     * Channel 1 is max(0, x), channel 2 max(0, -x). Part 1 is +2 at the first pixel, part 2 is -3 at the second; the
     * rest is +1 at the first. R_1 = 5 x, R_2 = 7 (-x): part 1 gives concept 1 all of 5 * 2, part 2 concept 2 7 * 3.
     */
    @Test
    void channelsThatAnswerToOnePartEach() {
        Mixture sound = new Mixture(
                new float[] {3, -3}, new float[][] {{1, -3}, {3, 0}}, new float[] {1, 0}, new float[][] {{3, 0}, {1, -3}
                });
        try (Backend backend = CpuBackend.create(1);
                Model model = network(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(1e-9f)))) {
            double[][][] effects = new PartEffects(model, relevance)
                    .of(0, List.of(sound), List.of(subspaces("conv", AXES)))
                    .get(0);
            assertArrayEquals(new double[] {10, 0}, effects[0][0], 1e-4);
            assertArrayEquals(new double[] {0, 21}, effects[0][1], 1e-4);
        }
    }

    /** Half of the effect is measured in the whole and half on the rest: here part 1 hides part 2 in the whole. */
    @Test
    void bothDifferencesCount() {
        Mixture sound = new Mixture(
                new float[] {4, 0}, new float[][] {{1, 0}, {4, 0}}, new float[] {0, 0}, new float[][] {{4, 0}, {1, 0}});
        try (Backend backend = CpuBackend.create(1);
                Model model = network(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(1e-9f)))) {
            double[][] effects = new PartEffects(model, relevance)
                    .of(0, List.of(sound), List.of(subspaces("conv", AXES)))
                    .get(0)[0];
            assertEquals(5 * (3 + 4) / 2., effects[0][0], 1e-4);
            assertEquals(5 * (0 + 1) / 2., effects[1][0], 1e-4);
        }
    }

    /**
     * What two-step attribution sends to each concept adds up to what is measured here, before and behind a pooling.
     */
    @Test
    void relevancesAreThoseOfTwoStepAttribution() {
        for (String layer : List.of("conv2", "pool2", "dense1")) {
            try (Backend backend = CpuBackend.create(2);
                    Model model = Model.create(ModelDescription.cnn(16, new int[] {4, 6}, 10, 3, 0f), backend, 3);
                    LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.zPlus()))) {
                int dimensions = model.description().outputShape(layer).vectorLength();
                Subspaces random = subspaces(layer, haar(dimensions));
                float[] inputs = new float[3 * 16 * 16];
                for (int i = 0; i < inputs.length; i++) {
                    inputs[i] = (i * 37 % 101) / 101f;
                }
                float[][] sums = new ConceptRelevance(model, relevance, layer, 0, List.of(random))
                        .of(inputs, 3)
                        .get(0);
                ConceptMaps maps = new TwoStepAttribution(model, relevance, random).attribute(inputs, 0, 0, 0);
                for (int i = 0; i < 3; i++) {
                    double scale = Math.abs(maps.layerRelevance()[i]);
                    assertEquals(maps.layerRelevance()[i], sums[i][0] + sums[i][1], 1e-4 * scale, layer);
                }
            }
        }
    }

    @Test
    void theOracleFindsTheDirectionsOfTheParts() {
        // The channels are turned by 45 degrees, so that single channels answer to both parts.
        Mixture sound = new Mixture(
                new float[] {3, -3}, new float[][] {{1, -3}, {3, 0}}, new float[] {1, 0}, new float[][] {{3, 0}, {1, -3}
                });
        try (Backend backend = CpuBackend.create(1);
                Model model = network(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(1e-9f)))) {
            Subspaces oracle = new Oracle(model, relevance).find("conv", 0, List.of(sound), 2, 1);
            float h = (float) Math.sqrt(.5);
            List<double[][][]> effects = new PartEffects(model, relevance)
                    .of(0, List.of(sound), List.of(oracle, subspaces("conv", new float[] {h, h, h, -h})));
            assertEquals(1, ObjectInformation.of(effects.get(0)).information().mean(), 1e-3);
            assertArrayEquals(
                    new int[] {0, 1}, ObjectInformation.of(effects.get(0)).conceptOfObject());
            assertEquals(0, ObjectInformation.of(effects.get(1)).information().mean(), 1e-3);
            assertEquals(10, effects.get(0)[0][0][0], 1e-3);
        }
    }

    private static Subspaces subspaces(String layer, float[] basis) {
        Provenance provenance = new Provenance("", layer, 0, "it", 1, 1, 0);
        return new Subspaces(
                provenance,
                Method.RANDOM,
                new SubspaceSettings(2, 0, 1, 0, 1f),
                (int) Math.round(Math.sqrt(basis.length)),
                basis,
                new float[1][1],
                0,
                new double[2]);
    }

    private static float[] haar(int dimensions) {
        double[] matrix = HaarOrthogonal.sample(dimensions, 5);
        float[] basis = new float[matrix.length];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) matrix[i];
        }
        return basis;
    }
}
