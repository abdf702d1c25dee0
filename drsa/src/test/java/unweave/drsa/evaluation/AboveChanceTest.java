package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AboveChanceTest {
    /** All right with 3 + 3 inputs: one of (6 choose 3) = 20 ways to deal three answers of each kind. */
    @Test
    void probabilityByHand() {
        AboveChance six = AboveChance.of(new int[][] {{3, 0}, {0, 3}});
        assertEquals(1, six.balancedAccuracy());
        assertEquals(.5, six.chance());
        assertEquals(1. / 20, six.probability(), .01);
        assertFalse(six.shown(), "six inputs cannot show it");
        AboveChance eight = AboveChance.of(new int[][] {{4, 0}, {0, 4}});
        assertEquals(1. / 70, eight.probability(), .005);
        assertTrue(eight.shown());
    }

    /** 90 % accuracy, because nine of ten inputs are of the class that the network always names. */
    @Test
    void theLargestClassAloneIsChance() {
        AboveChance result = AboveChance.of(new int[][] {{90, 0}, {10, 0}});
        assertEquals(.5, result.balancedAccuracy());
        assertEquals(1, result.probability());
        assertFalse(result.shown());
    }

    /** The accuracy of ten classes at 10 %. */
    @Test
    void everyClassTakenForTheFirstIsChance() {
        int[][] confusion = new int[10][10];
        for (int[] row : confusion) {
            row[0] = 5;
        }
        AboveChance result = AboveChance.of(confusion);
        assertEquals(.1, result.balancedAccuracy(), 1e-12);
        assertFalse(result.shown());
        assertEquals("balanced accuracy 10.0 %, chance 10.0 %, p = 1.00, 50 inputs", result.toString());
    }

    @Test
    void aLittleBetterIsShownByManyInputs() {
        assertFalse(AboveChance.of(new int[][] {{6, 4}, {4, 6}}).shown());
        assertTrue(AboveChance.of(new int[][] {{600, 400}, {400, 600}}).shown());
        assertFalse(AboveChance.of(new int[][] {{400, 600}, {600, 400}}).shown(), "worse than chance");
    }

    /** A class without inputs counts for nothing; one class alone can show nothing. */
    @Test
    void classesWithoutInputsAreLeftOut() {
        AboveChance two = AboveChance.of(new int[][] {{9, 0, 1}, {0, 0, 0}, {0, 0, 10}});
        assertEquals(.95, two.balancedAccuracy(), 1e-12);
        assertEquals(.5, two.chance());
        assertTrue(two.shown());
        assertFalse(AboveChance.of(new int[][] {{10, 0}, {0, 0}}).shown());
        assertTrue(Double.isNaN(AboveChance.of(new int[2][2]).balancedAccuracy()));
    }
}
