package unweave.report.recording;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.explain.Excerpt;
import unweave.explain.recording.Passage;
import unweave.explain.recording.Timeline;
import unweave.report.Card;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.explanation.ExplainRun;

/** The page about whole recordings. Sounds lie beside it, so that it opens at once. */
final class RecordingReport {
    private static final int CLASSES = 12;
    private static final String READING =
            """
      The network hears one window after the other. The first picture shows how likely it finds each class, the others \
      how much relevance each concept of a class has in the windows that are explained for that class; concepts of \
      different classes have nothing to do with each other. Below are the passages in which each concept counts most: \
      where it lies in time and pitch, how it sounds, and the passage as it is.""";

    private record Entry(
            String place, Timeline timeline, List<Picture> charts, List<Passage> passages, Map<Passage, Card> cards) {}

    private final ExplainRun run;
    private final List<Entry> entries = new ArrayList<>();

    RecordingReport(ExplainRun run) {
        this.run = run;
    }

    void add(String place, Timeline timeline, List<Picture> charts, List<Passage> passages, Map<Passage, Card> cards) {
        entries.add(new Entry(place, timeline, charts, passages, cards));
    }

    String toHtml() {
        boolean one = entries.size() == 1;
        ReportPage page = new ReportPage(one ? entries.get(0).place() : entries.size() + " recordings explained")
                .kicker("Unweave explanation of whole recordings")
                .lead("What a network decides along " + (one ? "a recording" : entries.size() + " recordings")
                        + ", and the passages its concepts count most in.")
                .facts(facts());
        page.text(READING);
        for (Entry entry : entries) {
            section(page, entry);
        }
        return page.footer("Made by Unweave. Seed " + run.seed() + ".").toHtml();
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", run.modelFile() + " (" + run.modelFingerprint() + ")");
        facts.put("Concepts", run.subspacesFile().orElse("not split, no subspaces were given"));
        facts.put("Relevance rules", run.composite());
        Timeline first = entries.get(0).timeline();
        facts.put(
                "Windows",
                Excerpt.decimal(first.windowSeconds()) + " s, one every " + Excerpt.decimal(first.hop()) + " s");
        return facts;
    }

    private void section(ReportPage page, Entry entry) {
        Timeline timeline = entry.timeline();
        page.section(entry.place());
        page.text("Recording: " + timeline.name() + ", "
                + time(timeline.windows().get(0).start()) + " to " + time(timeline.end()) + ".");
        if (timeline.silent() > 0) {
            page.note(timeline.silent() + " of " + timeline.windows().size()
                    + " windows are silent; they have no decision and leave gaps.");
        }
        seconds(page, timeline);
        entry.charts().forEach(chart -> page.figure(chart, ""));
        passages(page, entry);
        Map<String, String> links = new LinkedHashMap<>();
        links.put("all windows as a table", entry.place() + "/timeline.csv");
        links.put("all windows as JSON lines", entry.place() + "/timeline.jsonl");
        links.put("passages as a table", entry.place() + "/passages.csv");
        page.subsection("Files").links(links);
    }

    private static void seconds(ReportPage page, Timeline timeline) {
        List<List<String>> rows = timeline.seconds().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted((a, b) -> Double.compare(b.getValue(), a.getValue()))
                .limit(CLASSES)
                .map(entry -> List.of(entry.getKey(), String.format(Locale.ROOT, "%.1f s", entry.getValue())))
                .toList();
        if (!rows.isEmpty()) {
            page.table("How long the network decides for each class", List.of("class", "time"), rows);
        }
    }

    private static void passages(ReportPage page, Entry entry) {
        Map<String, List<Card>> groups = new LinkedHashMap<>();
        for (Passage passage : entry.passages()) {
            String heading = passage.concept() == 0
                    ? "What speaks most for " + passage.className()
                    : "Concept " + passage.concept() + " of " + passage.className();
            groups.computeIfAbsent(heading, key -> new ArrayList<>())
                    .add(entry.cards().get(passage));
        }
        groups.forEach((heading, cards) -> page.subsection(heading).cards(cards));
        if (groups.isEmpty()) {
            page.note("No passage speaks for the class that was explained in it.");
        }
    }

    /** 4.5 s, 1:04.5, 1:02:04.5. */
    static String time(double seconds) {
        long tenths = Math.round(seconds * 10);
        long whole = tenths / 10;
        String end = String.format(Locale.ROOT, "%02d.%d", whole % 60, tenths % 10);
        if (whole < 60) {
            return whole % 60 + "." + tenths % 10 + " s";
        }
        long minutes = whole / 60;
        return minutes < 60
                ? minutes + ":" + end
                : String.format(Locale.ROOT, "%d:%02d:%s", minutes / 60, minutes % 60, end);
    }
}
