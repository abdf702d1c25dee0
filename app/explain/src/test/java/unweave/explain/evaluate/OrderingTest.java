package unweave.explain.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;

class OrderingTest {
    static final AboveChance GOOD = AboveChance.of(new int[][] {{20, 0}, {1, 19}});
    static final AboveChance AT_CHANCE = AboveChance.of(new int[][] {{20, 0}, {20, 0}});

    private static FlippingResult.Scores scores(String name, double start, float[]... aupc) {
        double[][] curves = new double[aupc.length][];
        Arrays.setAll(curves, c -> new double[] {start, 0});
        return new FlippingResult.Scores(name, aupc, aupc, curves);
    }

    static FlippingResult result(FlippingResult.Scores... methods) {
        List<String> classes = List.of("x", "y").subList(0, methods[0].aupc().length);
        return new FlippingResult("conv3", 4, classes, new int[] {1}, List.of(methods));
    }

    /** Two classes, three inputs each: DRSA is better than DSA on every input by 1 +- 0, DSA than random by 1 to 3. */
    private static FlippingResult ordered() {
        return result(
                scores("standard", 10, new float[] {9, 9, 9}, new float[] {9, 9, 9}),
                scores("DRSA", 10, new float[] {1, 2, 3}, new float[] {3, 4, 5}),
                scores("DSA", 10, new float[] {2, 3, 4}, new float[] {4, 5, 6}),
                scores("random", 10, new float[] {3, 5, 7}, new float[] {5, 7, 9}));
    }

    @Test
    void theScoreIsTheMeanOverInputsAndThenOverClasses() {
        FlippingResult.Scores uneven = scores("DRSA", 10, new float[] {1, 3}, new float[] {10});
        assertEquals(6, uneven.meanAupc().mean(), "the mean of 2 and 10, whatever the number of inputs");
        // The standard error of the first class is sqrt(2) / sqrt(2) = 1, of the second 0; over two classes sqrt(1 + 0)
        // / 2.
        assertEquals(0.5, uneven.meanAupc().standardError(), 1e-12);
    }

    @Test
    void neighboursAreComparedInputByInput() {
        Ordering ordering = ordered().ordering(GOOD);
        assertEquals(
                List.of("DRSA", "DSA", "random"),
                ordering.steps().stream().map(Comparison::first).toList());
        assertEquals(new Estimate(1, 0, 6), ordering.steps().get(0).advantage());
        // Differences 1, 2, 3 in both classes: mean 2, standard errors 1 / sqrt(3), together sqrt(2 / 3) / 2.
        assertEquals(2, ordering.steps().get(1).advantage().mean());
        assertEquals(Math.sqrt(2. / 3) / 2, ordering.steps().get(1).advantage().standardError(), 1e-12);
        assertTrue(ordering.holds());
        assertTrue(
                ordering.verdict().startsWith("yes: DRSA better than DSA by 1.0 \u00b1 0.0; DSA better"),
                ordering.verdict());
    }

    @Test
    void aBrokenOrderIsSaidWithItsSize() {
        Ordering ordering = result(
                        scores("standard", 10, new float[] {9, 9, 9, 9, 9}),
                        scores("DRSA", 10, new float[] {3, 3, 3.5f, 3, 3.5f}),
                        scores("DSA", 10, new float[] {2, 2, 3, 2, 2}))
                .ordering(GOOD);
        assertFalse(ordering.holds());
        assertEquals("no: DSA better than DRSA by 1.00 \u00b1 0.16", ordering.verdict());
    }

    @Test
    void anOrderWithinTheErrorIsNotShown() {
        Ordering ordering = result(
                        scores("standard", 10, new float[] {9, 9, 9, 9, 9}),
                        scores("DRSA", 10, new float[] {2, 3, 3, 3, 3}),
                        scores("DSA", 10, new float[] {3, 3, 3, 3, 3}))
                .ordering(GOOD);
        assertFalse(ordering.holds() || ordering.broken());
        assertEquals("undecided: DRSA or DSA: not shown (difference 0.20 \u00b1 0.20)", ordering.verdict());
    }

    /** Seen in use: "yes" at every layer beside 0.0000 +- 0.0000, for a network whose logits were 0 from the start. */
    @Test
    void logitsOfZeroGiveNoVerdictButARemark() {
        float[] nothing = new float[8];
        FlippingResult result = result(
                scores("standard", 0, nothing, nothing),
                scores("DRSA", 0, nothing, nothing),
                scores("DSA", 0, nothing, nothing),
                scores("random", 0, nothing, nothing));
        assertEquals(
                "no verdict: the class' logit is 0 before anything is flipped",
                result.ordering(GOOD).verdict());
        assertEquals(1, result.remarks().size());
        assertTrue(result.remarks().get(0).startsWith("Patch flipping at conv3 says nothing about x, y"));
    }

    /** The same scores for every map, with logits above 0, as of a network that hardly looks at its input. */
    @Test
    void equalScoresShowNoOrder() {
        float[] same = {1, 2, 3, 4, 5, 6, 7, 8};
        FlippingResult result = result(
                scores("standard", 9, same, same),
                scores("DRSA", 9, same, same),
                scores("DSA", 9, same, same),
                scores("random", 9, same, same));
        assertFalse(result.ordering(GOOD).holds());
        assertTrue(result.ordering(GOOD).verdict().startsWith("undecided: DRSA or DSA: not shown"));
        assertEquals(
                List.of("Patch flipping at conv3 does not discriminate here: every map, random ones included, has the"
                        + " same score."),
                result.remarks());
    }

    @Test
    void aClassWhoseLogitIsZeroDoesNotCount() {
        FlippingResult.Scores standard = new FlippingResult.Scores(
                "standard", new float[][] {{9, 9, 9, 9, 9}, {0, 0, 0, 0, 0}}, null, new double[][] {{10, 0}, {0, 0}});
        FlippingResult.Scores drsa = new FlippingResult.Scores(
                "DRSA", new float[][] {{1, 2, 1, 2, 1}, {7, 7, 7, 7, 7}}, null, new double[][] {{10, 0}, {0, 0}});
        FlippingResult result = result(standard, drsa);
        assertEquals(5, result.compare("DRSA", "standard").advantage().count());
        assertEquals(7.6, result.compare("DRSA", "standard").advantage().mean(), 1e-6);
        assertTrue(
                result.remarks().get(0).contains("says nothing about y:"),
                result.remarks().get(0));
    }

    @Test
    void aNetworkAtChanceGetsNoVerdict() {
        Ordering ordering = ordered().ordering(AT_CHANCE);
        assertFalse(ordering.holds());
        assertEquals("no verdict: the network is not shown to be better than chance", ordering.verdict());
    }

    @Test
    void deltaIsTheStandardScoreLessThatOfTheMethod() {
        assertEquals(9 - 3, ordered().deltaAupc("DRSA").mean());
    }

    @Test
    void theMatrixSaysWhichClassesAreShownToBeSplitBestByTheirOwnSubspaces() {
        Estimate zero = new Estimate(0, 0, 9);
        Estimate[][] own = {
            {zero, new Estimate(1, .1, 9), new Estimate(2, .1, 9)},
            {new Estimate(-1, .1, 9), zero, new Estimate(3, .1, 9)},
            {new Estimate(1, .6, 9), new Estimate(1, .1, 9), zero}
        };
        CrossClassResult result = new CrossClassResult("conv4", 4, List.of("jazz", "rock", "pop"), own, own);
        assertEquals(
                "split best by their own subspaces: jazz; split better by those of another class: rock; not shown: pop",
                result.verdict(GOOD));
        assertTrue(result.verdict(AT_CHANCE).startsWith("no verdict"));
    }

    @Test
    void whatTheSubspacesOfAnotherClassCostIsASentence() {
        Estimate zero = new Estimate(0, 0, 9);
        Estimate[][] delta = {
            {new Estimate(.5, .02, 9), new Estimate(-.1, .03, 9)}, {new Estimate(.3, .02, 9), new Estimate(.4, .02, 9)}
        };
        Estimate[][] own = {{zero, new Estimate(.6, .04, 9)}, {new Estimate(.1, .2, 9), zero}};
        CrossClassResult result = new CrossClassResult("conv4", 4, List.of("jazz", "hip-hop"), delta, own);
        String numbers =
                "Patch flipping of 9 inputs of jazz at conv4, K = 4, gives a \u0394AUPC of 0.500 \u00b1 0.020 through"
                        + " its own subspaces and of \u22120.100 \u00b1 0.030 through those of hip-hop (higher is better): ";
        assertEquals(
                numbers + "own subspaces better than those of hip-hop by 0.600 \u00b1 0.040.",
                result.comparison("jazz", "hip-hop", GOOD));
        assertEquals(
                numbers + "no verdict: the network is not shown to be better than chance.",
                result.comparison("jazz", "hip-hop", AT_CHANCE));
        assertTrue(result.comparison("hip-hop", "jazz", GOOD).contains("not shown"));
    }
}
