package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Assignment;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

class GammaGridTest {
    /** The falling grid at 0.4 is Table 4.3: the composite of the music model. */
    @Test
    void fallingFromFourTenthsIsTheCompositeOfTheThesis() {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(ModelDescription.cnn(32, new int[] {2, 2, 2, 2, 2}, 4, 2, 0f), backend, 1)) {
            GammaGrid grid = new GammaGrid(model, Composite.gtzan(), new PatchFlipping(model, 16));
            assertEquals(
                    rules(Composite.gtzan(), model), rules(grid.composite(new GammaGrid.Setting(0.4f, true)), model));
            List<String> uniform = rules(grid.composite(new GammaGrid.Setting(0.4f, false)), model);
            assertEquals(1, uniform.subList(1, 5).stream().distinct().count());
            assertEquals(rules(Composite.gtzan(), model).get(0), uniform.get(0));
            assertEquals(rules(Composite.gtzan(), model).subList(5, 8), uniform.subList(5, 8));
        }
    }

    private static List<String> rules(Composite composite, Model model) {
        return composite.assignments(model).stream()
                .map(Assignment::rule)
                .map(Object::toString)
                .toList();
    }

    @Test
    void aPointIsTheFlippingOfItsStandardMaps() {
        float[] inputs = TestModels.uniform(4 * 256, 0, 1, 3);
        int[] classes = {0, 1, 2, 0};
        try (Backend backend = CpuBackend.create(2);
                Model model = TestModels.convolutional(backend, 2)) {
            PatchFlipping flipping = new PatchFlipping(model, 4);
            GammaGrid grid = new GammaGrid(model, Composite.toy(), flipping);
            GammaGrid.Setting setting = new GammaGrid.Setting(0.8f, false);
            FlippingScores scores = grid.evaluate(setting, inputs, classes, EvaluationProgress.SILENT);
            try (LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
                float[][] maps = StandardMaps.of(model, relevance, inputs, classes);
                for (int i = 0; i < 4; i++) {
                    int[][][] ranking = {flipping.rankings(maps[i])};
                    float[] one = Arrays.copyOfRange(inputs, i * 256, (i + 1) * 256);
                    assertArrayEquals(
                            flipping.flip(one, new int[] {classes[i]}, ranking).scores()[0], scores.scores()[i], 1e-6f);
                }
            }
        }
    }

    @Test
    void everyGammaIsTriedUniformAndFalling() {
        assertEquals(
                List.of(
                        new GammaGrid.Setting(0f, false),
                        new GammaGrid.Setting(.4f, false),
                        new GammaGrid.Setting(0f, true),
                        new GammaGrid.Setting(.4f, true)),
                GammaGrid.settings(List.of(0f, .4f)));
    }
}
