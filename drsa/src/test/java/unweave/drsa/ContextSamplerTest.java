package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

class ContextSamplerTest {
    private static final float[] INPUTS = SmallNetwork.inputs(70);

    @Test
    void activationsAreThoseOfTheLayerAtTheDrawnPositions() {
        try (Backend backend = CpuBackend.create(1);
                Model model = SmallNetwork.create(backend, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ContextData data = new ContextSampler(model, relevance).sample("conv2", 1, INPUTS, 5, 3, 21);
            float[] layer;
            try (Tape tape = Tape.inference(backend)) {
                model.forward(
                        tape,
                        tape.input(backend.floats(Arrays.copyOf(INPUTS, 5 * SmallNetwork.FEATURES)), 5, 16, 16, 1),
                        "conv2");
                layer = backend.toArray(model.activation(tape, "conv2").data());
            }
            double scale = 0;
            for (int n = 0; n < 15; n++) {
                int position = SpatialPositions.draw(21, n / 3, 3, 64)[n % 3];
                for (int j = 0; j < 6; j++) {
                    float raw = layer[(n / 3 * 64 + position) * 6 + j];
                    float sampled = data.activations()[n * 6 + j];
                    scale = scale == 0 && raw != 0 ? sampled / raw : scale;
                    assertEquals(raw * scale, sampled, 1e-5);
                    assertTrue(raw != 0 || data.contexts()[n * 6 + j] == 0);
                }
            }
            assertEquals(
                    new Provenance(ModelFile.fingerprint(model), "conv2", 1, "class 2", 5, 3, 21), data.provenance());
        }
    }

    /** With all positions drawn, the relevance of all vectors is what arrives at the layer. */
    @Test
    void activationTimesContextIsTheRelevanceOfTheLayer() {
        try (Backend backend = CpuBackend.create(2);
                Model model = SmallNetwork.create(backend, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ContextData data = new ContextSampler(model, relevance).sample("conv3", 2, INPUTS, 7, 16, 21);
            Subspaces subspaces = SmallNetwork.subspaces("", "conv3", 8, 2, 2);
            int[] classes = new int[7];
            Arrays.fill(classes, 2);
            ConceptMaps maps = new TwoStepAttribution(model, relevance, subspaces).attribute(INPUTS, classes);
            double arrived = 0;
            for (float sum : maps.layerRelevance()) {
                arrived += sum;
            }
            assertEquals(
                    arrived,
                    Arrays.stream(data.relevanceTotals(subspaces.basis(), 2)).sum(),
                    1e-4 * Math.abs(arrived));
        }
    }

    @Test
    void batchesAndThreadsDoNotMatter() {
        ContextData all = sample(1, 70);
        ContextData again = sample(2, 70);
        assertArrayEquals(all.activations(), again.activations());
        assertArrayEquals(all.contexts(), again.contexts());
        ContextData few = sample(1, 3);
        int largest = 0;
        for (int i = 0; i < few.activations().length; i++) {
            largest = few.activations()[i] > few.activations()[largest] ? i : largest;
        }
        float factor = all.activations()[largest] / few.activations()[largest];
        for (int i = 0; i < few.activations().length; i++) {
            assertEquals(factor * few.activations()[i], all.activations()[i], 1e-5);
        }
    }

    private static ContextData sample(int threads, int count) {
        try (Backend backend = CpuBackend.create(threads);
                Model model = SmallNetwork.create(backend, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            return new ContextSampler(model, relevance).sample("conv3", 0, INPUTS, count, 4, 5);
        }
    }

    @Test
    void refusesWhatDoesNotFitTheModel() {
        try (Backend backend = CpuBackend.create(1);
                Model model = SmallNetwork.create(backend, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ContextSampler sampler = new ContextSampler(model, relevance);
            assertRefused("conv7", () -> sampler.sample("conv7", 0, INPUTS, 4, 4, 5));
            assertRefused("classes 0 to 2", () -> sampler.sample("conv3", 3, INPUTS, 4, 4, 5));
            assertRefused("choose 1 to 16", () -> sampler.sample("conv3", 0, INPUTS, 4, 17, 5));
            assertRefused("71 inputs", () -> sampler.sample("conv3", 0, INPUTS, 71, 4, 5));
            model.setWeights(zeroed(model));
            assertRefused("every activation", () -> sampler.sample("conv3", 0, INPUTS, 4, 4, 5));
        }
    }

    private static Map<String, float[]> zeroed(Model model) {
        Map<String, float[]> weights = model.weights();
        weights.values().forEach(values -> Arrays.fill(values, 0f));
        return weights;
    }

    private static void assertRefused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
