package unweave.explain.labelled;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import unweave.explain.Decision;
import unweave.explain.Prediction;

class LabelledSetTest {
    private static final List<String> CLASSES = List.of("metal", "rock");

    private final List<LabelledDecision> decisions = new ArrayList<>();

    private LabelledSet set() {
        return new LabelledSet(CLASSES, decisions);
    }

    /** A sound of one class that is taken for another, its relevance divided among two concepts. */
    private void add(String truth, String decided, double relevance, double firstShare) {
        add(truth, decided, decided, relevance, firstShare);
    }

    private void add(String truth, String decided, String explained, double relevance, double firstShare) {
        List<Prediction> predictions = CLASSES.stream()
                .map(name -> new Prediction(
                        name, CLASSES.indexOf(name), name.equals(decided) ? 1 : 0, name.equals(decided) ? 0.7 : 0.3))
                .toList();
        Decision decision = new Decision(
                predictions, predictions.get(CLASSES.indexOf(explained)), explained, relevance, new double[] {
                    firstShare * relevance, (1 - firstShare) * relevance
                });
        decisions.add(new LabelledDecision(Path.of(decisions.size() + ".wav"), decisions.size(), truth, 0, decision));
    }

    @Test
    void rightAndWrongAreCounted() {
        add("rock", "rock", 1, 0.5);
        add("rock", "metal", 1, 0.5);
        add("rock", "metal", 1, 0.5);
        add("metal", "metal", 1, 0.5);
        assertEquals(2, set().right());
        assertArrayEquals(new int[] {1, 0}, set().confusion()[0]);
        assertArrayEquals(new int[] {2, 1}, set().confusion()[1]);
    }

    /**
     * Shares are those of all relevance together, so a decision that all but cancels does not count as much as others.
     */
    @Test
    void sharesAreWeighedByRelevance() {
        add("metal", "metal", 10, 0.2);
        add("metal", "metal", 10, 0.4);
        add("metal", "metal", 1e-6, -5000);
        add("metal", "metal", -3, 0.5);
        ConceptGroup group = set().groups().get(0);
        assertEquals(4, group.sounds());
        assertEquals(3, group.counted(), "one speaks against its class");
        assertEquals(0.3, group.shares().get(0).mean(), 1e-3);
        assertEquals(1, group.shares().get(0).mean() + group.shares().get(1).mean(), 1e-9);
        assertTrue(group.shares().get(0).standardError() > 0.03, "three sounds are few");
    }

    @Test
    void aConceptIsNamedOnlyWhereItsDifferenceIsLargerThanItsError() {
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            add("metal", "metal", 1 + random.nextDouble(), 0.5 + 0.1 * random.nextGaussian());
            add("rock", "metal", 1 + random.nextDouble(), 0.7 + 0.1 * random.nextGaussian());
        }
        List<Finding> findings = set().findings();
        assertEquals(1, findings.size(), findings.toString());
        assertEquals(1, findings.get(0).concept());
        assertEquals("rock", findings.get(0).truth());
        assertEquals(0.7, findings.get(0).wrongShare(), 0.05);
        assertEquals(0.5, findings.get(0).rightShare(), 0.05);
    }

    /** Asked about rock, a set is split by rock's concepts also where metal is decided. */
    @Test
    void aConceptIsThatOfTheClassThatWasAskedAbout() {
        for (int i = 0; i < 10; i++) {
            add("metal", "metal", "rock", 1, 0.3 + 0.001 * i);
            add("rock", "metal", "rock", 1, 0.8 + 0.001 * i);
        }
        Finding finding = set().findings().get(0);
        assertEquals("rock", finding.conceptsOf());
        assertTrue(
                finding.toString().startsWith("rock is taken for metal, concept 1 of rock did it: 80.5 %"),
                finding.toString());
    }

    @Test
    void guessesAreCalledThat() {
        for (int i = 0; i < 10; i++) {
            add("metal", "metal", 1, 0.5);
        }
        assertTrue(set().doubt().isEmpty(), "of one class nothing can be said");
        for (int i = 0; i < 10; i++) {
            add("rock", "metal", 1, 0.5);
        }
        assertTrue(set().doubt().orElseThrow().startsWith("not shown to be better than chance"));
        for (int i = 0; i < 10; i++) {
            add("rock", "rock", 1, 0.5);
        }
        assertTrue(set().doubt().isEmpty());
    }

    @Test
    void examplesAreOfEveryKindAndWrongOnesComeFirst() {
        for (int i = 0; i < 20; i++) {
            add("metal", "metal", 1, 0.5);
        }
        add("rock", "rock", 1, 0.5);
        add("rock", "metal", 1, 0.5);
        add("rock", "metal", 1, 0.5);
        assertEquals(List.of(21), places(set().examples(false, 1)));
        assertEquals(List.of(0, 20, 21), places(set().examples(false, 3)));
        assertEquals(List.of(0, 1, 2, 20, 21, 22), places(set().examples(false, 6)));
        assertEquals(List.of(21, 22), places(set().examples(true, 10)));
        assertEquals(List.of(), places(set().examples(true, 0)));
    }

    private static List<Integer> places(List<LabelledDecision> decisions) {
        return decisions.stream().map(LabelledDecision::place).toList();
    }

    @Test
    void fewSoundsOrNoDifferenceGiveNoFinding() {
        Random random = new Random(4);
        for (int i = 0; i < 30; i++) {
            add("metal", "metal", 1, 0.5 + 0.1 * random.nextGaussian());
            add("rock", "metal", 1, 0.5 + 0.1 * random.nextGaussian());
        }
        assertEquals(List.of(), set().findings());
        decisions.clear();
        for (int i = 0; i < 7; i++) {
            add("metal", "metal", 1, 0.5);
            add("rock", "metal", 1, 0.9);
        }
        assertEquals(List.of(), set().findings(), "seven sounds are too few");
    }
}
