package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import unweave.drsa.Method;
import unweave.drsa.evaluation.AboveChance;
import unweave.drsa.evaluation.Comparison;
import unweave.explain.evaluate.FlippingResult;
import unweave.explain.evaluate.StemResult;
import unweave.report.ReportPage;

/** Which concept is which part of recordings: sentences, tables, pictures and a section of a page. */
public final class StemReport {
    private static final String WHAT =
            "What a part does to a concept is the change of the concept's relevance when the part is taken out of the whole"
                    + " or put alone onto the background, at one gain. The matrix says how each part's effect is divided"
                    + " among the concepts.";

    private static final String HEADING = "Which concept is which part?";

    private static final String RANDOM = FlippingResult.name(Method.RANDOM);

    private final List<StemResult> results;
    private final AboveChance network;

    /** @param network whether it is better than chance, or null where nothing is known of that */
    public StemReport(List<StemResult> results, AboveChance network) {
        this.results = List.copyOf(results);
        this.network = network;
    }

    /** Why nothing is said about which concept is which part, or null. */
    private String undecided(StemResult result) {
        if (network != null && !network.shown()) {
            return "the network is not shown to be better than chance (" + network + ")";
        }
        Comparison floor = result.comparisons().stream()
                .filter(comparison -> comparison.second().equals(RANDOM))
                .findFirst()
                .orElse(null);
        if (floor == null) {
            return "there are no random directions to compare with";
        }
        return floor.firstIsBetter()
                ? null
                : "that these concepts tell the parts apart better than random directions is not shown (" + floor + ")";
    }

    private ObjectMatrix matrix(StemResult result, StemResult.Scores scores) {
        ObjectMatrix matrix = new ObjectMatrix(
                        scores.shown(),
                        result.parts(),
                        IntStream.rangeClosed(1, result.concepts())
                                .mapToObj(k -> "concept " + k)
                                .toList())
                .called("part");
        return undecided(result) == null && scores == result.first() ? matrix : matrix.undecided();
    }

    private static String title(StemResult result) {
        return result.className() + " at " + result.layer() + ", K = " + result.concepts();
    }

    private static String place(StemResult result) {
        return "stems-class" + result.classIndex() + "-" + result.layer() + "-K" + result.concepts();
    }

    /** One sentence for each class, layer and K: which concept is which part. */
    public List<String> summaries() {
        return results.stream().map(this::summary).toList();
    }

    private String summary(StemResult result) {
        String undecided = undecided(result);
        if (undecided != null) {
            return title(result) + ": which concept is which part is not decided: " + undecided + ".";
        }
        ObjectMatrix matrix = matrix(result, result.first());
        List<String> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int o = 0; o < result.parts().size(); o++) {
            List<Integer> own = matrix.conceptsOf(o);
            if (own.isEmpty()) {
                others.add(result.parts().get(o));
            } else {
                String numbers = own.stream().map(k -> String.valueOf(k + 1)).collect(Collectors.joining(", "));
                found.add((own.size() == 1 ? "concept " + numbers + " is " : "concepts " + numbers + " are ")
                        + result.parts().get(o));
            }
        }
        if (!others.isEmpty()) {
            found.add("no concept of its own is shown for " + String.join(", ", others));
        }
        return title(result) + ": " + String.join("; ", found) + ".";
    }

    /** What was found for one class, layer and K, and what could not be decided. */
    public List<String> findings(StemResult result) {
        List<String> findings = new ArrayList<>();
        findings.add(summary(result));
        findings.add(count(result.recordings().size(), "recording") + " (" + count(result.excerpts(), "excerpt")
                + ") explained for " + result.className() + "; the network decides for it in " + result.decided()
                + " of them.");
        findings.addAll(matrix(result, result.first()).sentences());
        return findings;
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Every table. */
    public List<ResultTable> tables() {
        List<ResultTable> tables = new ArrayList<>();
        for (StemResult result : results) {
            for (StemResult.Scores scores : result.methods()) {
                tables.add(matrix(result, scores)
                        .table(
                                place(result) + "-" + scores.method(),
                                title(result) + ": how the effect of each part is divided among the concepts of "
                                        + scores.method() + ", in percent, and what it adds to the logit."));
            }
            tables.add(methods(result));
        }
        return tables;
    }

    private static ResultTable methods(StemResult result) {
        ResultTable table = new ResultTable(
                place(result),
                title(result)
                        + ": object information (0: concepts do not tell parts apart, 1: every part has concepts of"
                        + " its own) and selectivity (mean share of a part in its own concept; even split "
                        + String.format(Locale.ROOT, "%.2f", 1. / result.concepts())
                        + "). Random directions are the floor. Errors are those over the recordings; this is one network.",
                List.of("method", "object information", "selectivity"));
        result.methods().forEach(scores -> table.row(scores.method(), scores.information(), scores.selectivity()));
        return table;
    }

    /** Every picture, by file name. */
    public Map<String, byte[]> pictures() {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        for (StemResult result : results) {
            for (StemResult.Scores scores : result.methods()) {
                pictures.put(
                        place(result) + "-" + scores.method() + ".png",
                        matrix(result, scores).png(ObjectMatrix.WIDE_CELL));
            }
        }
        return pictures;
    }

    /** What the terminal shows. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (StemResult result : results) {
            lines.add(lines.isEmpty() ? HEADING : "");
            findings(result).forEach(finding -> lines.addAll(ResultTable.wrapped(finding)));
            lines.addAll(matrix(result, result.first())
                    .table(
                            "",
                            "Share of each part's effect, and its effect on the logit; "
                                    + result.first().method())
                    .lines());
            lines.addAll(methods(result).lines());
            result.comparisons().forEach(comparison -> lines.addAll(ResultTable.wrapped(comparison + ".")));
        }
        return lines;
    }

    /** The content of evaluation.json. */
    public List<Map<String, Object>> json() {
        return results.stream()
                .map(result -> {
                    Map<String, Object> json = new LinkedHashMap<>(result.json());
                    json.put("findings", findings(result));
                    return json;
                })
                .toList();
    }

    /** A page about nothing else. */
    public String toHtml(Map<String, String> facts) {
        ReportPage page = new ReportPage(HEADING).kicker("Unweave evaluate").facts(facts);
        summaries().forEach(page::lead);
        if (network == null) {
            page.lead("Whether the network is better than chance was not measured; give --data to know it.");
        }
        results.forEach(result -> {
            page.section(title(result));
            addTo(page, result);
        });
        return page.footer("Made by Unweave.").toHtml();
    }

    /** A section of a page. */
    public void addTo(ReportPage page) {
        if (!results.isEmpty()) {
            page.section(HEADING);
        }
        results.forEach(result -> {
            page.subsection(title(result));
            addTo(page, result);
        });
    }

    private void addTo(ReportPage page, StemResult result) {
        ObjectMatrix matrix = matrix(result, result.first());
        page.figure(
                matrix.picture(),
                "Share of each part's effect in each concept of "
                        + result.first().method()
                        + ", in percent. A frame marks a part's own concept; a grey row adds to no concept.");
        List<String> findings = findings(result);
        page.text(String.join("\n\n", findings.subList(1, findings.size()))); // the page begins with the first
        matrix.table("", "The same with standard errors over recordings, and what each part adds to the logit.")
                .addTo(page);
        methods(result).addTo(page);
        result.comparisons().forEach(comparison -> page.text(comparison + "."));
        page.details("How it is measured, other methods, and the recordings", inside -> {
            inside.text(WHAT);
            for (StemResult.Scores scores :
                    result.methods().subList(1, result.methods().size())) {
                matrix(result, scores)
                        .table("", scores.method() + (scores.searches().size() > 1 ? ", the first of several" : ""))
                        .addTo(inside);
            }
            inside.text(String.join(", ", result.recordings()));
        });
    }
}
