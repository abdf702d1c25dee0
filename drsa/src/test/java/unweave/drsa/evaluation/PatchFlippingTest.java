package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class PatchFlippingTest {
    private static final Backend BACKEND = CpuBackend.create(2);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    /**
     * Four patches worth 1, 2, 3, 4; steps of 1 and 3: the map that knows them leaves 6 after the first step, one that
     * is wrong leaves 9.
     */
    @Test
    void curvesByHand() {
        float[] worth = {1, 2, 3, 4};
        float[] ones = {1, 1, 1, 1};
        try (Model model = TestModels.linear(BACKEND, 2, 2, worth)) {
            PatchFlipping flipping = new PatchFlipping(model, 1);
            assertArrayEquals(new int[] {1, 3}, flipping.flips());
            assertArrayEquals(new float[] {10, 6, 0}, flip(flipping, ones, worth), 1e-6f);
            assertArrayEquals(new float[] {10, 9, 0}, flip(flipping, ones, new float[] {4, 3, 2, 1}), 1e-6f);
            // Two maps that point at different patches flip both; two equal ones gain nothing.
            assertArrayEquals(new float[] {10, 3, 0}, flip(flipping, ones, worth, new float[] {0, 0, 9, 1}), 1e-6f);
            assertArrayEquals(new float[] {10, 6, 0}, flip(flipping, ones, worth, worth), 1e-6f);
        }
    }

    /** Fig. 4.9: every map names its next patches, the masks are united, and what they leave is what is measured. */
    @Test
    void masksAreThePatchesOfAllMapsAndLeaveTheInputsThatAreMeasured() {
        float[] input = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048};
        float[] ones = new float[input.length];
        Arrays.fill(ones, 1);
        try (Model model = TestModels.linear(BACKEND, 2, 6, ones)) {
            PatchFlipping flipping = new PatchFlipping(model, 1);
            int[][] rankings = flipping.rankings(
                    new float[] {9, 8, 7, 6, 5, 0, 0, 0, 0, 0, 0, 0}, new float[] {9, 0, 0, 0, 0, 0, 6, 7, 8, 0, 0, 5});
            assertArrayEquals(new int[] {0}, flipping.patches(rankings[0], 1));
            assertArrayEquals(new int[] {1, 2, 3, 4}, flipping.patches(rankings[0], 2));
            assertArrayEquals(new int[] {8, 7, 6, 11}, flipping.patches(rankings[1], 2));
            List<BitSet> masks = flipping.masks(rankings);
            assertEquals("[{}, {0}, {0, 1, 2, 3, 4, 6, 7, 8, 11}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}]", "" + masks);
            assertArrayEquals(
                    new float[] {0, 0, 0, 0, 0, 32, 0, 0, 0, 512, 1024, 0}, flipping.flipped(input, masks.get(2)));
            float[] curve = flipping.flip(input, new int[] {0}, new int[][][] {rankings})
                    .scores()[0];
            for (int step = 0; step < masks.size(); step++) {
                float[] left = flipping.flipped(input, masks.get(step));
                assertEquals(model.predict(left, 1)[0], curve[step], 1e-3, "step " + step);
            }
        }
    }

    @Test
    void scoresAreClampedAtZero() {
        try (Model model = TestModels.linear(BACKEND, 2, 2, new float[] {1, -2, 3, -4})) {
            float[] curve = flip(new PatchFlipping(model, 1), new float[] {1, 1, 1, 1}, new float[] {0, 1, 0, 5});
            assertArrayEquals(new float[] {0, 2, 0}, curve, 1e-6f);
        }
    }

    /** With positive contributions the true ranking scores best of all 120 rankings, by both figures. */
    @Test
    void aPerfectExplanationScoresBest() {
        float[] worth = {2, 7, 1, 4, 3};
        float[] ones = {1, 1, 1, 1, 1};
        try (Model model = TestModels.linear(BACKEND, 1, 5, worth)) {
            PatchFlipping flipping = new PatchFlipping(model, 1);
            FlippingScores best = flipping.flip(ones, new int[] {0}, new int[][][] {flipping.rankings(worth)});
            for (int seed = 0; seed < 200; seed++) {
                FlippingScores other = flipping.flip(ones, new int[] {0}, flipping.randomRankings(1, 1, seed));
                assertTrue(best.aupc(0) <= other.aupc(0) + 1e-6 && best.area(0) <= other.area(0) + 1e-6);
            }
        }
    }

    /**
     * Inputs whose patches matter by chance: a constant map, which ranks by number, does as random rankings do; the
     * true one does better.
     */
    @Test
    void aUniformMapScoresAsRandomFlipping() {
        int samples = 400;
        float[] inputs = TestModels.uniform(samples * 16, 0, 1, 5);
        float[] weights = new float[16];
        Arrays.fill(weights, 1f);
        int[] classes = new int[samples];
        try (Model model = TestModels.linear(BACKEND, 4, 4, weights)) {
            PatchFlipping flipping = new PatchFlipping(model, 1);
            int[][][] uniform = new int[samples][][];
            int[][][] right = new int[samples][][];
            for (int i = 0; i < samples; i++) {
                uniform[i] = flipping.rankings(new float[16]);
                right[i] = flipping.rankings(Arrays.copyOfRange(inputs, i * 16, i * 16 + 16));
            }
            List<FlippingScores> scores =
                    flipping.flip(inputs, classes, List.of(uniform, flipping.randomRankings(samples, 1, 3), right));
            Estimate difference = Estimate.of(FlippingScores.deltaAupc(scores.get(0), scores.get(1)));
            assertTrue(Math.abs(difference.mean()) < 4 * difference.standardError(), "differ by " + difference);
            Estimate gain = Estimate.of(FlippingScores.deltaAupc(scores.get(1), scores.get(2)));
            assertTrue(gain.mean() > 20 * gain.standardError(), "gains " + gain);
        }
    }

    /** The plain version: flips step by step, one input and one explanation at a time. */
    @Test
    void agreesWithThePlainVersion() {
        int samples = 5;
        float[] inputs = TestModels.uniform(samples * 256, -1, 1, 8);
        int[] classes = {0, 1, 2, 0, 1};
        try (Model model = TestModels.convolutional(BACKEND, 4)) {
            PatchFlipping flipping = new PatchFlipping(model, 5);
            List<int[][][]> rankings = List.of(
                    flipping.randomRankings(samples, 1, 1),
                    flipping.randomRankings(samples, 3, 2),
                    flipping.randomRankings(samples, 1, 1));
            List<FlippingScores> fast = flipping.flip(inputs, classes, rankings);
            for (int method = 0; method < rankings.size(); method++) {
                for (int i = 0; i < samples; i++) {
                    float[] input = Arrays.copyOfRange(inputs, i * 256, (i + 1) * 256);
                    assertArrayEquals(
                            plain(model, input, classes[i], rankings.get(method)[i], 5),
                            fast.get(method).scores()[i],
                            1e-6f);
                }
            }
        }
    }

    private static float[] plain(Model model, float[] input, int classIndex, int[][] rankings, int side) {
        int columns = (16 + side - 1) / side;
        float[] x = input.clone();
        float[] scores = new float[5];
        scores[0] = Math.max(0, model.predict(x, 1)[classIndex]);
        int done = 0;
        for (int step = 1; done < columns * columns; step++) {
            int next = Math.min(columns * columns, done + step * step);
            for (int[] ranking : rankings) {
                for (int i = done; i < next; i++) {
                    for (int bin = 0; bin < x.length; bin++) {
                        boolean inPatch =
                                bin / 16 / side == ranking[i] / columns && bin % 16 / side == ranking[i] % columns;
                        x[bin] = inPatch ? 0 : x[bin];
                    }
                }
            }
            done = next;
            scores[step] = Math.max(0, model.predict(x, 1)[classIndex]);
        }
        return scores;
    }

    /**
     * Both channels of a bin are flipped with its patch: 1 + 2 + 3 + 4 + 10 + 20 + 30 + 40 = 110, less 40 + 4 for the
     * last patch.
     */
    @Test
    void flipsEveryChannelOfABin() {
        float[] weights = {1, 10, 2, 20, 3, 30, 4, 40};
        float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
        try (Model model = TestModels.linear(BACKEND, LayerShape.image(2, 2, 2), weights)) {
            assertArrayEquals(
                    new float[] {110, 66, 0}, flip(new PatchFlipping(model, 1), ones, new float[] {1, 2, 3, 4}), 1e-4f);
        }
    }

    @Test
    void randomRankingsFollowTheSeed() {
        try (Model model = TestModels.convolutional(BACKEND, 4)) {
            PatchFlipping flipping = new PatchFlipping(model, 4);
            int[][][] first = flipping.randomRankings(3, 2, 7);
            assertArrayEquals(first, flipping.randomRankings(3, 2, 7));
            assertFalse(Arrays.deepEquals(first, flipping.randomRankings(3, 2, 8)));
            assertFalse(Arrays.equals(first[0][0], first[0][1]) || Arrays.equals(first[0][0], first[1][0]));
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Model model = TestModels.linear(BACKEND, 2, 2, new float[4])) {
            PatchFlipping flipping = new PatchFlipping(model, 1);
            int[][][] good = {{{0, 1, 2, 3}}};
            assertRefused(() -> flipping.flip(new float[3], new int[] {0}, good));
            assertRefused(() -> flipping.flip(new float[4], new int[] {1}, good));
            assertRefused(() -> flipping.flip(new float[8], new int[] {0, 0}, good));
            assertRefused(() -> flipping.flip(new float[4], new int[] {0}, new int[][][] {{{0, 1, 1, 3}}}));
            assertRefused(() -> flipping.flip(new float[4], new int[] {0}, new int[][][] {{}}));
            assertRefused(() -> flipping.flip(new float[4], new int[] {0}, List.of()));
        }
    }

    private static void assertRefused(Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertEquals(1, message.lines().count());
    }

    private static float[] flip(PatchFlipping flipping, float[] input, float[]... maps) {
        return flipping.flip(input, new int[] {0}, new int[][][] {flipping.rankings(maps)})
                .scores()[0];
    }
}
