package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.drsa.evaluation.Comparison.Verdict;

class ComparisonTest {
    /** Differences 1 2 3 4 5: mean 3, standard error sqrt(2.5 / 5). */
    @Test
    void differencesByHand() {
        double[] a = {11, 22, 33, 44, 55};
        double[] b = {10, 20, 30, 40, 50};
        Comparison higher = Comparison.higherIsBetter("A", a, "B", b);
        assertEquals(3, higher.advantage().mean(), 1e-12);
        assertEquals(Math.sqrt(.5), higher.advantage().standardError(), 1e-12);
        assertTrue(higher.firstIsBetter());
        assertEquals("A better than B by 3.00 \u00b1 0.71", higher.toString());
        Comparison lower = Comparison.lowerIsBetter("A", a, "B", b);
        assertEquals(Verdict.SECOND_BETTER, lower.verdict());
        assertEquals("B better than A by 3.00 \u00b1 0.71", lower.toString());
    }

    /** The six networks of average precision, DRSA less DSA: the largest single difference decides nothing. */
    @Test
    void aDifferenceWithinItsErrorIsNotShown() {
        double[] difference = {-.001, .025, -.030, .031, -.027, .034};
        Comparison comparison = Comparison.higherIsBetter("DRSA", difference, "DSA", new double[6]);
        assertEquals(Verdict.NOT_SHOWN, comparison.verdict());
        assertEquals("DRSA or DSA: not shown (difference 0.005 \u00b1 0.012)", comparison.toString());
    }

    @Test
    void equalScoresShowNothing() {
        Comparison comparison = Comparison.lowerIsBetter("DRSA", new double[8], "random", new double[8]);
        assertFalse(comparison.shown());
        assertEquals("DRSA or random: not shown (difference 0.0 \u00b1 0.0)", comparison.toString());
    }

    /** Sums of float32 in another order differ by about 1e-7; all by the same sign they would look certain. */
    @Test
    void roundingShowsNothing() {
        double[] a = {1, 2, 3, 4, 5, 6};
        double[] b = new double[6];
        for (int i = 0; i < 6; i++) {
            b[i] = a[i] * (1 + 2e-7);
        }
        assertFalse(Comparison.higherIsBetter("A", a, "B", b).shown());
    }

    @Test
    void fewPairsShowNothing() {
        Comparison comparison = Comparison.higherIsBetter("A", new double[] {2, 2, 2, 2}, "B", new double[4]);
        assertFalse(comparison.shown());
        assertEquals("A or B: not shown (only 4 to compare, at least 5 are needed)", comparison.toString());
    }

    @Test
    void whatIsNoNumberShowsNothing() {
        double[] a = {1, 2, 3, 4, Double.NaN};
        assertFalse(Comparison.higherIsBetter("A", a, "B", new double[5]).shown());
    }

    /** Classes {1 3} and {6 6 6}: means 2 and 6, errors 1 and 0, so 4 with an error of 1/2. */
    @Test
    void anUnknownErrorIsSaidToBeUnknown() {
        Comparison comparison = new Comparison("A", "B", new unweave.drsa.Estimate(-.047, Double.NaN, 9));
        assertEquals("A or B: not shown (difference -0.047, its error is unknown)", comparison.toString());
    }

    @Test
    void classesCountAlike() {
        double[][] a = {{1, 3}, {6, 6, 6}};
        double[][] zero = {new double[2], new double[3]};
        Comparison comparison = Comparison.higherIsBetter("A", a, "B", zero);
        assertEquals(4, comparison.advantage().mean(), 1e-12);
        assertEquals(.5, comparison.advantage().standardError(), 1e-12);
        assertEquals(5, comparison.advantage().count());
        assertTrue(comparison.firstIsBetter());
        assertEquals(
                Verdict.SECOND_BETTER,
                Comparison.lowerIsBetter("A", a, "B", zero).verdict());
    }

    /** One input per class has no error of its own; it must not pass for an error of 0. */
    @Test
    void classesOfOneInputAreThePairs() {
        double[][] a = {{1}, {3}, {2}};
        double[][] zero = {{0}, {0}, {0}};
        Comparison comparison = Comparison.higherIsBetter("A", a, "B", zero);
        assertEquals(3, comparison.advantage().count());
        assertEquals(Math.sqrt(1. / 3), comparison.advantage().standardError(), 1e-12);
        assertFalse(comparison.shown());
    }

    @Test
    void aTinyDifferenceIsNotPrintedAsZero() {
        double[] a = {1.0e-7, 1.1e-7, 1.2e-7, 1.1e-7, 1.1e-7};
        assertEquals(
                "A better than B by 1.1e-07 \u00b1 3.2e-09",
                Comparison.higherIsBetter("A", a, "B", new double[5]).toString());
    }

    @Test
    void scoresMustBePaired() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Comparison.higherIsBetter("A", new double[5], "B", new double[6]));
    }

    @Test
    void whatIsNotMeasurableIsNotShown() {
        Comparison some = Comparison.higherIsBetter(
                "a", new double[] {1, 2, 3, 4, Double.NaN}, "b", new double[] {0, 0, 0, 0, 0});
        assertEquals(Comparison.Verdict.NOT_SHOWN, some.verdict());
        assertEquals("a or b: not shown (not measurable in every pair)", some.toString());
    }
}
