package unweave.report.explanation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.explain.Conservation;
import unweave.lrp.Assignment;
import unweave.lrp.RelevanceLedger;

/** The relevance ledger of one explanation as rows: what every layer received, and where it went. Output first. */
public final class LedgerTable {
    /** The columns of {@link #rows}. */
    public static final List<String> HEADER =
            List.of("layer", "rule", "arrived", "to inputs", "to bias", "to stabiliser", "dropped", "open");

    private LedgerTable() {}

    /** One row for each layer, of the standard map (sample 0 of the ledger). */
    public static List<List<String>> rows(Conservation conservation) {
        List<List<String>> rows = new ArrayList<>();
        for (RelevanceLedger.Entry entry : conservation.layers()) {
            RelevanceLedger.Absorbed absorbed = entry.absorbed().orElseThrow();
            double open = (double) entry.arrived()[0]
                    - entry.passedOn()[0]
                    - absorbed.bias()[0]
                    - absorbed.stabilizer()[0]
                    - absorbed.dropped()[0];
            rows.add(List.of(
                    entry.layer(),
                    entry.rule().toString(),
                    sum(entry.arrived()[0]),
                    sum(entry.passedOn()[0]),
                    sum(absorbed.bias()[0]),
                    sum(absorbed.stabilizer()[0]),
                    sum(absorbed.dropped()[0]),
                    String.format(Locale.ROOT, "%.0e", open)));
        }
        return rows;
    }

    private static String sum(float value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }

    /** The ledger as lines for a terminal, ending with what arrived at the input of what set out. */
    public static List<String> lines(Conservation conservation) {
        List<String> lines = aligned(HEADER, rows(conservation));
        lines.add(String.format(
                Locale.ROOT,
                "%.5f of the logit %.5f arrives at the input (%.1f %%)",
                conservation.standardSum(),
                conservation.logit(),
                100 * conservation.standardSum() / conservation.logit()));
        return lines;
    }

    /** The check before a run as lines for a terminal: every layer, its rule, and why it gets it. */
    public static List<String> lines(List<Assignment> assignments) {
        List<List<String>> rows = new ArrayList<>();
        for (Assignment assignment : assignments) {
            rows.add(List.of(
                    assignment.layer(),
                    assignment.kind().toString(),
                    assignment.rule().toString(),
                    assignment.reason()));
        }
        return aligned(List.of("layer", "kind", "rule", "why"), rows);
    }

    /** An assignment for programs. */
    public static Map<String, String> json(Assignment assignment) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("layer", assignment.layer());
        json.put("kind", assignment.kind().keyword());
        json.put("rule", assignment.rule().toString());
        json.put("why", assignment.reason());
        return json;
    }

    /** Rows as lines with columns of equal width, numbers to the right. */
    private static List<String> aligned(List<String> header, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(List.of(header));
        all.addAll(rows);
        int[] widths = new int[header.size()];
        all.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean number = !rows.isEmpty() && rows.get(0).get(i).matches("-?[\\d.e+-]+");
                line.append(String.format("%" + (number ? "" : "-") + widths[i] + "s  ", row.get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
