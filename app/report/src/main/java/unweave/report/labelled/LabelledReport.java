package unweave.report.labelled;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Estimate;
import unweave.explain.labelled.ConceptGroup;
import unweave.explain.labelled.Finding;
import unweave.explain.labelled.LabelledDecision;
import unweave.explain.labelled.LabelledSet;
import unweave.report.Cell;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.explanation.ExplainRun;
import unweave.report.explanation.ExplanationWriter;

/** The page about a labelled set. */
final class LabelledReport {
    private static final int WRONG_LISTED = 200;
    private static final String READING =
            """
      A share is the part of the relevance that goes through a concept, over all decisions of a row together, with its \
      standard error. Shares are those of the class that is explained; concepts of different classes have nothing to do \
      with each other. Decisions whose relevance does not speak for the explained class are left out.""";

    private static final int FINDINGS_SHOWN = 12;

    private final ExplainRun run;
    private final LabelledSet set;
    private final List<ConceptGroup> groups;
    private final String source;

    LabelledReport(ExplainRun run, LabelledSet set, List<ConceptGroup> groups, String source) {
        this.run = run;
        this.set = set;
        this.groups = groups;
        this.source = source;
    }

    /**
     * @param confusion a picture, null for none
     * @param skipped how many sounds were left out
     * @param shown the sounds that are explained in full
     */
    String toHtml(byte[] confusion, int skipped, LabelledWriter.Shown shown) {
        int all = set.decisions().size();
        ReportPage page = new ReportPage(all + " labelled sounds explained")
                .kicker("Unweave explanation of a set")
                .lead(String.format(
                        Locale.ROOT,
                        "The network decides rightly about %d of %d sounds (%.1f %%).",
                        set.right(),
                        all,
                        100.0 * set.right() / all))
                .facts(facts());
        page.section("Right and wrong");
        if (skipped > 0) {
            page.warning(skipped + (skipped == 1 ? " sound" : " sounds")
                    + " could not be read and count nowhere; skipped.csv says which and why.");
        }
        set.doubt().ifPresent(doubt -> page.warning("The network is " + doubt + "."));
        classes(page);
        if (confusion != null) {
            page.figure(new Picture(confusion, "Confusion matrix: class against decision"), "");
        }
        page.section("What decisions rest on");
        concepts(page);
        page.section("Sounds");
        inFull(page, shown);
        wrong(page);
        Map<String, String> links = new LinkedHashMap<>();
        if (skipped > 0) {
            links.put("sounds that were left out", "skipped.csv");
        }
        links.put("all sounds as a table", "sounds.csv");
        links.put("shares as a table", "concepts.csv");
        return page.links(links)
                .footer("Made by Unweave. Seed " + run.seed() + ".")
                .toHtml();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Sounds", source);
        facts.put("Model", run.modelFile() + " (" + run.modelFingerprint() + ")");
        facts.put("Concepts", run.subspacesFile().orElse("not split, no subspaces were given"));
        facts.put("Relevance rules", run.composite());
        return facts;
    }

    private void classes(ReportPage page) {
        int[][] confusion = set.confusion();
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < confusion.length; c++) {
            int sounds = 0;
            int most = -1;
            for (int other = 0; other < confusion.length; other++) {
                sounds += confusion[c][other];
                boolean larger =
                        other != c && confusion[c][other] > 0 && (most < 0 || confusion[c][other] > confusion[c][most]);
                most = larger ? other : most;
            }
            if (sounds > 0) {
                rows.add(List.of(
                        set.classNames().get(c),
                        String.valueOf(sounds),
                        String.valueOf(confusion[c][c]),
                        percent((double) confusion[c][c] / sounds),
                        most < 0 ? "\u2013" : set.classNames().get(most) + ", " + confusion[c][most]));
            }
        }
        page.table("", List.of("class", "sounds", "right", "share right", "most often taken for"), rows);
    }

    private void concepts(ReportPage page) {
        if (groups.isEmpty()) {
            page.note("Decisions were not split: no subspaces were given, or none of the decided classes.");
            return;
        }
        page.text(READING);
        List<Finding> findings = set.findings();
        findings.stream().limit(FINDINGS_SHOWN).forEach(finding -> page.note("When " + finding + "."));
        if (findings.size() > FINDINGS_SHOWN) {
            page.text((findings.size() - FINDINGS_SHOWN) + " more such differences are in set.json.");
        }
        if (findings.isEmpty()) {
            page.text(
                    "No concept counts more in a confusion than in right decisions by more than three standard errors of "
                            + "the difference, among confusions with at least 8 sounds.");
        }
        int widest =
                groups.stream().mapToInt(group -> group.shares().size()).max().orElse(0);
        List<String> header = new ArrayList<>(List.of("class", "taken for", "concepts of", "sounds"));
        for (int k = 1; k <= widest; k++) {
            header.add("concept " + k);
        }
        page.table(
                "Mean shares",
                header,
                groups.stream().map(group -> row(group, widest)).toList());
    }

    private static List<String> row(ConceptGroup group, int columns) {
        List<String> row = new ArrayList<>(
                List.of(group.truth(), group.decided(), group.explainedBy(), String.valueOf(group.sounds())));
        for (int k = 0; k < columns; k++) {
            boolean there = k < group.shares().size();
            row.add(there ? share(group.shares().get(k)) : "");
        }
        return row;
    }

    private static String share(Estimate share) {
        String mean = String.format(Locale.ROOT, "%.0f", 100 * share.mean()).replace('-', '\u2212');
        return share.count() < 2
                ? mean + " %"
                : String.format(Locale.ROOT, "%s \u00b1 %.0f %%", mean, 100 * share.standardError());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static void inFull(ReportPage page, LabelledWriter.Shown shown) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < shown.sounds().size(); i++) {
            LabelledDecision one = shown.sounds().get(i);
            String name = shown.folders().get(i);
            Cell.Link link = i < ExplanationWriter.ON_PAGE
                    ? new Cell.Link(name, "sounds/report.html", ExplanationWriter.anchor(i + 1))
                    : new Cell.Link(name, "sounds/" + name + "/overview.png", "");
            rows.add(List.of(
                    new Cell("", List.of(link)),
                    Cell.of(one.truth()),
                    Cell.of(one.decided()),
                    Cell.of(percent(one.decision().decision().probability()))));
        }
        if (!rows.isEmpty()) {
            page.linkedTable("In full, to see and hear", List.of("sound", "class", "taken for", "probability"), rows);
        }
    }

    private void wrong(ReportPage page) {
        List<LabelledDecision> wrong = set.decisions().stream()
                .filter(one -> !one.right())
                .sorted(Comparator.comparingDouble(
                        one -> -one.decision().decision().probability()))
                .toList();
        if (wrong.isEmpty()) {
            page.text("No sound is decided wrongly.");
            return;
        }
        page.table(
                wrong.size() > WRONG_LISTED
                        ? "The " + WRONG_LISTED + " surest of " + wrong.size() + " wrong decisions"
                        : "Wrong decisions, the surest first",
                List.of("sound", "class", "taken for", "probability"),
                wrong.stream()
                        .limit(WRONG_LISTED)
                        .map(one -> List.of(
                                String.valueOf(one.path().getFileName()),
                                one.truth(),
                                one.decided(),
                                percent(one.decision().decision().probability())))
                        .toList());
    }
}
