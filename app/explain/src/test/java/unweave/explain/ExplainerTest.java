package unweave.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.audio.spectral.MelInverse;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.explain.preset.ModelSettings;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerKind;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.RelevanceLedger;
import unweave.lrp.Rule;

class ExplainerTest {
    private static final float[] SIGNAL = ExampleNetwork.tone(440, ExampleNetwork.SAMPLES);
    private static Backend backend;
    private static Model model;
    private static ModelSettings settings;
    private static SubspaceSet subspaces;

    @BeforeAll
    static void createModel() throws IOException {
        backend = CpuBackend.create(2);
        model = ExampleNetwork.model(backend, 1);
        settings = ExampleNetwork.settings(model);
        subspaces = ExampleNetwork.subspaces(model, 0, 1, 2);
    }

    @AfterAll
    static void close() {
        model.close();
        backend.close();
    }

    private static Explanation explain(Optional<SubspaceSet> set, int classIndex) {
        try (Explainer explainer = new Explainer(model, settings, Composite.toy(), set)) {
            return explainer.explain(SIGNAL, classIndex);
        }
    }

    @Test
    void conceptMapsAddUpToTheStandardMap() {
        Explanation explanation = explain(Optional.of(subspaces), 1);
        assertEquals(ExampleNetwork.CONCEPTS, explanation.concepts().size());
        float[] standard = explanation.standard().relevance();
        double largest = 0;
        for (float value : standard) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0);
        for (int i = 0; i < standard.length; i++) {
            double sum = 0;
            for (RelevanceMap concept : explanation.concepts()) {
                sum += concept.relevance()[i];
            }
            assertEquals(standard[i], sum, 1e-5 * largest);
        }
        assertTrue(explanation.conservation().conceptSumError() < 1e-5);
        assertEquals(
                1,
                explanation.concepts().stream().mapToDouble(explanation::share).sum(),
                1e-4);
    }

    @Test
    void theStandardMapIsThatOfPlainRelevancePropagationWithAndWithoutSubspaces() {
        Explanation split = explain(Optional.of(subspaces), 2);
        Explanation whole = explain(Optional.empty(), 2);
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            float[] expected = relevance
                    .attribute(model, whole.input().logMel(), 1, new int[] {2})
                    .relevance();
            float tolerance = 1e-5f * (float) whole.largestRelevance();
            assertArrayEquals(expected, whole.standard().relevance(), tolerance);
            assertArrayEquals(expected, split.standard().relevance(), tolerance);
        }
        assertTrue(whole.concepts().isEmpty());
        assertTrue(Double.isNaN(whole.conservation().conceptSumError()));
    }

    @Test
    void conceptsFollowTheOrderOfTheSubspaces() {
        Subspaces forward = subspaces.ofClass(0);
        Subspaces backward = reversed(forward);
        try (Explainer explainer = new Explainer(model, settings, Composite.toy(), Optional.empty())) {
            List<RelevanceMap> first =
                    explainer.explain(SIGNAL, 0, Optional.of(forward)).concepts();
            List<RelevanceMap> second =
                    explainer.explain(SIGNAL, 0, Optional.of(backward)).concepts();
            for (int k = 0; k < ExampleNetwork.CONCEPTS; k++) {
                assertEquals("concept-" + (k + 1), first.get(k).name());
                RelevanceMap counterpart = second.get(ExampleNetwork.CONCEPTS - 1 - k);
                assertArrayEquals(
                        first.get(k).relevance(),
                        counterpart.relevance(),
                        1e-5f * (float) Math.abs(first.get(k).sum()) + 1e-6f);
                assertFalse(k > 0
                        && Arrays.equals(first.get(0).relevance(), first.get(k).relevance()));
            }
        }
    }

    private static Subspaces reversed(Subspaces subspaces) {
        int dimensions = subspaces.dimensions();
        int width = dimensions / subspaces.count();
        float[] basis = new float[dimensions * dimensions];
        for (int row = 0; row < dimensions; row++) {
            for (int k = 0; k < subspaces.count(); k++) {
                System.arraycopy(
                        subspaces.basis(),
                        row * dimensions + k * width,
                        basis,
                        row * dimensions + (subspaces.count() - 1 - k) * width,
                        width);
            }
        }
        return new Subspaces(
                subspaces.provenance(),
                subspaces.method(),
                subspaces.settings(),
                dimensions,
                basis,
                subspaces.curves(),
                subspaces.bestStart(),
                subspaces.relevanceTotals());
    }

    @Test
    void explainsThePredictedClassUnlessToldOtherwise() {
        try (Explainer explainer = new Explainer(model, settings, Composite.toy(), Optional.of(subspaces))) {
            Explanation explanation = explainer.explain(SIGNAL);
            float[] logits = explanation.logits();
            for (float logit : logits) {
                assertTrue(logit <= logits[explanation.classIndex()]);
            }
            assertEquals(explanation.classIndex(), explanation.predictedClass());
            assertEquals(
                    explanation.classIndex(),
                    explanation.subspaces().orElseThrow().provenance().classIndex());
            double sum = 0;
            for (double probability : explanation.probabilities()) {
                sum += probability;
            }
            assertEquals(1, sum, 1e-12);
        }
    }

    @Test
    void theLedgerLeadsFromTheLogitToTheSumOfTheMaps() {
        Explanation explanation = explain(Optional.of(subspaces), 0);
        Conservation conservation = explanation.conservation();
        List<RelevanceLedger.Entry> layers = conservation.layers();
        List<String> names = new ArrayList<>();
        layers.forEach(layer -> names.add(layer.layer()));
        assertEquals(List.of("dense3", "dense2", "dense1", "conv2", "conv1"), names);
        assertEquals(explanation.logits()[0], layers.get(0).arrived()[0], 1e-5);
        assertEquals(explanation.logits()[0], conservation.logit(), 1e-5);
        assertEquals(
                conservation.layerRelevance(),
                layers.get(3).arrived()[0],
                1e-4 * Math.abs(conservation.layerRelevance()));
        RelevanceLedger.Entry last = layers.get(4);
        assertEquals(1 + ExampleNetwork.CONCEPTS, last.passedOn().length);
        for (int map = 0; map < last.passedOn().length; map++) {
            assertEquals(
                    explanation.maps().get(map).sum(),
                    last.passedOn()[map],
                    1e-4 * explanation.largestRelevance() * ExampleNetwork.SIDE);
        }
    }

    @Test
    void everyMapHasASoundAsLongAsItsFramesAndNoLouderThanTheInput() {
        Explanation explanation = explain(Optional.of(subspaces), 0);
        assertEquals(ExampleNetwork.SAMPLES, explanation.input().signal().length);
        for (RelevanceMap map : explanation.maps()) {
            assertEquals(ExampleNetwork.HOP * (ExampleNetwork.SIDE - 1), map.sound().length);
            double loudness = rootMeanSquare(map.sound())
                    / rootMeanSquare(explanation.input().signal());
            // Peaks are clamped to the input's largest value, which costs some loudness.
            assertTrue(map.silent() ? loudness == 0 : loudness > 0.5 && loudness < 1.0001, map.name() + " " + loudness);
        }
        assertFalse(explanation.standard().silent());
    }

    @Test
    void theNumberOfThreadsChangesNoSound() {
        Explanation expected = explain(Optional.of(subspaces), 0);
        for (int threads : new int[] {0, 2, 3}) {
            try (Explainer explainer = new Explainer(
                    model,
                    settings,
                    Composite.toy(),
                    Optional.of(subspaces),
                    MelInverse.Method.PSEUDO_INVERSE,
                    threads)) {
                List<RelevanceMap> maps = explainer.explain(SIGNAL, 0).maps();
                for (int i = 0; i < maps.size(); i++) {
                    assertEquals(expected.maps().get(i).name(), maps.get(i).name());
                    assertArrayEquals(
                            expected.maps().get(i).sound(), maps.get(i).sound());
                }
            }
        }
    }

    private static double rootMeanSquare(float[] signal) {
        double sum = 0;
        for (float value : signal) {
            sum += value * value;
        }
        return Math.sqrt(sum / signal.length);
    }

    @Test
    void aMapWithoutPositiveRelevanceSoundsSilent() {
        RelevanceMap map = new RelevanceMap("concept-2", new float[] {-1, -2.5f, 0}, new float[4]);
        assertTrue(map.silent());
        assertEquals(-3.5, map.sum());
        assertEquals(0, map.positiveSum());
        assertEquals("Concept 2", map.title());
    }

    @Test
    void refusesWhatDoesNotFitTheModel() {
        IllegalArgumentException rules = assertThrows(
                IllegalArgumentException.class,
                () -> new Explainer(
                        model,
                        settings,
                        Composite.named("few").with(LayerKind.DENSE, Rule.epsilon(1e-7f)),
                        Optional.empty()));
        assertTrue(rules.getMessage().contains("conv1"), rules.getMessage());
        ModelSettings other = new ModelSettings(SpectrogramSettings.toy(), "toy", settings.subspaces());
        IllegalArgumentException shape = assertThrows(
                IllegalArgumentException.class, () -> new Explainer(model, other, Composite.toy(), Optional.empty()));
        assertTrue(shape.getMessage().contains("64 mels x 64 frames"), shape.getMessage());
    }

    @Test
    void refusesSignalsThatCannotBeExplained() {
        try (Explainer explainer =
                new Explainer(model, settings, Composite.toy(), Optional.of(ExampleNetwork.subspaces(model, 1)))) {
            IllegalArgumentException silent = assertThrows(
                    IllegalArgumentException.class, () -> explainer.explain(new float[ExampleNetwork.SAMPLES]));
            assertTrue(silent.getMessage().startsWith("silent"), silent.getMessage());
            IllegalArgumentException missing =
                    assertThrows(IllegalArgumentException.class, () -> explainer.explain(SIGNAL, 0));
            assertTrue(missing.getMessage().contains("1 (whistle)"), missing.getMessage());
        }
    }
}
