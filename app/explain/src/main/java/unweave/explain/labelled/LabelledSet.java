package unweave.explain.labelled;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.AboveChance;

/**
 * Decisions about labelled sounds.
 *
 * @param classNames the model's, in its order
 * @param decisions in the order of the collection
 */
public record LabelledSet(List<String> classNames, List<LabelledDecision> decisions) {
    /** Fewer sounds than this on either side say nothing about a difference. */
    private static final int FEWEST = 8;
    /**
     * A difference counts beyond so many standard errors: 2.7 in 1,000 by chance for one concept, so that of the dozens
     * that are looked at hardly one is found where nothing is.
     */
    private static final double ERRORS = 3;

    public LabelledSet {
        decisions = List.copyOf(decisions);
    }

    /** How many sounds are decided rightly. */
    public int right() {
        return (int) decisions.stream().filter(LabelledDecision::right).count();
    }

    /** Sounds by class (rows) and by the class they are taken for (columns), in the model's order. */
    public int[][] confusion() {
        int[][] confusion = new int[classNames.size()][classNames.size()];
        for (LabelledDecision one : decisions) {
            confusion[classNames.indexOf(one.truth())][classNames.indexOf(one.decided())]++;
        }
        return confusion;
    }

    /**
     * A sentence where the decisions are not shown to be better than chance, though there are sounds of two classes.
     */
    public Optional<String> doubt() {
        AboveChance chance = AboveChance.of(confusion());
        return chance.classes() < 2 || chance.shown()
                ? Optional.empty()
                : Optional.of(
                        "not shown to be better than chance (" + chance + "); explanations of guesses explain nothing");
    }

    /**
     * Sounds to show, of every kind (a class and what it is taken for) as many as there is room for: one of each, then
     * a second one, and so on, wrong decisions first.
     *
     * @param wrongOnly whether to show wrong decisions only
     * @param count at most so many
     * @return in the order of the collection
     */
    public List<LabelledDecision> examples(boolean wrongOnly, int count) {
        Map<List<String>, Integer> dealt = new HashMap<>();
        IdentityHashMap<LabelledDecision, Integer> rounds = new IdentityHashMap<>();
        for (LabelledDecision one : decisions) {
            rounds.put(one, dealt.merge(List.of(one.truth(), one.decided()), 1, Integer::sum));
        }
        return decisions.stream()
                .filter(one -> !wrongOnly || !one.right())
                .sorted(Comparator.<LabelledDecision>comparingInt(rounds::get).thenComparing(LabelledDecision::right))
                .limit(count)
                .sorted(Comparator.comparingInt(LabelledDecision::place))
                .toList();
    }

    /** The concepts' shares for every class and the class it is taken for; right decisions first. */
    public List<ConceptGroup> groups() {
        Map<List<String>, List<LabelledDecision>> byKind = new LinkedHashMap<>();
        for (boolean right : new boolean[] {true, false}) {
            for (String truth : classNames) {
                for (LabelledDecision one : decisions) {
                    if (one.right() == right
                            && one.truth().equals(truth)
                            && one.decision().through() != null) {
                        byKind.computeIfAbsent(
                                        List.of(
                                                truth,
                                                one.decided(),
                                                one.decision().through()),
                                        key -> new ArrayList<>())
                                .add(one);
                    }
                }
            }
        }
        return byKind.entrySet().stream()
                .map(kind -> ConceptGroup.of(
                        kind.getKey().get(0),
                        kind.getKey().get(1),
                        kind.getKey().get(2),
                        kind.getValue()))
                .toList();
    }

    /**
     * Which concepts confusions rest on, the largest differences first, where the difference from right decisions is
     * larger than its error.
     */
    public List<Finding> findings() {
        List<ConceptGroup> groups = groups();
        List<Finding> findings = new ArrayList<>();
        for (ConceptGroup wrong : groups) {
            groups.stream()
                    .filter(right -> !wrong.right()
                            && right.right()
                            && right.decided().equals(wrong.decided())
                            && right.explainedBy().equals(wrong.explainedBy())
                            && Math.min(right.counted(), wrong.counted()) >= FEWEST)
                    .forEach(right -> compare(wrong, right, findings));
        }
        findings.sort(Comparator.comparingDouble(finding -> finding.rightShare() - finding.wrongShare()));
        return findings;
    }

    private static void compare(ConceptGroup wrong, ConceptGroup right, List<Finding> findings) {
        for (int k = 0; k < wrong.shares().size(); k++) {
            Estimate here = wrong.shares().get(k);
            Estimate there = right.shares().get(k);
            double error = Math.hypot(here.standardError(), there.standardError());
            if (here.mean() - there.mean() > ERRORS * error) {
                findings.add(new Finding(
                        wrong.truth(), wrong.decided(), wrong.explainedBy(), k + 1, here.mean(), there.mean(), error));
            }
        }
    }
}
