package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.Rule;

class ParameterRandomizationTest {
    private static final Backend BACKEND = CpuBackend.create(2);
    private static final float[] INPUTS = TestModels.uniform(6 * 256, -1, 1, 3);
    private static final int[] CLASSES = {0, 1, 2, 0, 1, 2};

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void randomisesFromTheTopAndLeavesTheModelAlone() {
        try (Model model = TestModels.convolutional(BACKEND, 1)) {
            ParameterRandomization test = new ParameterRandomization(model, Composite.toy(), 9);
            assertEquals(List.of("dense3", "dense2", "dense1", "conv3", "conv2", "conv1"), test.layers());
            Map<String, float[]> trained = model.weights();
            try (Model random = test.randomizedDownTo("dense1");
                    Model fresh = Model.create(model.description(), BACKEND, 9)) {
                assertArrayEquals(trained.get("conv3.weight"), random.weights().get("conv3.weight"));
                for (String name : List.of("dense1.weight", "dense2.bias", "dense3.weight")) {
                    assertArrayEquals(
                            fresh.weights().get(name), random.weights().get(name));
                    assertFalse(
                            Arrays.equals(trained.get(name), random.weights().get(name)));
                }
            }
            List<Integer> done = new ArrayList<>();
            List<ParameterRandomization.Step> steps =
                    test.run(INPUTS, CLASSES, (layers, total, left) -> done.add(layers));
            assertEquals(List.of(1, 2, 3, 4, 5, 6), done);
            assertEquals(
                    test.layers(),
                    steps.stream().map(ParameterRandomization.Step::layer).toList());
            assertTrue(steps.stream().allMatch(step -> step.changes().size() == 6));
            assertArrayEquals(trained.get("dense3.weight"), model.weights().get("dense3.weight"));
            assertEquals(steps, test.run(INPUTS, CLASSES, EvaluationProgress.SILENT));
        }
    }

    /** Random parameters that are those of the model change nothing; others end far from it. */
    @Test
    void theSameParametersKeepTheMapAndOthersDoNot() {
        try (Model model = TestModels.convolutional(BACKEND, 1)) {
            Composite epsilon = Composite.uniform(Rule.epsilon(1e-6f));
            for (ParameterRandomization.Step step : run(model, epsilon, 1)) {
                MapChange.Summary same = MapChange.summary(step.changes());
                assertEquals(1, same.correlation().mean(), 1e-6);
                assertEquals(1, same.rankCorrelation().mean(), 1e-6);
                assertEquals(1, same.magnitudeRankCorrelation().mean(), 1e-6);
                assertEquals(1, same.similarity().mean(), 1e-6);
            }
            List<ParameterRandomization.Step> steps = run(model, epsilon, 2);
            MapChange.Summary all = MapChange.summary(steps.get(5).changes());
            assertTrue(Math.abs(all.correlation().mean()) < 0.5, "correlation " + all.correlation());
            assertTrue(all.similarity().mean() < 0.9, "similarity " + all.similarity());
        }
    }

    private static List<ParameterRandomization.Step> run(Model model, Composite composite, long seed) {
        return new ParameterRandomization(model, composite, seed).run(INPUTS, CLASSES, EvaluationProgress.SILENT);
    }

    /** A map with its sign turned: fully anti-correlated, the same magnitudes. */
    @Test
    void changesByHand() {
        float[] map = TestModels.uniform(256, -1, 1, 5);
        float[] turned = new float[256];
        for (int i = 0; i < 256; i++) {
            turned[i] = -2 * map[i];
        }
        MapChange change = MapChange.between(map, turned, 16, 16);
        assertEquals(-1, change.correlation(), 1e-6);
        assertEquals(-1, change.rankCorrelation(), 1e-6);
        assertEquals(1, change.magnitudeRankCorrelation(), 1e-6);
        assertEquals(1, change.similarity(), 1e-6);
    }

    /** What is to be seen where two networks learned nothing in common, as with shuffled labels. */
    @Test
    void unrelatedMapsAreUncorrelated() {
        float[][] weights = new float[40][];
        Arrays.setAll(weights, i -> TestModels.uniform(256, -1, 1, i));
        float[][] others = new float[40][];
        Arrays.setAll(others, i -> TestModels.uniform(256, -1, 1, 100 + i));
        MapChange.Summary summary = MapChange.summary(MapChange.between(weights, others, 16, 16));
        assertEquals(0, summary.correlation().mean(), 4 * summary.correlation().standardError());
        assertEquals(
                0,
                summary.rankCorrelation().mean(),
                4 * summary.rankCorrelation().standardError());
        assertEquals(0, summary.similarity().mean(), 0.1);
        assertThrows(IllegalArgumentException.class, () -> MapChange.between(weights, new float[1][256], 16, 16));
    }
}
