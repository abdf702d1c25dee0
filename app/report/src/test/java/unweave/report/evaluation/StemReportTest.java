package unweave.report.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.explain.evaluate.StemResult;

class StemReportTest {
    private static final double[][] APART = {{9, 1}, {1, 9}};
    private static final double[][] ALIKE = {{5, 5}, {5, 5}};

    private static StemResult result(double[][] drsa, int recordings, String className) {
        List<StemResult.Scores> methods = List.of(
                new StemResult.Scores("DRSA", List.of(about(drsa, recordings, 1))),
                new StemResult.Scores("random", List.of(about(ALIKE, recordings, 2), about(ALIKE, recordings, 3))));
        return new StemResult(
                "pool3",
                2,
                0,
                className,
                List.of("drums", "voice"),
                IntStream.range(0, recordings).mapToObj(i -> "song" + i).toList(),
                recordings - 1,
                5 * recordings,
                methods);
    }

    private static ObjectInformation about(double[][] means, int recordings, int seed) {
        Random random = new Random(seed);
        double[][][] effects = new double[recordings][2][2];
        for (double[][] recording : effects) {
            for (int i = 0; i < 4; i++) {
                recording[i / 2][i % 2] = means[i / 2][i % 2] + random.nextGaussian() / 2;
            }
        }
        return ObjectInformation.of(effects);
    }

    private static StemReport report(StemResult result, AboveChance network) {
        return new StemReport(List.of(result), network);
    }

    @Test
    void aSentenceSaysWhichConceptIsWhichPart() {
        StemReport report = report(result(APART, 8, "jazz"), null);
        assertEquals(List.of("jazz at pool3, K = 2: concept 1 is drums; concept 2 is voice."), report.summaries());
        String page = report.toHtml(Map.of("model", "m"));
        assertTrue(page.contains("Concept 1 is drums: 9"), "with its share");
        assertTrue(page.contains("8 recordings (40 excerpts) explained for jazz; the network decides for it in 7"));
        assertTrue(page.contains("DRSA better than random by 0."));
        assertTrue(String.join("\n", report.lines()).contains("concept 2 is voice"));
        assertEquals(
                List.of("stems-class0-pool3-K2-DRSA", "stems-class0-pool3-K2-random", "stems-class0-pool3-K2"),
                report.tables().stream().map(ResultTable::name).toList());
    }

    @Test
    void nothingIsSaidWhereRandomDirectionsAreAsGood() {
        for (StemResult undecided : List.of(result(ALIKE, 8, "jazz"), result(APART, 3, "jazz"))) {
            StemReport report = report(undecided, null);
            assertTrue(
                    report.summaries().get(0).contains("not decided: that these concepts tell the parts apart"),
                    report.summaries().get(0));
            String page = report.toHtml(Map.of());
            assertFalse(page.contains("is drums:"));
            assertTrue(page.contains("Drums: The network uses it"), "its effect on the logit is known");
        }
    }

    @Test
    void nothingIsSaidWithoutAFloor() {
        StemResult all = result(APART, 8, "jazz");
        StemResult without = new StemResult(
                all.layer(),
                2,
                0,
                "jazz",
                all.parts(),
                all.recordings(),
                8,
                40,
                all.methods().subList(0, 1));
        assertTrue(report(without, null).summaries().get(0).contains("there are no random directions to compare with"));
    }

    @Test
    void aNetworkAtChanceGetsNoVerdict() {
        StemReport guesses = report(result(APART, 8, "jazz"), AboveChance.of(new int[][] {{4, 4}, {4, 4}}));
        assertTrue(
                guesses.summaries().get(0).contains("not decided: the network is not shown to be better than chance"));
        assertFalse(guesses.toHtml(Map.of()).contains("is drums:"));
        StemReport knows = report(result(APART, 8, "jazz"), AboveChance.of(new int[][] {{20, 0}, {0, 20}}));
        assertTrue(knows.summaries().get(0).contains("concept 1 is drums"));
    }

    @Test
    void namesCannotBecomeMarkup() {
        assertFalse(report(result(APART, 8, "<b>jazz"), null).toHtml(Map.of()).contains("<b>jazz"));
    }
}
