package unweave.explain.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.Decision;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.Explanation;
import unweave.explain.Question;
import unweave.explain.data.Windows;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;

/**
 * Explains recordings of any length, window by window, in little memory.
 *
 * <pre>{@code
 * RecordingExplainer recordings = new RecordingExplainer(explainer, new Question(), monitor).withHop(0.5);
 * Timeline timeline = recordings.explain(Path.of("night.flac"));
 * for (Passage passage : timeline.passages(3)) { ... }
 * }</pre>
 */
public final class RecordingExplainer {
    /** Windows that go through the network together. */
    private static final int BATCH = 32;

    private final Explainer explainer;
    private final FrontEnd frontEnd;
    private final Question question;
    private final Monitor monitor;
    private final double hop;
    private final double start;
    private final double end;

    /** Windows overlap by half, from the beginning of a recording to its end. */
    public RecordingExplainer(Explainer explainer, Question question, Monitor monitor) {
        this(explainer, question, monitor, inputSeconds(explainer) / 2, 0, Double.POSITIVE_INFINITY);
    }

    private RecordingExplainer(
            Explainer explainer, Question question, Monitor monitor, double hop, double start, double end) {
        this.explainer = explainer;
        this.frontEnd = explainer.model().frontEnd();
        this.question = question;
        this.monitor = monitor;
        this.hop = hop;
        this.start = start;
        this.end = end;
    }

    private static double inputSeconds(Explainer explainer) {
        FrontEnd frontEnd = explainer.model().frontEnd();
        return (double) frontEnd.samples() / frontEnd.sampleRate();
    }

    /** The same with windows so many seconds apart. */
    public RecordingExplainer withHop(double seconds) {
        return new RecordingExplainer(explainer, question, monitor, seconds, start, end);
    }

    /** The same for a part of each recording, in seconds; infinity for the end of the recording. */
    public RecordingExplainer between(double from, double to) {
        return new RecordingExplainer(explainer, question, monitor, hop, from, to);
    }

    /**
     * Walks through a recording.
     *
     * @throws unweave.kernels.BadInputException in one line, if it is missing, no sound, damaged, or ends before the
     *     start
     */
    public Timeline explain(Path file) throws IOException {
        List<TimelineWindow> timeline = new ArrayList<>();
        try (Windows windows = open(file);
                Progress progress = monitor.progress("explaining " + file.getFileName(), expected(windows))) {
            List<Windows.Window> batch = new ArrayList<>();
            boolean over = false;
            while (!over) {
                Windows.Window next = windows.next();
                over = next == null;
                if (!over) {
                    batch.add(next);
                }
                if (batch.size() == BATCH || over) {
                    add(windows.name(), batch, timeline);
                    batch.clear();
                    progress.at(timeline.size(), "");
                }
            }
            windows.tell(monitor);
        }
        return new Timeline(file.toString(), explainer.model().classNames(), hop, inputSeconds(explainer), timeline);
    }

    private Windows open(Path file) throws IOException {
        return Windows.open(file, frontEnd, hop, start, end);
    }

    private int expected(Windows windows) {
        double seconds = Math.min(end, windows.seconds()) - start;
        return Double.isNaN(seconds) ? 0 : (int) Math.max(1, Math.ceil((seconds - inputSeconds(explainer)) / hop) + 1);
    }

    private void add(String name, List<Windows.Window> batch, List<TimelineWindow> timeline) {
        double rate = frontEnd.sampleRate();
        List<Windows.Window> audible =
                batch.stream().filter(window -> frontEnd.hears(window.signal())).toList();
        List<Decision> decisions = audible.isEmpty()
                ? List.of()
                : explainer.decide(
                        audible.stream()
                                .map(window -> name + " at " + Excerpt.decimal(window.start() / rate) + " s")
                                .toList(),
                        audible.stream().map(Windows.Window::signal).toList(),
                        question);
        int next = 0;
        for (Windows.Window window : batch) {
            boolean explained = next < audible.size() && audible.get(next).start() == window.start();
            timeline.add(new TimelineWindow(
                    window.start() / rate,
                    (window.start() + window.signal().length) / rate,
                    peak(window.signal()),
                    explained ? Optional.of(decisions.get(next)) : Optional.empty()));
            next += explained ? 1 : 0;
        }
    }

    private static double peak(float[] signal) {
        float peak = 0;
        for (float value : signal) {
            peak = Math.max(peak, Math.abs(value));
        }
        return peak;
    }

    /** Receives the explanations of passages, in order of time. */
    @FunctionalInterface
    public interface Listener {
        /** The window's own excerpt, and its explanation for the class of the passage. */
        void passage(Passage passage, Excerpt excerpt, Explanation explanation) throws IOException;
    }

    /**
     * Explains passages with maps and sounds, in a second walk through the recording.
     *
     * @param timeline of the same file and with the same settings
     */
    public void explain(Path file, Timeline timeline, List<Passage> passages, Listener listener) throws IOException {
        TreeMap<Integer, List<Passage>> byWindow =
                passages.stream().collect(Collectors.groupingBy(Passage::window, TreeMap::new, Collectors.toList()));
        if (byWindow.isEmpty()) {
            return;
        }
        try (Windows windows = open(file);
                Progress progress = monitor.progress("passages of " + file.getFileName(), passages.size())) {
            int done = 0;
            for (int i = 0; i <= byWindow.lastKey(); i++) {
                Windows.Window window = windows.next();
                for (Passage passage : byWindow.getOrDefault(i, List.of())) {
                    Excerpt excerpt = new Excerpt(
                            file.toString(),
                            window.signal(),
                            (double) window.start() / frontEnd.sampleRate(),
                            timeline.end(),
                            frontEnd);
                    Question about = passage.concept() == 0 ? question.withClass(passage.className()) : asked(passage);
                    listener.passage(passage, excerpt, explainer.explain(excerpt, about));
                    progress.at(++done, "");
                }
            }
        }
    }

    /** Concepts are those of the explained class, unless the question names others. */
    private Question asked(Passage passage) {
        return question.through() == null ? question.withClass(passage.className()) : question;
    }
}
