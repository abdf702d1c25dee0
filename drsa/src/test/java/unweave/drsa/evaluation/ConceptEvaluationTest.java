package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

class ConceptEvaluationTest {
    private static final Backend BACKEND = CpuBackend.create(2);
    private static final int SAMPLES = 18;
    private static final float[] INPUTS = TestModels.uniform(SAMPLES * 256, -1, 1, 6);
    private static final int[] CLASSES = new int[SAMPLES];

    static {
        Arrays.setAll(CLASSES, i -> i % 3);
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    /** Everything is what the single measures give for the maps of two-step attribution; batches do not matter. */
    @Test
    void measuresTheMapsOfTwoStepAttribution() {
        Subspaces subspaces = TestModels.subspaces("conv3", 8, 2, 0, 4);
        try (Model model = TestModels.convolutional(BACKEND, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ConceptEvaluation.Settings settings =
                    new ConceptEvaluation.Settings(MapPart.POSITIVE, -1, Masking.towards(-1), 4);
            List<Integer> progress = new ArrayList<>();
            ConceptEvaluation.Result result = new ConceptEvaluation(model, relevance, settings)
                    .evaluate(INPUTS, CLASSES, subspaces, (done, total, left) -> progress.add(done));
            assertEquals(List.of(16, 18), progress);
            ConceptMaps maps = new TwoStepAttribution(model, relevance, subspaces).attribute(INPUTS, CLASSES);
            float[][] standard =
                    Arrays.stream(maps.standard()).map(MapPart.POSITIVE::mask).toArray(float[][]::new);
            float[][] second = Arrays.stream(maps.concepts())
                    .map(concepts -> MapPart.POSITIVE.mask(concepts[1]))
                    .toArray(float[][]::new);
            float[][] together =
                    Arrays.stream(maps.concepts()).map(MapPart.POSITIVE::united).toArray(float[][]::new);
            List<List<MaskScore>> expected = new MaskFaithfulness(model, Masking.towards(-1))
                    .evaluate(INPUTS, CLASSES, List.of(standard, second, together));
            assertEquals(expected.get(0), result.standard().masks());
            assertEquals(2, result.concepts().size());
            assertEquals(expected.get(1), result.concepts().get(1).masks());
            assertEquals(expected.get(2), result.together().masks());
            RemovalCurves curves = new InsertionDeletion(model, -1, 4)
                    .evaluate(INPUTS, CLASSES, List.<float[][]>of(maps.standard()))
                    .get(0);
            for (int i = 0; i < SAMPLES; i++) {
                assertArrayEquals(
                        curves.deletion()[i], result.standard().curves().deletion()[i], 1e-12);
                assertArrayEquals(
                        curves.insertion()[i], result.standard().curves().insertion()[i], 1e-12);
                assertEquals(
                        Disentanglement.of(maps.concepts()[i], 16, 16),
                        result.disentanglement().get(i));
            }
            assertEquals(1, Arrays.stream(result.histogram().shares()).sum(), 1e-9);
        }
    }

    /**
     * One subspace is the standard map: its figures are those of the standard map, and there is nothing to be apart.
     */
    @Test
    void oneSubspaceIsTheStandardMap() {
        try (Model model = TestModels.convolutional(BACKEND, 3);
                LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            ConceptEvaluation.Settings settings =
                    new ConceptEvaluation.Settings(MapPart.POSITIVE, -1, Masking.towards(-1), 0);
            ConceptEvaluation.Result result = new ConceptEvaluation(model, relevance, settings)
                    .evaluate(INPUTS, CLASSES, TestModels.subspaces("conv2", 6, 1, 0, 4), EvaluationProgress.SILENT);
            assertEquals(List.of(), result.disentanglement());
            assertNull(result.standard().curves());
            for (int i = 0; i < SAMPLES; i++) {
                assertEquals(
                        result.standard().masks().get(i).faithfulness(),
                        result.concepts().get(0).masks().get(i).faithfulness(),
                        1e-5);
                assertEquals(
                        result.concepts().get(0).masks().get(i),
                        result.together().masks().get(i));
            }
        }
    }
}
