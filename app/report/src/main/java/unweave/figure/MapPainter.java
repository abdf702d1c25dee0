package unweave.figure;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import unweave.explain.TimeFrequencyAxes;

/**
 * Draws the parts of one {@link MapPanel} at its place: titles above, the map, axes at the left and below, the colour
 * bar at the right.
 */
final class MapPainter {

    private static final double TICK_LENGTH = 3.5;
    private static final double BAR_GAP = 7;
    private static final double BAR = 8;
    private static final double BAR_UNIT = 15;
    private static final double LINE = 14;
    private static final int TITLE_LINES = 2;
    /** Room that a tick label needs along a vertical and along a horizontal axis, in CSS pixels. */
    private static final double LABEL_HEIGHT = 13;

    private static final double LABEL_WIDTH = 34;

    private final Canvas canvas;
    private final MapPanel panel;
    private final double x;
    private final double y;
    private final double width;
    private final double height;

    MapPainter(Canvas canvas, MapPanel panel, double x, double y, double width, double height) {
        this.canvas = canvas;
        this.panel = panel;
        this.x = x;
        this.y = y;
        this.width = width;
        this.height = height;
    }

    /**
     * Title and subtitle above the map.
     *
     * @param room for a line, in CSS pixels
     * @param subtitleLines for which there is room above the map; with fewer the lower ones stay empty
     */
    void titles(double room, int subtitleLines) {
        double baseline = y - 7;
        if (!panel.subtitle().isEmpty()) {
            baseline -= subtitleLines * LINE;
            lines(subtitle(panel, room), baseline + LINE);
        }
        TextPainter.Fitted title = title(panel, room);
        lines(title, baseline - (title.lines().size() - 1) * LINE);
    }

    private void lines(TextPainter.Fitted text, double baseline) {
        for (int i = 0; i < text.lines().size(); i++) {
            canvas.text(text.lines().get(i), text.style(), x, baseline + i * LINE, TextPainter.Align.LEFT);
        }
    }

    /** The title of a panel in lines of {@code room} CSS pixels. */
    static TextPainter.Fitted title(MapPanel panel, double room) {
        return TextPainter.fitted(panel.title(), Ink.PANEL_TITLE, room, TITLE_LINES);
    }

    /** The subtitle of a panel in lines of {@code room} CSS pixels. */
    static TextPainter.Fitted subtitle(MapPanel panel, double room) {
        return TextPainter.fitted(panel.subtitle(), Ink.LABEL, room, TITLE_LINES);
    }

    void map() {
        canvas.picture(
                panel.raster((int) Math.round(width * Canvas.SCALE), (int) Math.round(height * Canvas.SCALE)), x, y);
        canvas.frame(Ink.AXIS, x, y, width, height);
        panel.outlines().stream().filter(cells -> !cells.isEmpty()).forEach(this::outline);
    }

    /** Dark on a light line, so that it shows on dark and on light cells. */
    private void outline(MapPanel.Outline cells) {
        double column = width / panel.axes().frames();
        double row = height / panel.axes().mels();
        double left = x + cells.firstColumn() * column;
        double top = y + height - cells.endRow() * row;
        Path2D frame = new Path2D.Double(new Rectangle2D.Double(
                left,
                top,
                (cells.endColumn() - cells.firstColumn()) * column,
                (cells.endRow() - cells.firstRow()) * row));
        canvas.stroke(Color.WHITE, 3, null, frame);
        canvas.stroke(Ink.TEXT, 1.25, null, frame);
    }

    /** Ticks at the left edge; with {@code labels} also their frequencies and the name of the axis. */
    void frequencyAxis(boolean labels) {
        double rowHeight = height / panel.axes().mels();
        Ticks ticks = Ticks.frequencies(panel.axes(), LABEL_HEIGHT / rowHeight);
        for (int i = 0; i < ticks.values().length; i++) {
            double at = y + height - ticks.values()[i] * rowHeight;
            canvas.horizontal(Ink.AXIS, 0.5, x - TICK_LENGTH, x, at);
            if (labels) {
                canvas.text(ticks.labels()[i], Ink.TICK, x - TICK_LENGTH - 2.5, middle(at), TextPainter.Align.RIGHT);
            }
        }
        if (labels) {
            canvas.verticalText("frequency (Hz)", Ink.LABEL, x - 36, y + height / 2);
        }
    }

    /** Ticks at the lower edge; with {@code labels} also their seconds and the name of the axis. */
    void timeAxis(boolean labels) {
        TimeFrequencyAxes axes = panel.axes();
        Ticks ticks = Ticks.linear(0, axes.end(), Math.max(2, (int) (width / LABEL_WIDTH)));
        double bottom = y + height;
        for (int i = 0; i < ticks.values().length; i++) {
            double at = x + axes.column(ticks.values()[i]) * width / axes.frames();
            canvas.vertical(Ink.AXIS, 0.5, at, bottom, bottom + TICK_LENGTH);
            if (labels) {
                canvas.text(ticks.labels()[i], Ink.TICK, at, bottom + 14, TextPainter.Align.CENTRE);
            }
        }
        if (labels) {
            canvas.text("time (s)", Ink.LABEL, x + width / 2, bottom + 29, TextPainter.Align.CENTRE);
        }
    }

    /**
     * The scale from its lowest to its highest colour, marked at round values, which lie unevenly when gamma is not 1.
     */
    void colourBar() {
        ColourRange range = panel.range();
        double left = x + width + BAR_GAP;
        int steps = (int) Math.round(height * Canvas.SCALE);
        for (int step = 0; step < steps; step++) {
            double position = 1 - (step + 0.5) / steps;
            canvas.fill(
                    new Color(range.scale().rgb(position)),
                    left,
                    y + step / (double) Canvas.SCALE,
                    BAR,
                    1.0 / Canvas.SCALE);
        }
        canvas.frame(Ink.AXIS, left, y, BAR, height);
        Ticks ticks = barTicks(range);
        double above = Double.POSITIVE_INFINITY;
        double widest = 0;
        for (int i = 0; i < ticks.values().length; i++) {
            double at = y + height * (1 - range.position(ticks.values()[i]));
            if (above - at < LABEL_HEIGHT - 1) {
                continue;
            }
            above = at;
            canvas.horizontal(Ink.AXIS, 0.5, left + BAR, left + BAR + TICK_LENGTH, at);
            canvas.text(ticks.labels()[i], Ink.TICK, left + BAR + TICK_LENGTH + 2, middle(at), TextPainter.Align.LEFT);
            widest = Math.max(widest, TextPainter.width(ticks.labels()[i], Ink.TICK));
        }
        canvas.verticalText(
                barLabel(range, ticks), Ink.LABEL, left + BAR + TICK_LENGTH + widest + BAR_UNIT, y + height / 2);
    }

    /** Room at the right of a map for the bar of this range with its labels, in CSS pixels. */
    static double barWidth(ColourRange range) {
        double widest = 0;
        for (String label : barTicks(range).labels()) {
            widest = Math.max(widest, TextPainter.width(label, Ink.TICK));
        }
        return BAR_GAP + BAR + TICK_LENGTH + widest + BAR_UNIT + 4;
    }

    static Ticks barTicks(ColourRange range) {
        return Ticks.linear(range.low(), range.high(), 6);
    }

    static String barLabel(ColourRange range, Ticks ticks) {
        String factor = ticks.exponent() == 0
                ? ""
                : " (10^{" + Integer.toString(ticks.exponent()).replace('-', '\u2212') + "})";
        return range.unit() + factor;
    }

    /** Baseline of a tick label whose digits are centred on y. */
    static double middle(double y) {
        return y + OutlineFont.CAP_HEIGHT * Ink.TICK.size() / 2;
    }
}
