package unweave.figure;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Curves over a common horizontal axis: training curves, the DRSA objective, patch-flipping scores. Curves of the same
 * name share a colour and one entry of the legend, so several starts of one method can be drawn together; a curve
 * without a name has none. Values that are not finite (or not positive on a logarithmic axis) leave a gap.
 */
public final class LineChart {

    /** How a curve is drawn. */
    public enum Look {
        SOLID,
        DASHED,
        FAINT,
        /** Of many curves, or of one that goes up and down often. */
        THIN
    }

    private record Curve(String name, double[] x, double[] y, Look look) {}

    private final String title;
    private final String horizontalLabel;
    private final String verticalLabel;
    private final List<Curve> curves = new ArrayList<>();
    private double width = 460;
    private double height = 290;
    private boolean logarithmic;
    private double low = Double.NaN;
    private double high = Double.NaN;
    private double left = Double.POSITIVE_INFINITY;
    private double right = Double.NEGATIVE_INFINITY;

    /** Labels name the quantity and its unit and may be empty. */
    public LineChart(String title, String horizontalLabel, String verticalLabel) {
        this.title = title;
        this.horizontalLabel = horizontalLabel;
        this.verticalLabel = verticalLabel;
    }

    /** Size of the whole picture in CSS pixels. */
    public LineChart size(double widthPixels, double heightPixels) {
        width = widthPixels;
        height = heightPixels;
        return this;
    }

    /** Makes the vertical axis logarithmic. */
    public LineChart logarithmic() {
        logarithmic = true;
        return this;
    }

    /** Fixes the vertical axis, for example 0 to 1; not-a-number leaves that end to the data. */
    public LineChart range(double lowest, double highest) {
        low = lowest;
        high = highest;
        return this;
    }

    /** Makes the horizontal axis reach at least from one place to another, for charts that stand under each other. */
    public LineChart reach(double from, double to) {
        left = from;
        right = to;
        return this;
    }

    /** A solid curve through y[0], y[1], ... at x = 1, 2, ..., for example one value per epoch. */
    public LineChart line(String name, double[] y) {
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
        }
        return line(name, x, y, Look.SOLID);
    }

    /**
     * A curve through the points (x[i], y[i]).
     *
     * @param x increasing. Not modified
     * @param y of the same length. Not modified
     * @throws IllegalArgumentException when the lengths differ
     */
    public LineChart line(String name, double[] x, double[] y, Look look) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "curve " + name + " has " + x.length + " x and " + y.length + " y values");
        }
        curves.add(new Curve(name, x.clone(), y.clone(), look));
        return this;
    }

    /** The chart as a PNG. @throws IllegalArgumentException when no curve has a value that can be drawn */
    public byte[] toPng() {
        double[] drawn = bounds(true);
        double[] horizontal = {Math.min(left, drawn[0]), Math.max(right, drawn[1])};
        double[] vertical = verticalBounds();
        Ticks ticks =
                logarithmic ? Ticks.logarithmic(vertical[0], vertical[1]) : Ticks.linear(vertical[0], vertical[1], 6);
        Map<String, Color> colours = new LinkedHashMap<>();
        for (Curve curve : curves) {
            colours.putIfAbsent(curve.name, Ink.series(colours.size()));
        }
        ChartFrame frame = new ChartFrame(
                width,
                height,
                title,
                verticalLabel,
                ticks,
                value -> (scaled(value) - scaled(vertical[0])) / (scaled(vertical[1]) - scaled(vertical[0])),
                legend(colours));
        Ticks marks = Ticks.linear(horizontal[0], horizontal[1], (int) ((frame.right - frame.left) / 52));
        frame.canvas.horizontal(Ink.AXIS, 1, frame.left, frame.right, frame.bottom);
        for (int i = 0; i < marks.values().length; i++) {
            double at = place(marks.values()[i], horizontal, frame);
            frame.canvas.vertical(Ink.AXIS, 0.5, at, frame.bottom, frame.bottom + 4);
            frame.canvas.text(marks.labels()[i], Ink.TICK, at, frame.bottom + 16, TextPainter.Align.CENTRE);
        }
        String factor = marks.exponent() == 0 ? "" : " (10^{" + marks.exponent() + "})";
        frame.horizontalLabel(horizontalLabel + factor);
        for (Look look : new Look[] {Look.FAINT, Look.THIN, Look.DASHED, Look.SOLID}) {
            curves.stream()
                    .filter(curve -> curve.look == look)
                    .forEach(curve -> draw(curve, colours.get(curve.name), horizontal, frame));
        }
        return frame.canvas.toPng();
    }

    private void draw(Curve curve, Color colour, double[] horizontal, ChartFrame frame) {
        Color ink = curve.look == Look.FAINT ? Ink.tint(colour, 0.45) : colour;
        Path2D path = new Path2D.Double();
        boolean pen = false;
        for (int i = 0; i < curve.y.length; i++) {
            if (!drawable(curve.y[i])) {
                pen = false;
                continue;
            }
            double x = place(curve.x[i], horizontal, frame);
            double y = frame.y(Math.min(
                    Math.max(curve.y[i], Double.isNaN(low) ? curve.y[i] : low),
                    Double.isNaN(high) ? curve.y[i] : high));
            boolean alone = !pen && (i + 1 == curve.y.length || !drawable(curve.y[i + 1]));
            if (alone) {
                frame.canvas.fill(ink, new Ellipse2D.Double(x - 2.5, y - 2.5, 5, 5));
            } else if (pen) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
            }
            pen = true;
        }
        double thickness =
                switch (curve.look) {
                    case THIN -> 0.8;
                    case FAINT -> 1.2;
                    default -> 1.8;
                };
        frame.canvas.stroke(ink, thickness, curve.look == Look.DASHED ? ChartFrame.DASH : null, path);
    }

    private List<ChartFrame.Key> legend(Map<String, Color> colours) {
        List<ChartFrame.Key> keys = new ArrayList<>();
        colours.forEach((name, colour) -> {
            if (name.isEmpty()) {
                return;
            }
            List<Look> looks = curves.stream()
                    .filter(curve -> curve.name.equals(name))
                    .map(Curve::look)
                    .distinct()
                    .toList();
            boolean dashed = looks.contains(Look.DASHED) && !looks.contains(Look.SOLID);
            boolean faint = looks.equals(List.of(Look.FAINT));
            keys.add(new ChartFrame.Key(name, faint ? Ink.tint(colour, 0.45) : colour, false, dashed));
        });
        return keys;
    }

    private double[] verticalBounds() {
        double[] data = bounds(false);
        double lowest = Double.isNaN(low) ? data[0] : low;
        double highest = Double.isNaN(high) ? data[1] : high;
        double[] round =
                logarithmic ? new double[] {lowest / 1.15, highest * 1.15} : Ticks.roundBounds(lowest, highest, 6);
        return new double[] {Double.isNaN(low) ? round[0] : low, Double.isNaN(high) ? round[1] : high};
    }

    /** Smallest and largest drawable coordinate, moved apart where they are equal. */
    private double[] bounds(boolean horizontal) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            for (int i = 0; i < curve.y.length; i++) {
                if (drawable(curve.y[i])) {
                    double value = horizontal ? curve.x[i] : curve.y[i];
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        if (least > most) {
            throw new IllegalArgumentException("chart " + title + ": no curve has a value that can be drawn");
        }
        double apart = least < most ? 0 : least == 0 ? 1 : 0.1 * Math.abs(least);
        return new double[] {least - (horizontal || apart > 0 ? apart : 0), most + apart};
    }

    private boolean drawable(double y) {
        return Double.isFinite(y) && (!logarithmic || y > 0);
    }

    private double scaled(double y) {
        return logarithmic ? Math.log10(y) : y;
    }

    private static double place(double x, double[] horizontal, ChartFrame frame) {
        return frame.left + (x - horizontal[0]) / (horizontal[1] - horizontal[0]) * (frame.right - frame.left);
    }
}
