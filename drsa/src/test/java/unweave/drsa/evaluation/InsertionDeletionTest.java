package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class InsertionDeletionTest {
    private static final Backend BACKEND = CpuBackend.create(2);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    /**
     * Bins worth 4 3 2 1 for class 1, nothing for class 2; removed from the most relevant on, the logit is 10 6 3 1 0,
     * put back 0 4 7 9 10.
     */
    @Test
    void curvesByHand() {
        float[] worth = {4, 3, 2, 1};
        try (Model model = TestModels.linear(BACKEND, 2, 2, worth, new float[4])) {
            RemovalCurves curves = new InsertionDeletion(model, 0, 4)
                    .evaluate(
                            new float[] {1, 1, 1, 1}, new int[] {0}, List.<float[][]>of(new float[][] {{8, .4f, .3f, -1}
                            }))
                    .get(0);
            double[] deletion = sigmoids(10, 6, 3, 1, 0);
            double[] insertion = sigmoids(0, 4, 7, 9, 10);
            assertArrayEquals(deletion, curves.deletion()[0], 1e-6);
            assertArrayEquals(insertion, curves.insertion()[0], 1e-6);
            assertEquals(area(deletion), curves.deletionArea().mean(), 1e-6);
            assertEquals(area(insertion), curves.insertionArea().mean(), 1e-6);
            assertArrayEquals(deletion, RemovalCurves.mean(curves.deletion()), 1e-6);
        }
    }

    private static double[] sigmoids(double... logits) {
        return Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    }

    private static double area(double[] y) {
        return (y[0] / 2 + y[1] + y[2] + y[3] + y[4] / 2) / 4;
    }

    @Test
    void aPerfectExplanationScoresBestAndAUniformOneAsRandomDoes() {
        int samples = 200;
        float[] inputs = TestModels.uniform(samples * 36, 0, .4f, 5);
        float[] weights = new float[36];
        Arrays.fill(weights, 1f);
        try (Model model = TestModels.linear(BACKEND, 6, 6, weights, new float[36])) {
            float[][] right = new float[samples][];
            float[][] random = new float[samples][];
            for (int i = 0; i < samples; i++) {
                right[i] = Arrays.copyOfRange(inputs, i * 36, i * 36 + 36);
                random[i] = TestModels.uniform(36, 0, 1, 100 + i);
            }
            List<RemovalCurves> curves = new InsertionDeletion(model, 0, 6)
                    .evaluate(inputs, new int[samples], List.of(right, random, new float[samples][36]));
            assertTrue(difference(curves.get(1).deletionAreas(), curves.get(0).deletionAreas()) > 10);
            assertTrue(difference(curves.get(0).insertionAreas(), curves.get(1).insertionAreas()) > 10);
            assertTrue(Math.abs(difference(
                            curves.get(2).deletionAreas(), curves.get(1).deletionAreas()))
                    < 4);
            assertTrue(Math.abs(difference(
                            curves.get(2).insertionAreas(), curves.get(1).insertionAreas()))
                    < 4);
        }
    }

    /** Mean difference in standard errors. */
    private static double difference(double[] a, double[] b) {
        double[] differences = new double[a.length];
        Arrays.setAll(differences, i -> a[i] - b[i]);
        Estimate estimate = Estimate.of(differences);
        return estimate.mean() / estimate.standardError();
    }

    @Test
    void ranksByValueNegativeOnesLast() {
        assertArrayEquals(new int[] {3, 0, 4, 2, 1}, new MapRanking(5).of(new float[] {.5f, -1, -.25f, 7, 0}));
    }

    @Test
    void equalValuesAreShuffledTheSameWayEveryTime() {
        int[] ranking = new MapRanking(1000).of(new float[1000]);
        assertArrayEquals(ranking, new MapRanking(1000).of(new float[1000]));
        int[] sorted = ranking.clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), sorted);
        assertEquals(500, Arrays.stream(ranking).limit(500).average().orElseThrow(), 50);
        float[] signedZeros = {0f, -0f, 0f, -0f};
        assertArrayEquals(new MapRanking(4).of(new float[4]), new MapRanking(4).of(signedZeros));
    }

    @Test
    void refusesNoSteps() {
        try (Model model = TestModels.linear(BACKEND, 2, 2, new float[4])) {
            assertThrows(IllegalArgumentException.class, () -> new InsertionDeletion(model, 0, 0));
        }
    }
}
