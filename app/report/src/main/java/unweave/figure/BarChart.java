package unweave.figure;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Groups of bars with optional error bars, one bar per series in every group: object recovery per object for DRSA, DSA
 * and random subspaces.
 */
public final class BarChart {

    private static final double GROUP_FILL = 0.74;
    private static final double BAR_GAP = 2;
    private static final double ERROR_CAP = 3;
    private static final double SMALLEST_NUMBER = 8;

    private record Series(String name, double[] values, double[] errors) {}

    private final String title;
    private final String verticalLabel;
    private final List<String> groups;
    private final List<Series> series = new ArrayList<>();
    private double width = 460;
    private double height = 290;
    private double low = Double.NaN;
    private double high = Double.NaN;
    private int decimals = -1;

    /** @throws IllegalArgumentException when there are no groups */
    public BarChart(String title, String verticalLabel, List<String> groups) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("chart " + title + " needs at least one group");
        }
        this.title = title;
        this.verticalLabel = verticalLabel;
        this.groups = List.copyOf(groups);
    }

    /** Size of the whole picture in CSS pixels. */
    public BarChart size(double widthPixels, double heightPixels) {
        width = widthPixels;
        height = heightPixels;
        return this;
    }

    /**
     * Fixes the vertical axis; not-a-number leaves that end to the data. Without it the axis starts at 0 unless values
     * are negative.
     */
    public BarChart range(double lowest, double highest) {
        low = lowest;
        high = highest;
        return this;
    }

    /**
     * Writes the value over every bar, with this many digits after the point; left out where bars are too narrow for
     * it.
     */
    public BarChart numbers(int digits) {
        decimals = digits;
        return this;
    }

    /** One bar per group, without error bars. */
    public BarChart bars(String name, double[] values) {
        return bars(name, values, null);
    }

    /**
     * One bar per group.
     *
     * @param values one per group; not-a-number leaves the place empty. Not modified
     * @param errors half the length of each error bar (for example the standard error), not-a-number for none; null
     *     when there are none. Not modified
     * @throws IllegalArgumentException when the lengths are not the number of groups
     */
    public BarChart bars(String name, double[] values, double[] errors) {
        if (values.length != groups.size() || (errors != null && errors.length != groups.size())) {
            throw new IllegalArgumentException(
                    "bars " + name + " need one value and error for each of the " + groups.size() + " groups");
        }
        double[] half = errors == null ? new double[values.length] : errors.clone();
        for (int i = 0; i < half.length; i++) {
            half[i] = Double.isFinite(half[i]) ? half[i] : 0;
        }
        series.add(new Series(name, values.clone(), half));
        return this;
    }

    /** The chart as a PNG. */
    public byte[] toPng() {
        double[] bounds = bounds();
        List<ChartFrame.Key> legend = new ArrayList<>();
        for (Series one : series) {
            legend.add(new ChartFrame.Key(one.name, Ink.series(legend.size()), true, false));
        }
        ChartFrame frame = new ChartFrame(
                width,
                height,
                title,
                verticalLabel,
                Ticks.linear(bounds[0], bounds[1], 6),
                value -> (value - bounds[0]) / (bounds[1] - bounds[0]),
                series.size() > 1 ? legend : List.of());
        double groupWidth = (frame.right - frame.left) / groups.size();
        for (int group = 0; group < groups.size(); group++) {
            double centre = frame.left + (group + 0.5) * groupWidth;
            drawGroup(frame, group, centre, groupWidth * GROUP_FILL);
            frame.canvas.text(groups.get(group), Ink.LEGEND, centre, frame.bottom + 18, TextPainter.Align.CENTRE);
        }
        frame.canvas.horizontal(
                Ink.AXIS, 1, frame.left, frame.right, frame.y(Math.min(Math.max(0, bounds[0]), bounds[1])));
        return frame.canvas.toPng();
    }

    private void drawGroup(ChartFrame frame, int group, double centre, double room) {
        double bar = Math.min(46, room / series.size() - BAR_GAP);
        double x = centre - (series.size() * (bar + BAR_GAP) - BAR_GAP) / 2;
        for (int i = 0; i < series.size(); i++, x += bar + BAR_GAP) {
            double value = series.get(i).values[group];
            if (Double.isFinite(value)) {
                drawBar(frame, value, series.get(i).errors[group], x, bar, Ink.series(i));
            }
        }
    }

    private void drawBar(ChartFrame frame, double value, double error, double x, double bar, Color colour) {
        double end = frame.y(value);
        double zero = Math.min(frame.y(0), frame.bottom);
        frame.canvas.fill(colour, x, Math.min(end, zero), bar, Math.abs(end - zero));
        double tip = Math.min(end, zero);
        if (error > 0) {
            double upper = frame.y(value + error);
            double lower = frame.y(value - error);
            double middle = x + bar / 2;
            frame.canvas.vertical(Ink.TEXT, 1, middle, upper, lower);
            frame.canvas.horizontal(Ink.TEXT, 1, middle - ERROR_CAP, middle + ERROR_CAP, upper);
            frame.canvas.horizontal(Ink.TEXT, 1, middle - ERROR_CAP, middle + ERROR_CAP, lower);
            tip = Math.min(tip, upper);
        }
        if (decimals < 0) {
            return;
        }
        String number = String.format(Locale.ROOT, "%." + decimals + "f", value).replace('-', '\u2212');
        double size = Ink.TICK.size() * Math.min(1, (bar + BAR_GAP) / TextPainter.width(number + " ", Ink.TICK));
        if (size >= SMALLEST_NUMBER) {
            frame.canvas.text(
                    number,
                    new TextPainter.Style(size, Ink.TICK.ink(), false),
                    x + bar / 2,
                    tip - 4,
                    TextPainter.Align.CENTRE);
        }
    }

    private double[] bounds() {
        double least = 0;
        double most = 0;
        for (Series one : series) {
            for (int group = 0; group < groups.size(); group++) {
                if (Double.isFinite(one.values[group])) {
                    least = Math.min(least, one.values[group] - one.errors[group]);
                    most = Math.max(most, one.values[group] + one.errors[group]);
                }
            }
        }
        double from = Double.isNaN(low) ? least : low;
        double to = Double.isNaN(high) ? most : high;
        double[] round = Ticks.roundBounds(from, to > from ? to : from + 1, 6);
        return new double[] {Double.isNaN(low) ? round[0] : low, Double.isNaN(high) ? round[1] : high};
    }
}
