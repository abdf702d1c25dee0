package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;

/** Sounds that do not hold every object, and the excess over an even split. */
class ObjectInformationMissingTest {
    @Test
    void aSoundWithoutAnObjectDoesNotCountForItsRow() {
        ObjectInformation information = ObjectInformation.of(new double[][][] {
            {{4, 0}, {0, 1}},
            {{2, 2}, null},
            {null, {1, 3}}
        });
        assertArrayEquals(new double[] {3, 1}, information.effects()[0]);
        assertArrayEquals(new double[] {.5, 2}, information.effects()[1]);
        assertEquals(3, information.sounds());
        assertEquals(2, information.sounds(1));
        assertEquals(new Estimate(2.5, 1.5, 2), information.effectOnLogit(1));
        // leaving one of two sounds out gives the share in the other: .75 of 1 and .5
        assertEquals(.25, information.shareErrors()[0][0], 1e-12);
    }

    @Test
    void anObjectInOneSoundHasNoErrorButTheOthersDo() {
        ObjectInformation information =
                ObjectInformation.of(new double[][][] {{{4, 0}, {0, 1}}, {{2, 2}, null}, {{3, 0}, null}});
        assertEquals(0, information.shareErrors()[1][1]);
        assertEquals(1, information.sounds(1));
        assertTrue(information.shareErrors()[0][0] > 0);
        assertTrue(information.information().standardError() > 0);
    }

    @Test
    void theExcessOfNoiseIsWithinItsErrorWhereTheShareLooksCertain() {
        double[][][] effects = new double[30][1][2];
        for (int s = 0; s < effects.length; s++) {
            effects[s][0] = new double[] {s % 2 == 0 ? 1.2 : -.8, -5};
        }
        ObjectInformation information = ObjectInformation.of(effects);
        assertEquals(1, information.shares()[0][0]);
        assertEquals(0, information.shareErrors()[0][0]);
        Estimate excess = information.above(.5, 0, 0);
        assertEquals(information.effects()[0][0] / 2, excess.mean(), 1e-12);
        assertTrue(excess.mean() < 2 * excess.standardError());
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ObjectInformation.of(new double[][][] {{{1, 0}, null}}));
        assertThrows(
                IllegalArgumentException.class,
                () -> ObjectInformation.of(new double[][][] {{null, {1, 0}}, {{1}, null}}));
        assertThrows(
                IllegalArgumentException.class,
                () -> ObjectInformation.of(new double[][][] {{{1, 0}, {1, 0}}, {{1, 1}}}));
    }
}
