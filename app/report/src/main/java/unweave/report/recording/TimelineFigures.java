package unweave.report.recording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import unweave.explain.recording.Timeline;
import unweave.explain.recording.TimelineWindow;
import unweave.figure.LineChart;

/** Draws what a timeline holds. Of long recordings each point is the mean of several windows. */
final class TimelineFigures {
    private static final int POINTS = 900;
    private static final int CLASSES = 6;
    private static final double WIDTH = 960;
    private static final double HEIGHT = 260;
    private static final int SECONDS_PER_MINUTE = 60;
    /** Recordings from this length on have minutes on their axis, in seconds. */
    private static final int LONG = 300;

    private final Timeline timeline;
    private final boolean minutes;

    TimelineFigures(Timeline timeline) {
        this.timeline = timeline;
        this.minutes = timeline.end() >= LONG;
    }

    /** The probabilities of the classes that are likely somewhere. */
    byte[] probabilities() {
        List<String> names = timeline.classNames();
        List<Integer> likely = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            likely.add(c);
        }
        likely.sort(Comparator.comparingDouble(c -> -mean(c)));
        LineChart chart = chart("What the network hears", "probability").range(0, 1);
        for (int c : likely.subList(0, Math.min(CLASSES, likely.size()))) {
            curve(chart, names.get(c), window -> probability(window, c));
        }
        return chart.toPng();
    }

    private double mean(int label) {
        return timeline.windows().stream()
                .mapToDouble(window -> probability(window, label))
                .filter(Double::isFinite)
                .average()
                .orElse(0);
    }

    private static double probability(TimelineWindow window, int label) {
        return window.decision()
                .map(decision -> decision.predictions().get(label).probability())
                .orElse(Double.NaN);
    }

    /** The relevance of each concept of a class, where it is explained. */
    byte[] concepts(Map.Entry<String, Integer> ofClass) {
        LineChart chart = chart("Concepts of " + ofClass.getKey(), "relevance");
        for (int k = 0; k < ofClass.getValue(); k++) {
            int concept = k;
            curve(chart, "concept " + (k + 1), window -> window.decision()
                    .filter(decision -> ofClass.getKey().equals(decision.through()))
                    .map(decision -> decision.concepts()[concept])
                    .orElse(Double.NaN));
        }
        return chart.toPng();
    }

    private LineChart chart(String title, String label) {
        return new LineChart(title, minutes ? "minutes" : "seconds", label)
                .size(WIDTH, HEIGHT)
                .reach(shown(timeline.windows().get(0).start()), shown(timeline.end()));
    }

    private double shown(double seconds) {
        return minutes ? seconds / SECONDS_PER_MINUTE : seconds;
    }

    /** The mean of the windows that have a value, at the centre of theirs. */
    private void curve(LineChart chart, String name, ToDoubleFunction<TimelineWindow> value) {
        List<TimelineWindow> windows = timeline.windows();
        int points = Math.min(POINTS, windows.size());
        double[] x = new double[points];
        double[] y = new double[points];
        for (int p = 0; p < points; p++) {
            int from = (int) ((long) p * windows.size() / points);
            int to = (int) ((long) (p + 1) * windows.size() / points);
            List<TimelineWindow> part = windows.subList(from, to);
            double centre = (part.get(0).start() + part.get(part.size() - 1).end()) / 2;
            x[p] = shown(centre);
            y[p] = part.stream()
                    .mapToDouble(value)
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
        }
        if (Arrays.stream(y).anyMatch(Double::isFinite)) {
            chart.line(name, x, y, LineChart.Look.THIN);
        }
    }
}
