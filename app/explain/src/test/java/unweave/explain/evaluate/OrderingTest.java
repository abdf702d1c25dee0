package unweave.explain.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;

class OrderingTest {
    private static FlippingResult.Scores scores(String name, float[]... aupc) {
        return new FlippingResult.Scores(name, aupc, aupc, new double[aupc.length][2]);
    }

    /** Two classes, two inputs each: DRSA is better than DSA on every input by 1 +- 0, DSA than random by 1 or 3. */
    private static FlippingResult ordered() {
        return new FlippingResult(
                "conv3",
                4,
                List.of("x", "y"),
                new int[] {1},
                List.of(
                        scores("standard", new float[] {9, 9}, new float[] {9, 9}),
                        scores("DRSA", new float[] {1, 2}, new float[] {3, 4}),
                        scores("DSA", new float[] {2, 3}, new float[] {4, 5}),
                        scores("random", new float[] {3, 6}, new float[] {5, 8})));
    }

    @Test
    void theScoreIsTheMeanOverInputsAndThenOverClasses() {
        FlippingResult.Scores uneven = scores("DRSA", new float[] {1, 3}, new float[] {10});
        assertEquals(6, uneven.meanAupc().mean(), "the mean of 2 and 10, whatever the number of inputs");
        // The standard error of the first class is sqrt(2) / sqrt(2) = 1, of the second 0; over two classes sqrt(1 + 0)
        // / 2.
        assertEquals(0.5, uneven.meanAupc().standardError(), 1e-12);
    }

    @Test
    void neighboursAreComparedInputByInput() {
        Ordering ordering = ordered().ordering();
        assertEquals(
                List.of("DRSA", "DSA", "random"),
                ordering.steps().stream().map(Ordering.Step::better).toList());
        assertEquals(new Estimate(1, 0, 4), ordering.steps().get(0).difference());
        // Differences 1, 3 in both classes: mean 2, standard errors 1 and 1, together sqrt(2) / 2.
        assertEquals(2, ordering.steps().get(1).difference().mean());
        assertEquals(Math.sqrt(2) / 2, ordering.steps().get(1).difference().standardError(), 1e-12);
        assertTrue(ordering.holds() && ordering.holdsClearly());
        assertTrue(ordering.verdict().startsWith("yes, each step"), ordering.verdict());
    }

    @Test
    void aBrokenOrderIsSaidWithItsSize() {
        FlippingResult result = new FlippingResult(
                "conv5",
                4,
                List.of("x"),
                new int[] {1},
                List.of(
                        scores("standard", new float[] {9, 9, 9}),
                        scores("DRSA", new float[] {3, 3, 3.5f}),
                        scores("DSA", new float[] {2, 3, 3})));
        Ordering ordering = result.ordering();
        assertFalse(ordering.holds());
        assertEquals("NO: DRSA > DSA by 0.5000 \u00b1 0.2887 (within 2 SE)", ordering.verdict());
    }

    @Test
    void anOrderWithinTheErrorIsSaidToBeSo() {
        FlippingResult result = new FlippingResult(
                "conv5",
                4,
                List.of("x"),
                new int[] {1},
                List.of(
                        scores("standard", new float[] {9, 9, 9}),
                        scores("DRSA", new float[] {2, 3, 3}),
                        scores("DSA", new float[] {3, 3, 3})));
        assertTrue(result.ordering().holds());
        assertEquals(
                "yes, but DRSA < DSA by 0.3333 \u00b1 0.3333 (within 2 SE)",
                result.ordering().verdict());
    }

    @Test
    void deltaIsTheStandardScoreLessThatOfTheMethod() {
        assertEquals(9 - 2.5, ordered().deltaAupc("DRSA").mean());
    }

    @Test
    void theMatrixSaysWhichClassesAreSplitBestByTheirOwnSubspaces() {
        Estimate[][] matrix = {
            {new Estimate(2, 0, 1), new Estimate(1, 0, 1)}, {new Estimate(3, 0, 1), new Estimate(2, 0, 1)}
        };
        CrossClassResult result = new CrossClassResult("conv4", 4, List.of("jazz", "rock"), matrix);
        assertEquals(List.of("jazz"), result.ownIsBest());
        assertEquals("1 of 2 classes are split best by their own subspaces, NOT rock", result.verdict());
    }
}
