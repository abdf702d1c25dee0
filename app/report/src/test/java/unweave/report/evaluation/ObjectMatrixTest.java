package unweave.report.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import unweave.drsa.evaluation.ObjectInformation;

class ObjectMatrixTest {
    private static final List<String> PARTS = List.of("drums", "bass", "voice");
    private static final List<String> CONCEPTS = List.of("concept 1", "concept 2", "concept 3");
    private static final double[][] APART = {{0, 8, 2}, {6, 0, 0}, {0, 0, 0}};

    /** Sounds whose effects vary about some means. */
    private static ObjectInformation about(double[][] means, int sounds, double deviation) {
        Random random = new Random(7);
        double[][][] effects = new double[sounds][means.length][means[0].length];
        for (double[][] sound : effects) {
            for (int o = 0; o < means.length; o++) {
                for (int k = 0; k < means[o].length; k++) {
                    sound[o][k] = means[o][k] + deviation * random.nextGaussian();
                }
            }
        }
        return ObjectInformation.of(effects);
    }

    private static ObjectMatrix matrix(double[][] means, int sounds, double deviation) {
        return new ObjectMatrix(about(means, sounds, deviation), PARTS, CONCEPTS).called("part");
    }

    @Test
    void aConceptIsNamedAfterTheObjectThatAnswers() {
        ObjectMatrix matrix = matrix(APART, 40, 0.1);
        assertTrue(matrix.title(0).matches("bass, (99|100) %"), matrix.title(0));
        assertTrue(matrix.title(1).matches("drums, (79|80|81) %"), matrix.title(1));
        assertEquals("no part of its own", matrix.title(2));
        assertEquals(0, matrix.objectOf(1));
        assertEquals(-1, matrix.objectOf(2));
        List<String> sentences = matrix.sentences();
        assertTrue(sentences.get(0).startsWith("Concept 2 is drums: "), sentences.get(0));
        assertTrue(sentences.get(0).contains("The network uses it"), sentences.get(0));
        assertTrue(sentences.get(2).startsWith("Voice has no concept of its own. "), sentences.get(2));
        assertTrue(sentences.get(2).contains("That the network uses it is not shown"), sentences.get(2));
    }

    @Test
    void nothingIsSaidWithinTheError() {
        ObjectMatrix matrix = matrix(APART, 40, 60);
        for (int k = 0; k < 3; k++) {
            assertEquals("no part of its own", matrix.title(k));
        }
    }

    @Test
    void whatTheMethodDoesNotSeparateIsToldFromWhatTheNetworkDoesNotUse() {
        ObjectMatrix matrix = matrix(new double[][] {{3, 3, 3}, {0, 0, 0}, {-2, -2, -2}}, 40, 0.5);
        List<String> sentences = matrix.sentences();
        assertTrue(sentences.get(0).startsWith("Drums is not separated"), sentences.get(0));
        assertTrue(sentences.get(0).contains("The network uses it"), sentences.get(0));
        assertTrue(sentences.get(1).contains("That the network uses it is not shown"), sentences.get(1));
        assertTrue(sentences.get(2).contains("speaks against the class"), sentences.get(2));
    }

    @Test
    void objectsThatShareAConceptAreNamedTogether() {
        ObjectMatrix matrix = matrix(new double[][] {{9, 1, 0}, {7, 2, 1}, {0, 0, 9}}, 40, 0.1);
        assertEquals("drums, 90 %; also bass, 70 %", matrix.title(0));
        assertEquals("no part of its own", matrix.title(1));
        assertEquals(-1, matrix.objectOf(0), "it does not tell them apart");
        assertEquals(2, matrix.objectOf(2));
        assertTrue(
                matrix.sentences().get(1).startsWith("Bass has no concept of its own: 70 "),
                matrix.sentences().get(1));
    }

    /** With many sounds a share of 40 % is surely above an even split, but the concept is not the object. */
    @Test
    void aConceptIsAnObjectsOwnOnlyIfItTakesMostOfIt() {
        ObjectMatrix matrix = matrix(new double[][] {{4, 3, 3}, {3, 4, 3}, {3, 3, 4}}, 400, 0.1);
        assertEquals("drums, 40 %", matrix.title(0));
        assertEquals(-1, matrix.objectOf(0));
        assertTrue(
                matrix.sentences().get(0).startsWith("Drums has no concept of its own: 40 "),
                matrix.sentences().get(0));
    }

    @Test
    void aWeakObjectDoesNotNameAConceptThatAnotherFills() {
        ObjectMatrix matrix = matrix(new double[][] {{.3, 0, 0}, {4, 3, 3}, {0, 0, 9}}, 40, 0.01);
        assertEquals(-1, matrix.objectOf(0));
        assertTrue(
                matrix.sentences().get(0).startsWith("Drums has no concept of its own: "),
                matrix.sentences().get(0));
        assertEquals(2, matrix.objectOf(2));
    }

    @Test
    void aConceptThatTwoObjectsFillAlikeIsNeithers() {
        assertEquals(
                -1,
                matrix(new double[][] {{8, 2, 2}, {7.9, 9, 9}, {0, 0, 1}}, 40, 0.5)
                        .objectOf(0));
        assertEquals(
                0,
                matrix(new double[][] {{8, 2, 2}, {5, 9, 9}, {0, 0, 1}}, 40, 0.5)
                        .objectOf(0));
    }

    @Test
    void manyObjectsAreCountedInsteadOfNamed() {
        double[][] same = new double[6][];
        Arrays.fill(same, new double[] {8, 1, 1});
        ObjectMatrix matrix = new ObjectMatrix(about(same, 9, 0), List.of("a", "b", "c", "d", "e", "f"), CONCEPTS);
        assertEquals("a, 80 %; also 5 other objects", matrix.title(0));
        assertTrue(
                matrix.sentences().get(2).contains(", with much of 5 other objects."),
                matrix.sentences().get(2));
    }

    @Test
    void anObjectMayHaveSeveralConceptsThatAreItsOwn() {
        ObjectMatrix matrix = matrix(new double[][] {{5, 5, 0}, {0, 0, 7}, {0.1, 0.1, 5}}, 40, 0.1);
        assertEquals(List.of(0, 1), matrix.conceptsOf(0));
        assertEquals(0, matrix.objectOf(1));
        assertEquals(List.of(), matrix.conceptsOf(1), "it shares its concept");
        assertEquals(
                List.of(0, 1),
                matrix(new double[][] {{6, 4, 0}, {0, 0, 7}, {0, 0, 5}}, 40, 0.1)
                        .conceptsOf(0),
                "also where one takes most");
        String sentence = matrix.sentences().get(0);
        assertTrue(sentence.startsWith("Concept 1 and concept 2 are drums: 50 "), sentence);
        assertEquals(
                List.of(),
                matrix(new double[][] {{5, 5, 0}, {0, 7, 0}, {0, 0, 5}}, 40, 0.1)
                        .conceptsOf(0),
                "one of them is another's");
    }

    @Test
    void fewSoundsAreMarkedAsUnsure() {
        ObjectMatrix matrix = matrix(APART, 1, 0);
        assertEquals("drums, 80 % in 1 sound", matrix.title(1));
        assertTrue(
                matrix.sentences().get(0).startsWith("Concept 2 may be drums: 80 % of"),
                matrix.sentences().get(0));
        assertTrue(
                matrix.sentences().get(0).contains("too few to be sure"),
                matrix.sentences().get(0));
        assertEquals("drums, 80 % in 3 sounds", matrix(APART, 3, 0).title(1));
    }

    @Test
    void thePictureFramesOwnConceptsAndIsTheSameEveryTime() {
        byte[] apart = matrix(APART, 9, 0).png(96);
        assertArrayEquals(apart, matrix(APART, 9, 0).png(96));
        byte[] uncertain = matrix(APART, 9, 60).png(96);
        assertFalse(Arrays.equals(apart, uncertain));
        assertTrue(matrix(APART, 9, 0).picture().alt().contains("Concept 2 is drums"));
    }

    @Test
    void theTableHasSharesEffectsAndSounds() {
        String csv = matrix(APART, 9, 0).table("matrix", "caption").csv();
        assertTrue(csv.startsWith("part,\"concept 1, %\",\"concept 1, % standard error\","), csv);
        assertTrue(csv.contains("drums,0,0,80,0,20,0,10,0,9"), csv);
    }

    @Test
    void namesThatDoNotFitAreRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new ObjectMatrix(about(APART, 2, 0), List.of("drums"), CONCEPTS));
    }
}
