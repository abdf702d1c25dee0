package unweave.experiments.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.audio.random.SeededRandom;
import unweave.drsa.evaluation.FlippingScores;
import unweave.drsa.evaluation.PatchFlipping;
import unweave.engine.model.Model;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class FlippingFigureTest {
    /** What Fig. 4.9 draws is what the evaluation measures: the logits of the drawn inputs are the curve. */
    @Test
    void theDrawnMasksAreThoseThatTheEvaluationFlips() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(Preset.of("toy").description(List.of("a", "b")), backend, 5)) {
            int size = model.description().input().features();
            SeededRandom random = new SeededRandom(7);
            float[] input = random(random, size);
            float[][] concepts = {random(random, size), random(random, size), random(random, size)};
            PatchFlipping flipping = new PatchFlipping(model, PatchFlipping.THESIS_SIDE);
            List<FlippingFigure.Step> steps = FlippingFigure.steps(flipping, input, concepts);
            assertEquals(2, steps.size());
            for (int classIndex = 0; classIndex < 2; classIndex++) {
                FlippingScores measured =
                        flipping.flip(input, new int[] {classIndex}, new int[][][] {flipping.rankings(concepts)});
                for (FlippingFigure.Step step : steps) {
                    float logit = model.predict(step.left(), 1)[classIndex];
                    assertEquals(Math.max(0, logit), measured.scores()[0][step.step()], 1e-5, step.toString());
                }
            }
            BitSet united = new BitSet();
            for (FlippingFigure.Step step : steps) {
                for (int[] patches : step.patches()) {
                    assertEquals(step.step() * step.step(), patches.length);
                    Arrays.stream(patches).forEach(united::set);
                }
                assertEquals(united, step.mask());
                assertTrue(united.cardinality() > step.step());
            }
        }
    }

    private static float[] random(SeededRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.gaussian();
        }
        return values;
    }
}
