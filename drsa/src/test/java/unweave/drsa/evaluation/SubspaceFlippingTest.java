package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

class SubspaceFlippingTest {
    private static final int SAMPLES = 40;
    private static final float[] INPUTS = TestModels.uniform(SAMPLES * 256, -1, 1, 2);
    private static final int[] CLASSES = new int[SAMPLES];

    static {
        Arrays.setAll(CLASSES, i -> i % 3);
    }

    /** Batching over inputs and variants changes nothing, nor does the number of threads. */
    @Test
    void flipsTheMapsOfTwoStepAttribution() {
        Subspaces conv3 = TestModels.subspaces("conv3", 8, 4, 0, 1);
        Subspaces conv2 = TestModels.subspaces("conv2", 6, 2, 0, 2);
        List<SubspaceFlipping.Result> byThreads = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            try (Backend backend = CpuBackend.create(threads);
                    Model model = TestModels.convolutional(backend, 3);
                    LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
                PatchFlipping flipping = new PatchFlipping(model, 4);
                SubspaceFlipping evaluation = new SubspaceFlipping(model, relevance, flipping);
                List<Integer> progress = new ArrayList<>();
                SubspaceFlipping.Result result = evaluation.evaluate(
                        INPUTS, CLASSES, List.of(conv3, conv2), (done, total, left) -> progress.add(done));
                assertEquals(List.of(32, 40), progress);
                ConceptMaps maps = new TwoStepAttribution(model, relevance, conv2).attribute(INPUTS, CLASSES);
                int[][][] rankings =
                        Arrays.stream(maps.concepts()).map(flipping::rankings).toArray(int[][][]::new);
                assertSame(
                        flipping.flip(INPUTS, CLASSES, rankings),
                        result.variants().get(1));
                int[][][] standard = Arrays.stream(maps.standard())
                        .map(map -> flipping.rankings(map))
                        .toArray(int[][][]::new);
                assertSame(flipping.flip(INPUTS, CLASSES, standard), result.standard());
                assertSame(
                        result.standard(),
                        evaluation
                                .evaluate(INPUTS, CLASSES, List.of(), EvaluationProgress.SILENT)
                                .standard());
                byThreads.add(result);
            }
        }
        assertSame(
                byThreads.get(0).variants().get(0), byThreads.get(1).variants().get(0));
    }

    private static void assertSame(FlippingScores expected, FlippingScores actual) {
        assertEquals(SAMPLES, actual.count());
        for (int i = 0; i < SAMPLES; i++) {
            assertArrayEquals(expected.scores()[i], actual.scores()[i]);
        }
    }
}
