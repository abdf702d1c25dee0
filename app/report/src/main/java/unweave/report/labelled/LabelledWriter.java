package unweave.report.labelled;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.explain.data.ExcludedSound;
import unweave.explain.labelled.ConceptGroup;
import unweave.explain.labelled.LabelledDecision;
import unweave.explain.labelled.LabelledSet;
import unweave.explain.output.OutputFolder;
import unweave.figure.MatrixFigure;
import unweave.report.explanation.ExplainRun;

/**
 * Writes what was found in a set of labelled sounds.
 *
 * <pre>
 *   report.html            the page
 *   sounds.csv             every sound: truth, decision, probabilities, shares of the concepts
 *   concepts.csv           shares for every class and the class it is taken for
 *   set.json               the numbers
 *   skipped.csv            the sounds that were left out, if any, and why
 *   confusion.png          which class is taken for which
 *   sounds/                some sounds in full, as 'unweave explain' writes single ones
 * </pre>
 */
public final class LabelledWriter {
    /** Of more classes than this a matrix cannot be read. */
    private static final int CLASSES_DRAWN = 25;

    private final OutputFolder folder;
    private final ExplainRun run;

    /**
     * Sounds in full, in the order of their page.
     *
     * @param folders of each, inside {@code sounds/}
     */
    public record Shown(List<LabelledDecision> sounds, List<String> folders) {}

    /**
     * A set of sounds.
     *
     * @param source the folder or manifest, as the user named it
     * @param part train, validation, test or all
     */
    public record Data(String source, String part) {
        @Override
        public String toString() {
            return part.equals("all") ? source : source + " (" + part + " sounds)";
        }
    }

    public LabelledWriter(OutputFolder folder, ExplainRun run) {
        this.folder = folder;
        this.run = run;
    }

    /**
     * Writes everything but the sounds in full.
     *
     * @param excluded sounds that were left out
     * @param data the sounds that were explained
     * @param shown the sounds that are explained in full
     * @return the page
     */
    public Path write(LabelledSet set, List<ExcludedSound> excluded, Data data, Shown shown) throws IOException {
        List<ConceptGroup> groups = set.groups();
        folder.writeText("sounds.csv", LabelledTables.sounds(set));
        folder.writeText("concepts.csv", LabelledTables.concepts(groups));
        if (!excluded.isEmpty()) {
            folder.writeText("skipped.csv", LabelledTables.skipped(excluded));
        }
        byte[] confusion = set.classNames().size() > CLASSES_DRAWN ? null : confusion(set);
        if (confusion != null) {
            folder.write("confusion.png", confusion);
        }
        folder.writeJson("set.json", numbers(set, excluded, data));
        return folder.writeText(
                "report.html",
                new LabelledReport(run, set, groups, data.toString()).toHtml(confusion, excluded.size(), shown));
    }

    private static byte[] confusion(LabelledSet set) {
        int[][] counts = set.confusion();
        double[][] values = new double[counts.length][counts.length];
        for (int truth = 0; truth < counts.length; truth++) {
            for (int decided = 0; decided < counts.length; decided++) {
                values[truth][decided] = counts[truth][decided];
            }
        }
        return new MatrixFigure("Sounds of each class", set.classNames(), set.classNames(), values)
                .axes("class", "taken for")
                .decimals(0)
                .toPng();
    }

    /** The numbers, for a program that reads them. */
    public Map<String, Object> numbers(LabelledSet set, List<ExcludedSound> excluded, Data data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folder", folder.path().toString());
        json.put("data", data.source());
        json.put("split", data.part());
        json.put("sounds", set.decisions().size());
        json.put("skipped", excluded.size());
        json.put("right", set.right());
        json.put("accuracy", (double) set.right() / set.decisions().size());
        json.put("classes", set.classNames());
        json.put("confusion", set.confusion());
        json.put("findings", set.findings());
        json.put("report", "report.html");
        return json;
    }
}
