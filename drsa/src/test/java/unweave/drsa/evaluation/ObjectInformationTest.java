package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.drsa.OneToOneAssignment;

class ObjectInformationTest {
    /**
     * P = (.5 0; .25 .25): H(O) = 1 bit; I = .5 log2(.5 / (.5 .75)) + .25 log2(.25 / (.5 .75)) + .25 log2(.25 / (.5
     * .25)) = .5 (.41504) - .25 (.58496) + .25 = .31128 bit.
     */
    @Test
    void isTheMutualInformationOverTheEntropyOfObjects() {
        ObjectInformation two = oneSound(new double[][] {{2, -3}, {1, 1}});
        assertEquals(.31128, two.information().mean(), 1e-5);
        assertArrayEquals(new double[] {1, 0}, two.shares()[0], 1e-12);
        assertArrayEquals(new double[] {.5, .5}, two.shares()[1], 1e-12);
        assertEquals(.75, two.selectivity().mean(), 1e-12);
        assertArrayEquals(new int[] {0, 1}, two.conceptOfObject());
        assertEquals(-1, two.effectOnLogit(0).mean(), 1e-12); // the negative effect counts here
    }

    @Test
    void isOneWhereEveryObjectHasItsConcept() {
        ObjectInformation perfect = oneSound(new double[][] {{0, 5, 0}, {0, 0, 2}, {7, 0, -1}});
        assertEquals(1, perfect.information().mean(), 1e-12);
        assertEquals(1, perfect.selectivity().mean(), 1e-12);
        assertArrayEquals(new int[] {1, 2, 0}, perfect.conceptOfObject());
    }

    @Test
    void isZeroWhereConceptsAreBlindToObjects() {
        ObjectInformation blind = oneSound(new double[][] {{3, 1, 2, 2}, {6, 2, 4, 4}, {1.5, .5, 1, 1}});
        assertEquals(0, blind.information().mean(), 1e-12);
        assertEquals((3 + 2 + 2) / 8. / 3, blind.selectivity().mean(), 1e-12);
        assertEquals(
                1 / 4.,
                oneSound(new double[][] {{1, 1, 1, 1}, {2, 2, 2, 2}})
                        .selectivity()
                        .mean(),
                1e-12);
    }

    /** A network whose logits are ten times as large says the same. */
    @Test
    void gainDoesNotMoveIt() {
        double[][] effects = {{2, -3, .5}, {1, 1, 4}};
        double[][] louder = {{20, -30, 5}, {10, 10, 40}};
        assertEquals(
                oneSound(effects).information().mean(),
                oneSound(louder).information().mean(),
                1e-12);
        assertEquals(
                oneSound(effects).selectivity().mean(),
                oneSound(louder).selectivity().mean(),
                1e-12);
    }

    /** Twice as many sounds of the same kind give the same figures: it is a measure of means. */
    @Test
    void theNumberOfSoundsDoesNotMoveIt() {
        double[][] one = {{3, 1}, {0, 2}};
        double[][] other = {{1, 1}, {1, 2}};
        ObjectInformation few = ObjectInformation.of(new double[][][] {one, other});
        ObjectInformation many = ObjectInformation.of(new double[][][] {one, other, other, one});
        assertEquals(few.information().mean(), many.information().mean(), 1e-12);
        assertEquals(few.selectivity().mean(), many.selectivity().mean(), 1e-12);
        assertTrue(many.information().standardError() < few.information().standardError());
    }

    /**
     * The jackknife of a mean is its standard error: with one other object at rest, a share is linear in its effect.
     */
    @Test
    void errorsAreThoseOfTheSounds() {
        double[][][] sounds = {{{1, 3}, {0, 1}}, {{2, 2}, {0, 1}}, {{3, 1}, {0, 1}}}; // rows add up to 4
        ObjectInformation three = ObjectInformation.of(sounds);
        Estimate expected = Estimate.of(.25, .5, .75);
        assertEquals(expected.mean(), three.shares()[0][0], 1e-12);
        assertEquals(expected.standardError(), three.shareErrors()[0][0], 1e-12);
        assertEquals(0, three.shareErrors()[1][1], 1e-12);
        assertEquals(3, three.information().count());
        assertTrue(three.information().standardError() > 0);
    }

    @Test
    void differencesArePaired() {
        double[][][] sounds = {{{3, 1}, {0, 1}}, {{2, 0}, {1, 1}}, {{3, 1}, {0, 2}}};
        double[][][] louder = {{{6, 2}, {0, 2}}, {{4, 0}, {2, 2}}, {{6, 2}, {0, 4}}};
        Estimate none = ObjectInformation.of(sounds).informationAbove(ObjectInformation.of(louder));
        assertEquals(0, none.mean(), 1e-12);
        assertEquals(0, none.standardError(), 1e-12);
        double[][][] blind = {{{1, 1}, {1, 1}}, {{1, 1}, {1, 1}}, {{2, 2}, {1, 1}}};
        Estimate some = ObjectInformation.of(sounds).informationAbove(ObjectInformation.of(blind));
        assertEquals(ObjectInformation.of(sounds).information().mean(), some.mean(), 1e-12);
        assertTrue(some.standardError() > 0);
    }

    @Test
    void anObjectWithoutEffectIsLeftOut() {
        ObjectInformation ignored = oneSound(new double[][] {{4, 0}, {-1, 0}, {0, 4}});
        assertEquals(1, ignored.information().mean(), 1e-12);
        assertEquals(1, ignored.selectivity().mean(), 1e-12);
        assertTrue(Double.isNaN(ignored.shares()[1][0]));
        assertEquals(OneToOneAssignment.NONE, ignored.conceptOfObject()[1]);
    }

    @Test
    void oneObjectAloneCannotBeToldFromOthers() {
        ObjectInformation one = oneSound(new double[][] {{4, 1}, {-1, 0}});
        assertTrue(Double.isNaN(one.information().mean()));
        assertTrue(
                Double.isNaN(oneSound(new double[][] {{-4, -1}}).selectivity().mean()));
    }

    @Test
    void soundsMustFitTogether() {
        assertThrows(IllegalArgumentException.class, () -> ObjectInformation.of(new double[0][][]));
        assertThrows(
                IllegalArgumentException.class,
                () -> ObjectInformation.of(new double[][][] {{{1, 2}}, {{1, 2}, {3, 4}}}));
        ObjectInformation one = oneSound(new double[][] {{1, 2}});
        ObjectInformation two = ObjectInformation.of(new double[][][] {{{1, 2}}, {{1, 2}}});
        assertThrows(IllegalArgumentException.class, () -> one.informationAbove(two));
    }

    private static ObjectInformation oneSound(double[][] effects) {
        return ObjectInformation.of(new double[][][] {effects});
    }
}
