package unweave.explain.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Disentanglement;
import unweave.drsa.evaluation.MaskScore;
import unweave.engine.train.Evaluation;

class EvaluationSummaryTest {
    private static EvaluationResult result(
            int[][] confusion, List<FlippingResult> flipping, List<ConceptResult> concepts) {
        return new EvaluationResult(
                List.of("x", "y"),
                List.of("x", "y", "2", "3", "4", "5", "6", "7", "8", "9").subList(0, confusion.length),
                new Evaluation(0, .5, confusion),
                AboveChance.of(confusion),
                flipping,
                List.of(),
                null,
                concepts,
                List.of(),
                List.of(),
                null,
                List.of());
    }

    private static FlippingResult.Scores scores(String name, float... aupc) {
        double[][] curves = {{10, 0}, {10, 0}};
        return new FlippingResult.Scores(name, new float[][] {aupc, aupc}, new float[][] {aupc, aupc}, curves);
    }

    private static FlippingResult flipping(String layer, float worst) {
        return new FlippingResult(
                layer,
                4,
                List.of("x", "y"),
                new int[] {1},
                List.of(
                        scores("standard", 9, 9, 9),
                        scores("DRSA", 1, 2, worst),
                        scores("DSA", 2, 2, 4),
                        scores("random", 3, 5, 7),
                        scores("random flipping, K rankings", 8, 8, 8)));
    }

    @Test
    void whatIsShownComesFirstAndWhatIsOpenAfterIt() {
        EvaluationSummary summary = result(new int[][] {{9, 1}, {0, 10}}, List.of(flipping("conv3", 4)), List.of())
                .summary();
        assertEquals(
                "The network knows these sounds better than by chance (balanced accuracy 95.0 %, chance 50.0 %,"
                        + " p = 0.0002, 20 inputs: x 10, y 10).",
                summary.found().get(0));
        assertTrue(
                summary.found().get(1).contains("(patch flipping, AUPC): DRSA better than flipping at random by 5.67"),
                summary.found().get(1));
        assertTrue(summary.undecided().get(0).contains("DRSA or DSA: not shown (difference 0.33"));
        assertTrue(summary.undecided().get(1).contains("one network"));
    }

    @Test
    void severalLayersShareASentence() {
        List<String> found = result(
                        new int[][] {{9, 1}, {0, 10}}, List.of(flipping("conv3", 3), flipping("conv4", 3)), List.of())
                .summary()
                .found();
        assertEquals(2, found.size());
        assertTrue(
                found.get(1)
                        .contains(
                                "DRSA better than flipping at random, random subspaces, DSA, the standard map at conv3, conv4"));
    }

    /** Seen in use: the expected order, "yes", of a network that takes every sound for the same class. */
    @Test
    void aNetworkAtChanceGetsNoVerdict() {
        EvaluationResult result = result(new int[][] {{10, 0}, {10, 0}}, List.of(flipping("conv3", 3)), List.of());
        List<String> lines = result.summary().lines();
        assertTrue(lines.get(0).startsWith("No verdict: the network is not shown to be better than chance"));
        assertTrue(lines.stream().noneMatch(line -> line.contains("better than random")), lines.toString());
        assertEquals(
                "no verdict: the network is not shown to be better than chance",
                result.flipping().get(0).summary(result.aboveChance()).get("ordered"));
    }

    private static ConceptResult.MapFigures figures(double increase, double drop, double gain) {
        Estimate one = new Estimate(1, 0, 20);
        return new ConceptResult.MapFigures(
                new MaskScore.Summary(
                        new Estimate(increase, 0, 20),
                        new Estimate(drop, 1, 20),
                        new Estimate(drop, 1, 20),
                        new Estimate(gain, 0, 20),
                        one,
                        new Estimate(drop / 100, 0, 20),
                        one,
                        one),
                new Estimate(drop / 200, 0, 20),
                new Estimate(drop / 300, 0, 20),
                new double[2],
                new double[2]);
    }

    private static ConceptResult concepts(double... increases) {
        Disentanglement.Summary apart = Disentanglement.summary(List.of());
        List<ConceptResult.MethodFigures> methods = new ArrayList<>();
        List<String> names = List.of("DRSA", "random");
        for (int i = 0; i < 2; i++) {
            ConceptResult.MapFigures figures = figures(increases[i + 1], 10 + i, 0);
            methods.add(new ConceptResult.MethodFigures(names.get(i), List.of(figures, figures), figures, apart));
        }
        return new ConceptResult("conv3", 2, 20, figures(increases[0], 12, 0), methods);
    }

    private static int[][] tenClassesTakenForOne() {
        int[][] confusion = new int[10][10];
        for (int[] row : confusion) {
            row[0] = 5;
        }
        return confusion;
    }

    private static List<String> remarks(double... increases) {
        return ConceptResult.remarks(List.of(concepts(increases)));
    }

    /** Seen in use: AI 100 % for every map at chance, and AI 0, AG 0 for every map, random ones included. */
    @Test
    void measuresThatAreTheSameForEveryMapAreNamed() {
        List<String> remarks = remarks(100, 100, 100);
        assertEquals(
                List.of("AI, AG, Fid-In at conv3 do not discriminate here: every map, random"
                        + " ones included, has the same score."),
                remarks);
        assertTrue(remarks(0, 0, 0).get(0).startsWith("AI, AG, Fid-In at"));
        assertTrue(remarks(10, 60, 0).get(0).startsWith("AG, Fid-In at"), "AI tells maps apart");
        EvaluationResult tenPercent = result(tenClassesTakenForOne(), List.of(), List.of(concepts(100, 100, 100)));
        assertEquals(.1, tenPercent.network().balancedAccuracy(), 1e-12);
        assertTrue(tenPercent.summary().found().get(0).startsWith("No verdict"));
        assertTrue(tenPercent.summary().undecided().get(1).startsWith("AI, AG, Fid-In"));
        List<String> lines = result(new int[][] {{9, 1}, {0, 10}}, List.of(), List.of(concepts(0, 0, 0)))
                .summary()
                .lines();
        assertTrue(lines.get(1).startsWith("Not decided: AI, AG, Fid-In at"), Arrays.toString(lines.toArray()));
    }
}
