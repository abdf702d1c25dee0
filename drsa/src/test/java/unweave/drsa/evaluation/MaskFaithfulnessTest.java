package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class MaskFaithfulnessTest {
    private static final Backend BACKEND = CpuBackend.create(2);
    /** Bins 0 to 3 speak for class 1, bins 4 to 15 a little for class 2. */
    private static final float[][] WEIGHTS = {
        {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f}
    };

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void figuresByHandWhereTheMaskHelps() {
        MaskScore score = MaskScore.of(
                0, new double[] {.6, .4}, new double[] {.9, .1}, new double[] {.2, .8}, new float[] {1, 0});
        assertEquals(100, score.increase());
        assertEquals(0, score.drop());
        assertEquals(75, score.gain(), 1e-12);
        assertEquals(1, score.inputFidelity());
        assertEquals(0.4, score.faithfulness(), 1e-12);
        assertEquals(0.5, score.sparseness(), 1e-12);
        assertEquals(0, score.complexity(), 1e-12);
    }

    /** The published program's drop: softmax of (.6, .4) is 1 / (1 + e^-.2), of (.3, .7) 1 / (1 + e^.4). */
    @Test
    void figuresByHandWhereTheMaskHarms() {
        MaskScore score = MaskScore.of(
                0, new double[] {.6, .4}, new double[] {.3, .7}, new double[] {.6, .4}, new float[] {1, 1});
        assertEquals(0, score.increase());
        assertEquals(50, score.drop(), 1e-12);
        assertEquals(100 * (1 - (1 + Math.exp(-.2)) / (1 + Math.exp(.4))), score.dropAsReleased(), 1e-9);
        assertEquals(0, score.gain());
        assertEquals(0, score.inputFidelity());
        assertEquals(0, score.faithfulness(), 1e-12);
    }

    @Test
    void summariesAreMeans() {
        MaskScore a = new MaskScore(100, 0, 0, 20, 1, .5, .9, 3);
        MaskScore b = new MaskScore(0, 10, 2, 0, 0, .1, .7, 5);
        MaskScore.Summary summary = MaskScore.summary(List.of(a, b));
        assertEquals(50, summary.increase().mean());
        assertEquals(5, summary.drop().mean());
        assertEquals(1, summary.dropAsReleased().mean());
        assertEquals(10, summary.gain().mean());
        assertEquals(.5, summary.inputFidelity().mean());
        assertEquals(.3, summary.faithfulness().mean(), 1e-12);
        assertEquals(.8, summary.sparseness().mean(), 1e-12);
        assertEquals(4, summary.complexity().mean());
        assertEquals(50, summary.increase().standardError(), 1e-9);
    }

    /** Half a mask on a log spectrogram with floor -4: -2 for 0; on its magnitude: 10^0 / 2. */
    @Test
    void maskingByHand() {
        assertEquals(-2, Masking.towards(-4).apply(0, .5f), 1e-6);
        assertEquals(-4, Masking.towards(-4).apply(1, 0), 0);
        assertEquals(1, Masking.towards(-4).apply(1, 1), 0);
        assertEquals(Math.log10(.5), Masking.ofMagnitude(-4).apply(0, .5f), 1e-6);
        assertEquals(-4, Masking.ofMagnitude(-4).apply(1, 0), 0);
        assertEquals(-4, Masking.ofMagnitude(-4).apply(-3.9f, .5f), 0);
    }

    /** The mask of the four bins that decide is better in every figure than 200 random masks of four bins. */
    @Test
    void aPerfectExplanationScoresBest() {
        float[] input = new float[16];
        Arrays.fill(input, 1f);
        try (Model model = TestModels.linear(BACKEND, 4, 4, WEIGHTS)) {
            List<float[][]> masks = new ArrayList<>();
            masks.add(new float[][] {{1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}});
            for (int i = 0; i < 200; i++) {
                float[] mask = new float[16];
                int[] order = Permutation.random(16, i);
                for (int j = 0; j < 4; j++) {
                    mask[order[j]] = 1;
                }
                masks.add(new float[][] {mask});
            }
            List<List<MaskScore>> scores =
                    new MaskFaithfulness(model, Masking.towards(0)).evaluate(input, new int[] {0}, masks);
            MaskScore best = scores.get(0).get(0);
            assertEquals(100, best.increase());
            assertEquals(1, best.inputFidelity());
            for (List<MaskScore> one : scores) {
                MaskScore other = one.get(0);
                assertTrue(best.drop() <= other.drop()
                        && best.gain() >= other.gain()
                        && best.faithfulness() >= other.faithfulness());
            }
        }
    }

    /** What the network hears, checked against the model itself. */
    @Test
    void keepsAndLeavesWhatTheMaskSays() {
        float[] inputs = TestModels.uniform(3 * 16, -4, 1, 3);
        float[][] masks = {TestModels.uniform(16, 0, 1, 4), TestModels.uniform(16, 0, 1, 5), new float[16]};
        try (Model model = TestModels.linear(BACKEND, 4, 4, WEIGHTS)) {
            List<MaskScore> scores = new MaskFaithfulness(model, Masking.towards(-4))
                    .evaluate(inputs, new int[] {0, 1, 1}, List.<float[][]>of(masks))
                    .get(0);
            for (int i = 0; i < 3; i++) {
                int classIndex = i == 0 ? 0 : 1;
                double p = probability(model, inputs, i, classIndex, null);
                assertEquals(
                        p - probability(model, inputs, i, classIndex, complement(masks[i])),
                        scores.get(i).faithfulness(),
                        1e-6);
                double in = probability(model, inputs, i, classIndex, masks[i]);
                assertEquals(100 * Math.max(0, p - in) / p, scores.get(i).drop(), 1e-4);
                assertEquals(100 * Math.max(0, in - p) / (1 - p), scores.get(i).gain(), 1e-4);
            }
            assertEquals(0, scores.get(2).faithfulness(), 1e-9);
        }
    }

    private static double probability(Model model, float[] inputs, int index, int classIndex, float[] mask) {
        float[] x = Arrays.copyOfRange(inputs, index * 16, index * 16 + 16);
        for (int i = 0; i < 16 && mask != null; i++) {
            x[i] = -4 + mask[i] * (x[i] + 4);
        }
        return Softmax.of(model.predict(x, 1))[classIndex];
    }

    private static float[] complement(float[] mask) {
        float[] rest = new float[mask.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = 1 - mask[i];
        }
        return rest;
    }

    @Test
    void refusesMapsOfAnotherSize() {
        try (Model model = TestModels.linear(BACKEND, 4, 4, WEIGHTS)) {
            MaskFaithfulness faithfulness = new MaskFaithfulness(model, Masking.towards(0));
            List<float[][]> short15 = List.<float[][]>of(new float[1][15]);
            assertThrows(
                    IllegalArgumentException.class, () -> faithfulness.evaluate(new float[16], new int[] {0}, short15));
        }
    }
}
