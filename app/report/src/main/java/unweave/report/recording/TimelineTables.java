package unweave.report.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.explain.Decision;
import unweave.explain.Prediction;
import unweave.explain.output.CsvText;
import unweave.explain.output.Json;
import unweave.explain.recording.Passage;
import unweave.explain.recording.Timeline;
import unweave.explain.recording.TimelineWindow;

/**
 * A timeline as a table (CSV) and as JSON lines, one object for each window and the same fields in all, so that Spark
 * or DuckDB read them with one schema and can write Parquet.
 */
final class TimelineTables {
    private TimelineTables() {}

    /** Columns: window, decision, the probability of each class, the relevance of each concept of each class. */
    static String csv(Timeline timeline) {
        Map<String, Integer> concepts = timeline.concepts();
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(
                "start_seconds",
                "end_seconds",
                "peak",
                "silent",
                "decision",
                "explained",
                "explained_by",
                "relevance"));
        timeline.classNames().forEach(name -> header.add("probability " + name));
        concepts.forEach((name, count) -> {
            for (int k = 1; k <= count; k++) {
                header.add("relevance " + name + " concept " + k);
            }
        });
        rows.add(header);
        timeline.windows().forEach(window -> rows.add(row(timeline, concepts, window)));
        return CsvText.of(rows);
    }

    private static List<String> row(Timeline timeline, Map<String, Integer> concepts, TimelineWindow window) {
        List<String> row = new ArrayList<>(List.of(
                number(window.start()),
                number(window.end()),
                number(window.peak()),
                String.valueOf(window.decision().isEmpty())));
        Decision decision = window.decision().orElse(null);
        row.add(decision == null ? "" : decision.decision().className());
        row.add(decision == null ? "" : decision.explained().className());
        row.add(decision == null || decision.through() == null ? "" : decision.through());
        row.add(decision == null ? "" : number(decision.relevance()));
        for (int c = 0; c < timeline.classNames().size(); c++) {
            row.add(decision == null ? "" : number(decision.predictions().get(c).probability()));
        }
        concepts.forEach((name, count) -> {
            for (int k = 0; k < count; k++) {
                boolean own = decision != null && name.equals(decision.through());
                row.add(own ? number(decision.concepts()[k]) : "");
            }
        });
        return row;
    }

    /** Writes a line for each window. */
    static void writeJsonLines(Timeline timeline, OutputStream out) throws IOException {
        for (TimelineWindow window : timeline.windows()) {
            out.write((Json.line(json(timeline, window)) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> json(Timeline timeline, TimelineWindow window) {
        Decision decision = window.decision().orElse(null);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("recording", timeline.name());
        json.put("start", window.start());
        json.put("end", window.end());
        json.put("peak", window.peak());
        json.put("silent", decision == null);
        json.put("decision", decision == null ? null : decision.decision().className());
        json.put("explained", decision == null ? null : decision.explained().className());
        json.put("explainedBy", decision == null ? null : decision.through());
        json.put("relevance", decision == null ? null : decision.relevance());
        json.put(
                "probabilities",
                decision == null
                        ? List.of()
                        : decision.predictions().stream()
                                .map(Prediction::probability)
                                .toList());
        json.put("concepts", decision == null ? List.of() : concepts(decision));
        return json;
    }

    private static List<Map<String, Object>> concepts(Decision decision) {
        List<Map<String, Object>> concepts = new ArrayList<>();
        for (int k = 0; k < decision.concepts().length; k++) {
            Map<String, Object> concept = new LinkedHashMap<>();
            concept.put("class", decision.through());
            concept.put("concept", k + 1);
            concept.put("relevance", decision.concepts()[k]);
            concept.put("share", Double.isFinite(decision.share(k)) ? decision.share(k) : null);
            concepts.add(concept);
        }
        return concepts;
    }

    /** The passages, best first for each concept. */
    static String passages(Timeline timeline, Map<Passage, String> files) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("class", "concept", "rank", "start_seconds", "end_seconds", "relevance", "share", "sound"));
        files.forEach((passage, file) -> {
            TimelineWindow window = timeline.windows().get(passage.window());
            rows.add(List.of(
                    passage.className(),
                    passage.concept() == 0 ? "" : String.valueOf(passage.concept()),
                    String.valueOf(passage.rank()),
                    number(window.start()),
                    number(window.end()),
                    number(passage.relevance()),
                    number(passage.share()),
                    file));
        });
        return CsvText.of(rows);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
    }
}
