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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.explain.data.Stems;
import unweave.explain.evaluate.StemResult;
import unweave.explain.preset.ModelSettings;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerKind;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.RelevanceLedger;
import unweave.lrp.Rule;

class ExplainerTest {
    private static final float[] SIGNAL = ExampleNetwork.tone(440, ExampleNetwork.SAMPLES);
    private static final Sound SOUND = Sound.of(SIGNAL, ExampleNetwork.SAMPLE_RATE);
    private static Backend backend;
    private static Model model;
    private static ModelSettings settings;
    private static AudioModel audioModel;
    private static SubspaceSet subspaces;

    @BeforeAll
    static void createModel() throws IOException {
        backend = CpuBackend.create(2);
        model = ExampleNetwork.model(backend, 1);
        settings = ExampleNetwork.settings(model);
        audioModel = new AudioModel(model, settings);
        subspaces = ExampleNetwork.subspaces(model, 0, 1, 2);
    }

    @AfterAll
    static void close() {
        model.close();
        backend.close();
    }

    private static Explainer explainer(Optional<SubspaceSet> set) {
        return new Explainer(audioModel, Composite.toy(), set, new Choices().withThreads(1));
    }

    private static Question ofClass(int classIndex) {
        return new Question().withClass(ExampleNetwork.CLASSES.get(classIndex));
    }

    private static Explanation explain(Optional<SubspaceSet> set, int classIndex) {
        try (Explainer explainer = explainer(set)) {
            return explainer.explain(SOUND, ofClass(classIndex));
        }
    }

    @Test
    void conceptMapsAddUpToTheStandardMap() {
        Explanation explanation = explain(Optional.of(subspaces), 1);
        assertEquals(ExampleNetwork.CONCEPTS, explanation.concepts().size());
        float[] standard = flat(explanation.map());
        double largest = 0;
        for (float value : standard) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0);
        for (int i = 0; i < standard.length; i++) {
            double sum = 0;
            for (Part concept : explanation.concepts()) {
                sum += flat(concept.map())[i];
            }
            assertEquals(standard[i], sum, 1e-5 * largest);
        }
        assertTrue(explanation.conservation().conceptSumError() < 1e-5);
        assertEquals(1, explanation.concepts().stream().mapToDouble(Part::share).sum(), 1e-4);
    }

    @Test
    void theStandardMapIsThatOfPlainRelevancePropagationWithAndWithoutSubspaces() {
        Explanation split = explain(Optional.of(subspaces), 2);
        Explanation whole = explain(Optional.empty(), 2);
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            float[] expected = relevance
                    .attribute(model, whole.input().input(), 1, new int[] {2})
                    .relevance();
            float tolerance = 1e-5f * (float) whole.largestRelevance();
            assertArrayEquals(expected, flat(whole.map()), tolerance);
            assertArrayEquals(expected, flat(split.map()), tolerance);
        }
        assertTrue(whole.concepts().isEmpty());
        assertTrue(Double.isNaN(whole.conservation().conceptSumError()));
    }

    /** Class 1 through the subspaces of class 2: another division of the same standard map. */
    @Test
    void aDecisionCanBeSplitByTheSubspacesOfAnotherClass() {
        String other = ExampleNetwork.CLASSES.get(2);
        try (Explainer explainer = explainer(Optional.of(subspaces))) {
            Explanation own = explainer.explain(SOUND, ofClass(1));
            Explanation through = explainer.explain(SOUND, ofClass(1).withThrough(other));
            Explanation byHand = explainer.explain(SIGNAL, 1, subspaces.ofClass(2));
            assertEquals(Optional.empty(), own.through());
            assertEquals(Optional.of(other), through.through());
            assertEquals(own.explained(), through.explained());
            assertArrayEquals(flat(own.map()), flat(through.map()), 1e-5f * (float) own.largestRelevance());
            for (int k = 0; k < ExampleNetwork.CONCEPTS; k++) {
                float[] concept = flat(through.concepts().get(k).map());
                assertArrayEquals(flat(byHand.concepts().get(k).map()), concept);
                assertFalse(Arrays.equals(flat(own.concepts().get(k).map()), concept));
            }
            Explanation decided = explainer.explain(SOUND, new Question().withThrough(other));
            assertEquals(decided.decision(), decided.explained());
        }
        try (Explainer whole = explainer(Optional.empty())) {
            BadInputException needed = assertThrows(
                    BadInputException.class, () -> whole.explain(SOUND, new Question().withThrough(other)));
            assertTrue(needed.getMessage().contains("needs subspaces"), needed.getMessage());
        }
    }

    @Test
    void conceptsFollowTheOrderOfTheSubspaces() {
        Subspaces forward = subspaces.ofClass(0);
        Subspaces backward = reversed(forward);
        try (Explainer explainer = explainer(Optional.empty())) {
            List<Part> first = explainer.explain(SIGNAL, 0, forward).concepts();
            List<Part> second = explainer.explain(SIGNAL, 0, backward).concepts();
            for (int k = 0; k < ExampleNetwork.CONCEPTS; k++) {
                assertEquals("concept-" + (k + 1), first.get(k).name());
                Part counterpart = second.get(ExampleNetwork.CONCEPTS - 1 - k);
                assertArrayEquals(
                        flat(first.get(k).map()),
                        flat(counterpart.map()),
                        1e-5f * (float) Math.abs(first.get(k).map().sum()) + 1e-6f);
                assertFalse(k > 0
                        && Arrays.equals(
                                flat(first.get(0).map()), flat(first.get(k).map())));
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
        try (Explainer explainer = explainer(Optional.of(subspaces))) {
            Explanation explanation = explainer.explain(SOUND);
            for (Prediction prediction : explanation.predictions()) {
                assertTrue(prediction.logit() <= explanation.explained().logit());
            }
            assertEquals(explanation.explained(), explanation.decision());
            assertEquals(
                    explanation.explained().classIndex(),
                    explanation.subspaces().orElseThrow().provenance().classIndex());
            double sum = 0;
            for (Prediction prediction : explanation.predictions()) {
                sum += prediction.probability();
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
        assertEquals(explanation.predictions().get(0).logit(), layers.get(0).arrived()[0], 1e-5);
        assertEquals(explanation.predictions().get(0).logit(), conservation.logit(), 1e-5);
        assertEquals(
                conservation.layerRelevance(),
                layers.get(3).arrived()[0],
                1e-4 * Math.abs(conservation.layerRelevance()));
        RelevanceLedger.Entry last = layers.get(4);
        assertEquals(1 + ExampleNetwork.CONCEPTS, last.passedOn().length);
        for (int map = 0; map < last.passedOn().length; map++) {
            assertEquals(
                    explanation.parts().get(map).map().sum(),
                    last.passedOn()[map],
                    1e-4 * explanation.largestRelevance() * ExampleNetwork.SIDE);
        }
    }

    @Test
    void everyMapHasASoundAsLongAsItsFramesAndNoLouderThanTheInput() {
        Explanation explanation = explain(Optional.of(subspaces), 0);
        assertEquals(ExampleNetwork.SAMPLES, explanation.input().signal().length);
        for (Part map : explanation.parts()) {
            assertEquals(
                    ExampleNetwork.HOP * (ExampleNetwork.SIDE - 1), map.sound().samples().length);
            double loudness = rootMeanSquare(map.sound().samples())
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
                    audioModel, Composite.toy(), Optional.of(subspaces), new Choices().withThreads(threads))) {
                List<Part> parts = explainer.explain(SOUND, ofClass(0)).parts();
                for (int i = 0; i < parts.size(); i++) {
                    assertEquals(expected.parts().get(i).name(), parts.get(i).name());
                    assertArrayEquals(
                            expected.parts().get(i).sound().samples(),
                            parts.get(i).sound().samples());
                }
            }
        }
    }

    private static float[] flat(RelevanceMap map) {
        float[] flat = new float[ExampleNetwork.SIDE * ExampleNetwork.SIDE];
        for (int row = 0; row < ExampleNetwork.SIDE; row++) {
            System.arraycopy(map.values()[row], 0, flat, row * ExampleNetwork.SIDE, ExampleNetwork.SIDE);
        }
        return flat;
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
        RelevanceMap map = new RelevanceMap(new float[][] {{-1, -2.5f, 0}}, audioModel.axes());
        Part part = new Part("concept-2", 0.5, map, Sound.of(new float[4], ExampleNetwork.SAMPLE_RATE));
        assertTrue(part.silent());
        assertEquals(-3.5, map.sum());
        assertEquals(0, map.positiveSum());
        assertEquals("Concept 2", part.title());
    }

    @Test
    void partsOfARecordingAreMeasuredAtAnyRate() {
        float[] high = ExampleNetwork.tone(3000, 2 * ExampleNetwork.SAMPLES);
        try (Explainer explainer = explainer(Optional.of(subspaces));
                Explainer whole = explainer(Optional.empty())) {
            Stems song = audioModel.stems(
                    "song", Map.of("low", SOUND, "high", Sound.of(high, 2 * ExampleNetwork.SAMPLE_RATE)));
            StemResult result =
                    explainer.evaluateStems(List.of(song.ofClass("whistle")), 5).get(0);
            assertEquals("whistle", result.className());
            assertEquals(List.of("high", "low"), result.parts());
            assertEquals(ExampleNetwork.CONCEPTS, result.first().shown().shares()[0].length);
            assertThrows(BadInputException.class, () -> whole.evaluateStems(List.of(song), 5));
        }
    }

    @Test
    void refusesWhatDoesNotFitTheModel() {
        IllegalArgumentException rules = assertThrows(
                IllegalArgumentException.class,
                () -> new Explainer(
                        audioModel,
                        Composite.named("few").with(LayerKind.DENSE, Rule.epsilon(1e-7f)),
                        Optional.empty(),
                        new Choices()));
        assertTrue(rules.getMessage().contains("conv1"), rules.getMessage());
        ModelSettings other = new ModelSettings(SpectrogramSettings.toy(), "toy", settings.subspaces());
        BadInputException shape = assertThrows(BadInputException.class, () -> new AudioModel(model, other));
        assertTrue(shape.getMessage().contains("64 mels x 64 frames"), shape.getMessage());
    }

    @Test
    void refusesSignalsThatCannotBeExplained() {
        try (Explainer explainer = explainer(Optional.of(ExampleNetwork.subspaces(model, 1)))) {
            Sound nothing = Sound.of(new float[ExampleNetwork.SAMPLES], ExampleNetwork.SAMPLE_RATE);
            BadInputException silent = assertThrows(BadInputException.class, () -> explainer.explain(nothing));
            assertTrue(silent.getMessage().startsWith("sound: silent"), silent.getMessage());
            BadInputException missing =
                    assertThrows(BadInputException.class, () -> explainer.explain(SOUND, ofClass(0)));
            assertTrue(missing.getMessage().contains("1 (whistle)"), missing.getMessage());
        }
    }
}
