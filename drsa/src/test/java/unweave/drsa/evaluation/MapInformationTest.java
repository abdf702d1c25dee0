package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MapInformationTest {
    private static final float[] QUIET = {1, 1, 1, 1, 1, 1};
    private static final float[] LOW = {5, 5, 0, 0, 0, 0};
    private static final float[] HIGH = {0, 0, 0, 0, 5, 5};

    private static ObjectInformation one(float[][] concepts, float[][] objects, float[] background) {
        return MapInformation.of(new float[][][] {concepts}, new float[][][] {objects}, new float[][] {background});
    }

    @Test
    void positiveRelevanceInTheBinsThatAnObjectDominates() {
        // Bin 0: the first object; 1: both alike, so neither; 2: the background; 3: the second; 4, 5: silence.
        float[][] objects = {{4, 3, 1, 0, 0, 0}, {3, 3, 1, 2, 0, 0}};
        float[] background = {1, 1, 2, 1, 0, 0};
        float[][] concepts = {{3, 9, 9, 2, 9, 9}, {1, 9, 9, 2, 9, 9}, {-5, 9, 9, -5, 9, 9}};
        ObjectInformation information = one(concepts, objects, background);
        assertArrayEquals(new double[] {3, 1, 0}, information.effects()[0], 0);
        assertArrayEquals(new double[] {2, 2, 0}, information.effects()[1], 0);
        // P = 3/8, 1/8; 2/8, 2/8. Objects 1/2, 1/2; concepts 5/8, 3/8. H(O) = ln 2.
        double expected = (3. / 8 * Math.log(6. / 5)
                        + 1. / 8 * Math.log(2. / 3)
                        + 2. / 8 * Math.log(4. / 5)
                        + 2. / 8 * Math.log(4. / 3))
                / Math.log(2);
        assertEquals(expected, information.information().mean(), 1e-12);
    }

    @Test
    void mapsOfTheirOwnHoldAllAndTheSameMapNothing() {
        float[][] objects = {LOW, HIGH};
        assertEquals(
                1, one(new float[][] {HIGH, LOW}, objects, QUIET).information().mean(), 1e-12);
        assertEquals(
                1, one(new float[][] {HIGH, LOW}, objects, QUIET).selectivity().mean(), 1e-12);
        assertEquals(
                0,
                one(new float[][] {QUIET, QUIET}, objects, QUIET).information().mean(),
                1e-12);
        assertEquals(
                .5,
                one(new float[][] {QUIET, QUIET}, objects, QUIET).selectivity().mean(),
                1e-12);
    }

    /** A louder recording, larger logits, or more sounds of a kind change nothing. */
    @Test
    void gainAndTheNumberOfSoundsChangeNothing() {
        float[][] concepts = {{3, 1, 0, 0, 1, 1}, {0, 1, 0, 0, 2, 2}};
        float[][] objects = {LOW, HIGH};
        double expected = one(concepts, objects, QUIET).information().mean();
        double louder = one(concepts, new float[][] {times(7, LOW), times(7, HIGH)}, times(7, QUIET))
                .information()
                .mean();
        double surer = one(new float[][] {times(3, concepts[0]), times(3, concepts[1])}, objects, QUIET)
                .information()
                .mean();
        ObjectInformation thrice = MapInformation.of(
                new float[][][] {concepts, concepts, concepts},
                new float[][][] {objects, objects, objects},
                new float[][] {QUIET, QUIET, QUIET});
        assertEquals(expected, louder, 1e-12);
        assertEquals(expected, surer, 1e-12);
        assertEquals(expected, thrice.information().mean(), 1e-12);
        assertEquals(0, thrice.information().standardError(), 1e-9);
    }

    @Test
    void sizesThatDifferAreRefused() {
        float[][] objects = {LOW, HIGH};
        assertThrows(IllegalArgumentException.class, () -> one(new float[][] {{1, 2}}, objects, QUIET));
        assertThrows(
                IllegalArgumentException.class,
                () -> MapInformation.of(new float[0][][], new float[][][] {objects}, new float[][] {QUIET}));
    }

    private static float[] times(float factor, float[] values) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = factor * values[i];
        }
        return scaled;
    }
}
