package unweave.drsa.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

class ReferenceSearchTest {
    private static final Set<Criterion> BOTH = EnumSet.allOf(Criterion.class);
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static ReferenceSearch searched(
            Model model, Subspaces subspaces, Aggregation aggregation, float[] inputs, int... portions) {
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            ReferenceSearch search = new ReferenceSearch(model, relevance, subspaces, aggregation, BOTH);
            int from = 0;
            for (int portion : portions) {
                int size = model.description().input().features();
                search.add(
                        Arrays.copyOfRange(inputs, from * size, (from + portion) * size),
                        portion,
                        EvaluationProgress.SILENT);
                from += portion;
            }
            return search;
        }
    }

    /**
     * Activations (1 0) (2 0) (3 0) (0 2), their contexts (1 .) (-1 .) (2 .) (. 3): channel 0 has the values 1 -2 6 0,
     * channel 1 has 0 0 0 6.
     */
    @Test
    void scoresOfChannelsAreThoseComputedByHand() {
        try (Model model = PlantedNetworks.pixelwise(backend)) {
            Subspaces channels = PlantedNetworks.subspaces("conv", 2, 1, 0, 0, 1);
            ReferenceSearch sum = searched(model, channels, Aggregation.SUM, PlantedNetworks.PIXELS, 1);
            assertArrayEquals(
                    new float[][] {{5}, {6}}, sum.scores(Criterion.RELEVANCE).scores());
            assertArrayEquals(
                    new float[][] {{14}, {4}}, sum.scores(Criterion.ACTIVATION).scores());
            ReferenceSearch max = searched(model, channels, Aggregation.MAX, PlantedNetworks.PIXELS, 1);
            assertArrayEquals(
                    new float[][] {{6}, {6}}, max.scores(Criterion.RELEVANCE).scores());
            assertArrayEquals(
                    new float[][] {{9}, {4}}, max.scores(Criterion.ACTIVATION).scores());
            for (Criterion criterion : Criterion.values()) {
                assertArrayEquals(new int[][] {{2}, {3}}, max.scores(criterion).peaks());
                assertEquals(
                        new Reference(0, criterion == Criterion.RELEVANCE ? 6 : 9, 1, 0),
                        max.scores(criterion).top(0, 3).get(0));
            }
        }
    }

    /**
     * The same activations along (1 1) and (-1 1): half of 1 -2 6 and of 6 each. Taken together as one subspace they
     * give everything.
     */
    @Test
    void scoresOfRotatedSubspacesAreThoseComputedByHand() {
        float root = (float) Math.sqrt(0.5);
        try (Model model = PlantedNetworks.pixelwise(backend)) {
            Subspaces rotated = PlantedNetworks.subspaces("conv", 2, root, -root, root, root);
            ReferenceScores scores = searched(model, rotated, Aggregation.SUM, PlantedNetworks.PIXELS, 1)
                    .scores(Criterion.RELEVANCE);
            assertEquals(5.5, scores.scores()[0][0], 1e-5);
            assertEquals(5.5, scores.scores()[1][0], 1e-5);
            Subspaces whole = PlantedNetworks.subspaces("conv", 1, root, -root, root, root);
            ReferenceSearch together = searched(model, whole, Aggregation.SUM, PlantedNetworks.PIXELS, 1);
            assertEquals(11, together.scores(Criterion.RELEVANCE).scores()[0][0], 1e-5);
            assertEquals(18, together.scores(Criterion.ACTIVATION).scores()[0][0], 1e-5);
        }
    }

    /**
     * Strokes of known strength at known places, upright in even inputs and lying in odd ones; the network's filters
     * look for just these.
     */
    @Test
    void findsPlantedPatternsWhereTheyAre() {
        try (Model model = PlantedNetworks.strokes(backend)) {
            float[] inputs = PlantedNetworks.strokeInputs();
            ReferenceSearch search =
                    searched(model, PlantedNetworks.subspaces("conv", 2, 1, 0, 0, 1), Aggregation.SUM, inputs, 3, 5);
            ReceptiveField field = model.description().receptiveField("conv");
            for (Criterion criterion : Criterion.values()) {
                for (int concept = 0; concept < 2; concept++) {
                    List<Reference> top = search.scores(criterion).top(concept, 4);
                    assertEquals(
                            PlantedNetworks.byStrength(concept),
                            top.stream().map(Reference::input).toList(),
                            criterion + " of " + concept);
                    for (Reference reference : top) {
                        int[] place = PlantedNetworks.PLACES[reference.input()];
                        assertEquals(place[0], reference.row());
                        assertEquals(place[1], reference.column());
                        assertEquals(
                                new ReceptiveField.Box(place[0] - 1, place[1] - 1, place[0] + 2, place[1] + 2),
                                field.at(reference.row(), reference.column()));
                    }
                }
            }
        }
    }

    @Test
    void ofEachGroupOnlyTheBestIsAReference() {
        ReferenceScores scores = new ReferenceScores(
                Criterion.RELEVANCE, Aggregation.SUM, 4, new float[][] {{3, 5, 4, 4, 0, -1}}, new int[][] {
                    {0, 6, 0, 0, 0, 0}
                });
        assertEquals(
                List.of(1, 2, 3, 0),
                scores.top(0, 9).stream().map(Reference::input).toList(),
                "the first of equals comes first");
        assertEquals(
                List.of(1, 2),
                scores.top(0, 9, input -> input / 2).stream()
                        .map(Reference::input)
                        .toList());
        assertEquals(List.of(new Reference(1, 5, 1, 2)), scores.top(0, 1, input -> input / 2));
    }

    /** What is strongly present but speaks against the class is no reference by relevance. */
    @Test
    void inputsThatDoNotShowAConceptAreNoReferences() {
        try (Model model = PlantedNetworks.pixelwise(backend)) {
            float[] inputs = {0, 0, 0, -1, 0, 2, 0, 0, 0, 0, 1, 0}; // only channel 1; against the class; for it
            ReferenceSearch search =
                    searched(model, PlantedNetworks.subspaces("conv", 2, 1, 0, 0, 1), Aggregation.SUM, inputs, 3);
            assertEquals(
                    List.of(2),
                    search.scores(Criterion.RELEVANCE).top(0, 5).stream()
                            .map(Reference::input)
                            .toList());
            assertEquals(
                    List.of(1, 2),
                    search.scores(Criterion.ACTIVATION).top(0, 5).stream()
                            .map(Reference::input)
                            .toList());
            assertEquals(-2, search.scores(Criterion.RELEVANCE).reference(0, 1).score());
        }
    }

    @ParameterizedTest
    @CsvSource({"conv1, 4, 2", "conv2, 6, 6", "conv3, 8, 4", "dense1, 10, 5"})
    void relevanceScoresAddUpToWhatArrivesAtTheLayer(String layer, int dimensions, int count) {
        try (Model model = PlantedNetworks.convolutional(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            Subspaces subspaces = PlantedNetworks.randomSubspaces(layer, dimensions, count, 1);
            float[] inputs = PlantedNetworks.randomInputs(5);
            ReferenceSearch search = new ReferenceSearch(model, relevance, subspaces, Aggregation.SUM, BOTH);
            search.add(inputs, 5, EvaluationProgress.SILENT);
            float[] arrived = new TwoStepAttribution(model, relevance, subspaces)
                    .attribute(inputs, 1, 1, 1, 1, 1)
                    .layerRelevance();
            for (int input = 0; input < 5; input++) {
                double sum = 0;
                for (float[] scores : search.scores(Criterion.RELEVANCE).scores()) {
                    sum += scores[input];
                }
                assertEquals(arrived[input], sum, 1e-4 * Math.abs(arrived[input]));
            }
        }
    }

    @Test
    void portionsBatchesAndThreadsDoNotMatter() {
        float[] inputs = PlantedNetworks.randomInputs(70);
        Subspaces subspaces = PlantedNetworks.randomSubspaces("conv3", 8, 4, 0);
        List<ReferenceSearch> searches = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            try (Backend own = CpuBackend.create(threads);
                    Model model = PlantedNetworks.convolutional(own)) {
                searches.add(searched(model, subspaces, Aggregation.SUM, inputs, 70));
                searches.add(searched(model, subspaces, Aggregation.SUM, inputs, 1, 40, 29));
            }
        }
        for (Criterion criterion : Criterion.values()) {
            ReferenceScores first = searches.get(0).scores(criterion);
            for (ReferenceSearch other : searches) {
                assertArrayEquals(first.scores(), other.scores(criterion).scores());
                assertArrayEquals(first.peaks(), other.scores(criterion).peaks());
            }
        }
    }

    @Test
    void tellsHowFarItIs() {
        List<Integer> done = new ArrayList<>();
        try (Model model = PlantedNetworks.convolutional(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ReferenceSearch search = new ReferenceSearch(
                    model,
                    relevance,
                    PlantedNetworks.randomSubspaces("conv3", 8, 4, 0),
                    Aggregation.MAX,
                    EnumSet.of(Criterion.ACTIVATION));
            search.add(PlantedNetworks.randomInputs(70), 70, (count, total, left) -> done.add(count));
            assertEquals(List.of(64, 70), done);
            assertRefused("not by RELEVANCE", () -> search.scores(Criterion.RELEVANCE));
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Model model = PlantedNetworks.convolutional(backend);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            Subspaces tooWide = PlantedNetworks.randomSubspaces("conv2", 8, 2, 0);
            assertRefused("D = 8", () -> new ReferenceSearch(model, relevance, tooWide, Aggregation.SUM, BOTH));
            Subspaces subspaces = PlantedNetworks.randomSubspaces("conv3", 8, 2, 0);
            assertRefused(
                    "criterion", () -> new ReferenceSearch(model, relevance, subspaces, Aggregation.SUM, Set.of()));
            ReferenceSearch search = new ReferenceSearch(model, relevance, subspaces, Aggregation.SUM, BOTH);
            assertRefused("no input", () -> search.scores(Criterion.RELEVANCE));
            assertRefused("3 inputs", () -> search.add(PlantedNetworks.randomInputs(2), 3, EvaluationProgress.SILENT));
            float[] broken = PlantedNetworks.randomInputs(2);
            Arrays.fill(broken, broken.length / 2, broken.length, Float.NaN);
            assertRefused("input 1: layer conv3", () -> search.add(broken, 2, EvaluationProgress.SILENT));
        }
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
