package unweave.experiments.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Method;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.drsa.evaluation.ObjectInformation;

class DemoResultTest {
    private static final double[][] PERFECT = {{3, 0}, {0, 5}};
    private static final double[][] BLIND = {{3, 3}, {5, 5}};
    private static final AboveChance LEARNT = AboveChance.of(new int[][] {{20, 0}, {0, 20}});
    private static final AboveChance GUESSING = AboveChance.of(new int[][] {{20, 0}, {20, 0}});

    /** Six sounds whose effects are some multiples of the same: loud ones and quiet ones. */
    private static ObjectInformation information(double[][] effects) {
        return information(effects, 6);
    }

    private static ObjectInformation information(double[][] effects, int count) {
        double[][][] sounds = new double[count][2][2];
        for (int s = 0; s < sounds.length; s++) {
            for (int o = 0; o < 2; o++) {
                for (int k = 0; k < 2; k++) {
                    sounds[s][o][k] = (1 + s) * effects[o][k];
                }
            }
        }
        return ObjectInformation.of(sounds);
    }

    private static MethodResult method(Method method, double[][]... effects) {
        List<ObjectInformation> informations = new ArrayList<>();
        for (double[][] one : effects) {
            informations.add(information(one));
        }
        return new MethodResult(method, List.of(), informations, informations, List.of(), 0, 0);
    }

    private static DemoResult result(AboveChance chance, double[][] drsa, double[][] dsa, double[][]... random) {
        List<MethodResult> methods = List.of(
                method(Method.DRSA, drsa),
                method(Method.DSA, dsa),
                method(Method.RANDOM, random),
                method(Method.ORACLE, PERFECT));
        List<ClassResult> classes = new ArrayList<>();
        for (int c = 0; c < 2; c++) {
            classes.add(
                    new ClassResult(c, "class" + c, List.of("low", "high"), methods, List.of(), List.of(), List.of()));
        }
        return new DemoResult(null, null, chance, classes, null, 0, 0);
    }

    @Test
    void perfectConceptsHoldAllInformationAndBlindOnesNone() {
        DemoResult result = result(LEARNT, PERFECT, BLIND, BLIND, BLIND);
        assertEquals(1, result.information(Method.DRSA).mean(), 1e-12);
        assertEquals(1, result.selectivity(Method.DRSA).mean(), 1e-12);
        assertEquals(0, result.information(Method.DSA).mean(), 1e-12);
        assertEquals(.5, result.selectivity(Method.DSA).mean(), 1e-12);
        assertEquals(4, result.objects());
        assertTrue(result.comparison(Method.DSA).firstIsBetter());
    }

    /** Of two draws the mean counts, and its error over them. */
    @Test
    void severalRandomDrawsAreAveraged() {
        MethodResult random = method(Method.RANDOM, PERFECT, BLIND);
        assertEquals(.5, random.information().mean(), 1e-12);
        assertEquals(.5, random.information().standardError(), 1e-12);
        MethodResult drsa = method(Method.DRSA, PERFECT);
        assertEquals(.5, drsa.informationAbove(random).mean(), 1e-12);
        assertEquals(.5, drsa.informationAbove(random).standardError(), 1e-9);
    }

    /** Classes count alike, whatever their sounds: louder, with larger logits, or more of them. */
    @Test
    void gainAndClassBalanceChangeNothing() {
        double[][] mixed = {{3, 1}, {1, 2}};
        double[][] louder = {{30, 10}, {10, 20}};
        List<ClassResult> classes = new ArrayList<>();
        for (ObjectInformation one : List.of(information(mixed, 3), information(louder, 40), information(PERFECT, 5))) {
            MethodResult drsa = new MethodResult(Method.DRSA, List.of(), List.of(one), List.of(one), List.of(), 0, 0);
            classes.add(new ClassResult(
                    0, "class", List.of("low", "high"), List.of(drsa), List.of(), List.of(), List.of()));
        }
        double first = new DemoResult(null, null, LEARNT, classes.subList(0, 1), null, 0, 0)
                .information(Method.DRSA)
                .mean();
        double second = new DemoResult(null, null, LEARNT, classes.subList(1, 2), null, 0, 0)
                .information(Method.DRSA)
                .mean();
        assertEquals(first, second, 1e-12);
        double all = new DemoResult(null, null, LEARNT, classes, null, 0, 0)
                .information(Method.DRSA)
                .mean();
        assertEquals((2 * first + 1) / 3, all, 1e-12);
    }

    @Test
    void aDifferenceWithinItsErrorIsNotShown() {
        DemoResult result = result(LEARNT, PERFECT, PERFECT, PERFECT, BLIND);
        assertEquals(
                Comparison.Verdict.NOT_SHOWN, result.comparison(Method.RANDOM).verdict());
        String verdict = result.verdict().get(0);
        assertTrue(verdict.contains("DRSA or DSA: not shown"), verdict);
        assertTrue(verdict.contains("DRSA or random: not shown"), verdict);
    }

    @Test
    void aVerdictSaysThatOneNetworkDecidesNothing() {
        List<String> verdict = result(LEARNT, PERFECT, BLIND, BLIND, BLIND).verdict();
        assertTrue(verdict.get(0).contains("DRSA better than DSA by 1"), verdict.get(0));
        assertTrue(verdict.get(1).startsWith("One network decides nothing"), verdict.get(1));
    }

    @Test
    void aNetworkAtChanceGivesNoVerdict() {
        List<String> verdict = result(GUESSING, PERFECT, BLIND, BLIND, BLIND).verdict();
        assertEquals(1, verdict.size());
        assertTrue(verdict.get(0).startsWith("No verdict: the network is not shown to decide better"), verdict.get(0));
        assertFalse(verdict.get(0).contains("DRSA"), verdict.get(0));
    }

    @Test
    void objectsWithoutEffectsGiveNoVerdict() {
        double[][] nothing = {{0, 0}, {0, 0}};
        String verdict = result(LEARNT, nothing, nothing, nothing).verdict().get(0);
        assertTrue(verdict.contains("not shown (fewer than two objects change the logit)"), verdict);
    }
}
