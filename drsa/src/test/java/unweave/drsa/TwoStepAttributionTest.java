package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Attribution;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;

class TwoStepAttributionTest {
    private static final float[] INPUTS = SmallNetwork.inputs(70);

    @ParameterizedTest
    @CsvSource({"conv1, 4, 2", "conv2, 6, 3", "conv3, 8, 4", "conv3, 8, 8", "dense1, 10, 5"})
    void conceptMapsAddUpToTheStandardMap(String layer, int dimensions, int count) {
        ConceptMaps maps =
                attribute(Composite.gtzan(), SmallNetwork.subspaces("", layer, dimensions, count, 0), 1, 0, 1, 2);
        assertEquals(3, maps.count());
        assertEquals(count, maps.concepts()[0].length);
        assertTrue(maps.conceptSumError() < 1e-4, "differ by " + maps.conceptSumError());
        for (int input = 0; input < 3; input++) {
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += maps.conceptSum(input, k);
            }
            assertEquals(maps.standardSum(input), sum, 1e-4 * Math.abs(maps.standardSum(input)));
        }
    }

    @Test
    void conceptMapsDiffer() {
        ConceptMaps maps = attribute(Composite.toy(), SmallNetwork.subspaces("", "conv3", 8, 2, 0), 1, 0);
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < maps.standard()[0].length; i++) {
            difference = Math.max(difference, Math.abs(maps.concepts()[0][0][i] - maps.concepts()[0][1][i]));
            largest = Math.max(largest, Math.abs(maps.standard()[0][i]));
        }
        assertTrue(difference > 0.1 * largest);
    }

    @Test
    void oneSubspaceIsTheStandardMap() {
        ConceptMaps maps = attribute(Composite.toy(), SmallNetwork.subspaces("", "conv2", 6, 1, 0), 1, 2, 0);
        for (int input = 0; input < 2; input++) {
            assertTrue(maps.conceptSumError(input) < 1e-5);
        }
    }

    /** Also with rules that send relevance to activations of 0, of which no subspace can have a part. */
    @Test
    void theStandardMapIsThatOfPlainRelevancePropagation() {
        assertStandardMapIsPlain(Composite.toy());
        assertStandardMapIsPlain(Composite.uniform(Rule.wSquare()));
    }

    private static void assertStandardMapIsPlain(Composite composite) {
        ConceptMaps maps = attribute(composite, SmallNetwork.subspaces("", "conv2", 6, 2, 0), 2, 1, 1, 0);
        try (Backend backend = CpuBackend.create(2);
                Model model = SmallNetwork.create(backend, 8);
                LayerwiseRelevance relevance = new LayerwiseRelevance(composite)) {
            float[] three = Arrays.copyOf(INPUTS, 3 * SmallNetwork.FEATURES);
            Attribution plain = relevance.attribute(model, three, 3, new int[] {1, 1, 0});
            for (int input = 0; input < 3; input++) {
                assertArrayEquals(plain.map(input), maps.standard()[input], 1e-6f);
            }
            assertArrayEquals(Arrays.copyOf(model.predict(three, 3), 3), maps.logits()[0], 1e-6f);
            assertEquals(maps.logits()[0][1], maps.attributedLogit(0));
        }
    }

    @Test
    void batchesAndThreadsDoNotMatter() {
        int[] classes = new int[70];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = i % 3;
        }
        Subspaces subspaces = SmallNetwork.subspaces("", "conv3", 8, 4, 0);
        ConceptMaps many = attribute(Composite.toy(), subspaces, 1, classes);
        ConceptMaps again = attribute(Composite.toy(), subspaces, 2, classes);
        ConceptMaps few = attribute(Composite.toy(), subspaces, 2, Arrays.copyOf(classes, 2));
        for (int input = 0; input < 70; input++) {
            assertArrayEquals(many.standard()[input], again.standard()[input]);
            assertArrayEquals(many.concepts()[input], again.concepts()[input]);
        }
        assertArrayEquals(many.concepts()[1], few.concepts()[1]);
        assertArrayEquals(many.logits()[1], few.logits()[1]);
    }

    @Test
    void aForwardPassThatRanAlreadyIsExplainedAlike() {
        Subspaces subspaces = SmallNetwork.subspaces("", "conv3", 8, 4, 0);
        ConceptMaps expected = attribute(Composite.toy(), subspaces, 2, 1, 0);
        try (Backend backend = CpuBackend.create(2);
                Model model = SmallNetwork.create(backend, 8);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy());
                Tape tape = Tape.inference(backend)) {
            Tensor input = model.input(tape, INPUTS, 0, 2);
            Tensor logits = model.forward(tape, input, "conv3");
            TwoStepAttribution attribution = new TwoStepAttribution(model, relevance, subspaces);
            ConceptMaps maps = attribution.attribute(tape, input, logits, 1, 0);
            assertArrayEquals(expected.standard(), maps.standard());
            assertArrayEquals(expected.concepts(), maps.concepts());
            assertRefused("1 classes for 2 inputs", () -> attribution.attribute(tape, input, logits, 1));
        }
    }

    @Test
    void conservationIsMeasuredAgainstTheLogit() {
        ConceptMaps maps = attribute(Composite.toy(), SmallNetwork.subspaces("", "conv3", 8, 2, 0), 1, 0);
        double expected = Math.abs(maps.standardSum(0) - maps.logits()[0][0]) / Math.abs(maps.logits()[0][0]);
        assertEquals(expected, maps.conservationError(0), 1e-12);
        assertEquals(6, maps.ledger().entries().size());
        assertEquals(maps.logits()[0][0], maps.ledger().entries().get(0).arrived()[0], 1e-6);
    }

    @Test
    void refusesWhatDoesNotFitTheModel() {
        assertRefused("D = 8", () -> attribute(Composite.toy(), SmallNetwork.subspaces("", "conv2", 8, 2, 0), 1, 0));
        assertRefused("conv9", () -> attribute(Composite.toy(), SmallNetwork.subspaces("", "conv9", 8, 2, 0), 1, 0));
        assertRefused("class 3", () -> attribute(Composite.toy(), SmallNetwork.subspaces("", "conv3", 8, 2, 0), 1, 3));
        assertRefused(
                "71 inputs",
                () -> attribute(Composite.toy(), SmallNetwork.subspaces("", "conv3", 8, 2, 0), 1, new int[71]));
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }

    private static ConceptMaps attribute(Composite composite, Subspaces subspaces, int threads, int... classes) {
        try (Backend backend = CpuBackend.create(threads);
                Model model = SmallNetwork.create(backend, 8);
                LayerwiseRelevance relevance = new LayerwiseRelevance(composite)) {
            return new TwoStepAttribution(model, relevance, subspaces).attribute(INPUTS, classes);
        }
    }
}
