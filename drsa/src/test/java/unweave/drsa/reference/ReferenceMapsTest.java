package unweave.drsa.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

class ReferenceMapsTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({"conv1, 4, 2", "conv2, 6, 6", "conv3, 8, 4", "dense1, 10, 5"})
    void byRelevanceTheyAreTheMapsOfTwoStepAttribution(String layer, int dimensions, int count) {
        try (Model model = PlantedNetworks.convolutional(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.gtzan())) {
            Subspaces subspaces = PlantedNetworks.randomSubspaces(layer, dimensions, count, 2);
            float[] inputs = PlantedNetworks.randomInputs(3);
            ConceptMaps expected = new TwoStepAttribution(model, relevance, subspaces).attribute(inputs, 2, 2, 2);
            ReferenceMaps maps = new ReferenceMaps(model, relevance, subspaces);
            for (int k = 0; k < count; k++) {
                float[][] ofConcept = maps.of(k, Criterion.RELEVANCE, inputs, 3);
                for (int input = 0; input < 3; input++) {
                    assertArrayEquals(
                            expected.concepts()[input][k],
                            ofConcept[input],
                            1e-5f * largest(expected.standard()[input]));
                }
            }
        }
    }

    private static float largest(float[] map) {
        float largest = 0;
        for (float value : map) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /**
     * Each bin alone decides about its position, so the maps are the values of {@code ReferenceSearchTest}, computed by
     * hand.
     */
    @Test
    void mapsOfChannelsAreThoseComputedByHand() {
        try (Model model = PlantedNetworks.pixelwise(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            ReferenceMaps maps = new ReferenceMaps(model, relevance, PlantedNetworks.subspaces("conv", 2, 1, 0, 0, 1));
            assertArrayEquals(
                    new float[] {1, -2, 6, 0}, maps.of(0, Criterion.RELEVANCE, PlantedNetworks.PIXELS, 1)[0], 1e-6f);
            assertArrayEquals(
                    new float[] {0, 0, 0, 6}, maps.of(1, Criterion.RELEVANCE, PlantedNetworks.PIXELS, 1)[0], 1e-6f);
            assertArrayEquals(
                    new float[] {1, 4, 9, 0}, maps.of(0, Criterion.ACTIVATION, PlantedNetworks.PIXELS, 1)[0], 1e-6f);
            assertArrayEquals(
                    new float[] {0, 0, 0, 4}, maps.of(1, Criterion.ACTIVATION, PlantedNetworks.PIXELS, 1)[0], 1e-6f);
        }
    }

    /**
     * Nothing but the lower layers takes from what the search adds up: without bias and with epsilon 0, nothing at all.
     */
    @Test
    void mapsByActivationSumToTheScore() {
        try (Model model = PlantedNetworks.strokes(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            float root = (float) Math.sqrt(0.5);
            Subspaces subspaces = PlantedNetworks.subspaces("conv", 2, root, -root, root, root);
            float[] inputs = PlantedNetworks.strokeInputs();
            ReferenceSearch search =
                    new ReferenceSearch(model, relevance, subspaces, Aggregation.SUM, EnumSet.allOf(Criterion.class));
            search.add(inputs, 8, EvaluationProgress.SILENT);
            for (Criterion criterion : Criterion.values()) {
                for (int k = 0; k < 2; k++) {
                    float[][] maps = new ReferenceMaps(model, relevance, subspaces).of(k, criterion, inputs, 8);
                    for (int input = 0; input < 8; input++) {
                        double sum = 0;
                        for (float value : maps[input]) {
                            sum += value;
                        }
                        float score = search.scores(criterion).scores()[k][input];
                        assertEquals(score, sum, 1e-4 * Math.abs(score), criterion + " of input " + input);
                    }
                }
            }
        }
    }

    @Test
    void refusesConceptsThatDoNotExist() {
        try (Model model = PlantedNetworks.pixelwise(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            ReferenceMaps maps = new ReferenceMaps(model, relevance, PlantedNetworks.subspaces("conv", 2, 1, 0, 0, 1));
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> maps.of(2, Criterion.RELEVANCE, PlantedNetworks.PIXELS, 1))
                    .getMessage();
            assertTrue(message.contains("concept 2") && message.contains("0 to 1"), message);
            assertThrows(
                    IllegalArgumentException.class, () -> maps.of(0, Criterion.RELEVANCE, PlantedNetworks.PIXELS, 2));
        }
    }
}
