package unweave.report.labelled;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.explain.Decision;
import unweave.explain.data.ExcludedSound;
import unweave.explain.labelled.ConceptGroup;
import unweave.explain.labelled.LabelledDecision;
import unweave.explain.labelled.LabelledSet;
import unweave.explain.output.CsvText;

/** A labelled set as tables. */
final class LabelledTables {
    private LabelledTables() {}

    /** One row for each sound; the concepts of each class have columns of their own. */
    static String sounds(LabelledSet set) {
        Map<String, Integer> concepts = concepts(set);
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(
                "path",
                "start",
                "truth",
                "decision",
                "right",
                "probability",
                "probability_of_truth",
                "explained",
                "relevance"));
        concepts.forEach((name, count) -> {
            for (int k = 1; k <= count; k++) {
                header.add("share " + name + " concept " + k);
            }
        });
        rows.add(header);
        for (LabelledDecision one : set.decisions()) {
            Decision decision = one.decision();
            List<String> row = new ArrayList<>(List.of(
                    one.path().toString(),
                    number(one.start()),
                    one.truth(),
                    one.decided(),
                    String.valueOf(one.right()),
                    number(decision.decision().probability()),
                    number(decision.predictions()
                            .get(set.classNames().indexOf(one.truth()))
                            .probability()),
                    decision.explained().className(),
                    number(decision.relevance())));
            concepts.forEach((name, count) -> {
                for (int k = 0; k < count; k++) {
                    boolean own = name.equals(decision.through()) && one.hasShares();
                    row.add(own ? number(decision.share(k)) : "");
                }
            });
            rows.add(row);
        }
        return CsvText.of(rows);
    }

    private static Map<String, Integer> concepts(LabelledSet set) {
        Map<String, Integer> found = new LinkedHashMap<>();
        for (String name : set.classNames()) {
            set.decisions().stream()
                    .map(LabelledDecision::decision)
                    .filter(decision -> name.equals(decision.through()))
                    .findFirst()
                    .ifPresent(decision -> found.put(name, decision.concepts().length));
        }
        return found;
    }

    /** One row for each concept of each kind of decision. */
    static String concepts(List<ConceptGroup> groups) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "truth", "decision", "concepts_of", "sounds", "sounds_with_shares", "concept", "share", "error"));
        for (ConceptGroup group : groups) {
            for (int k = 0; k < group.shares().size(); k++) {
                rows.add(List.of(
                        group.truth(),
                        group.decided(),
                        group.explainedBy(),
                        String.valueOf(group.sounds()),
                        String.valueOf(group.counted()),
                        String.valueOf(k + 1),
                        number(group.shares().get(k).mean()),
                        number(group.shares().get(k).standardError())));
            }
        }
        return CsvText.of(rows);
    }

    /** One row for each sound that was left out. */
    static String skipped(List<ExcludedSound> excluded) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("path", "class", "reason"));
        excluded.forEach(sound -> rows.add(List.of(sound.path().toString(), sound.className(), sound.reason())));
        return CsvText.of(rows);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
    }
}
