package unweave.figure;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What line and bar charts have in common: title, legend, vertical axis with hairlines, and the plotting area that is
 * left between them.
 */
final class ChartFrame {

    /** One entry of the legend: a box for bars, a line (dashed or not) for curves. */
    record Key(String name, Color colour, boolean box, boolean dashed) {}

    static final float[] DASH = {5, 3.5f};

    private static final double MARGIN = 14;
    private static final double TITLE_LINE = 22;
    private static final double LEGEND_LINE = 18;
    private static final double KEY_WIDTH = 18;
    private static final double KEY_GAP = 18;
    private static final double AXIS_BELOW = 40;

    final Canvas canvas;
    final double left;
    final double right;
    final double top;
    final double bottom;
    private final DoubleUnaryOperator share;

    /**
     * Draws the frame.
     *
     * @param ticks marks of the vertical axis
     * @param share height of a value within the plotting area, 0 at the bottom and 1 at the top
     */
    ChartFrame(
            double width,
            double height,
            String title,
            String verticalLabel,
            Ticks ticks,
            DoubleUnaryOperator share,
            List<Key> legend) {
        this.share = share;
        canvas = new Canvas(width, height);
        double widest = 0;
        for (String label : ticks.labels()) {
            widest = Math.max(widest, TextPainter.width(label, Ink.TICK));
        }
        left = MARGIN + (verticalLabel.isEmpty() ? 0 : 18) + widest + 7;
        right = width - MARGIN - 4;
        double y = MARGIN;
        if (!title.isEmpty()) {
            canvas.text(title, Ink.TITLE, MARGIN, y + 11, width - 2 * MARGIN);
            y += TITLE_LINE;
        }
        y = drawLegend(legend, y);
        top = y + 10;
        bottom = height - AXIS_BELOW - MARGIN / 2;
        drawVerticalAxis(verticalLabel, ticks);
    }

    double y(double value) {
        return bottom - share.applyAsDouble(value) * (bottom - top);
    }

    /** The name of the horizontal axis, under its labels. */
    void horizontalLabel(String label) {
        canvas.text(label, Ink.LABEL, (left + right) / 2, bottom + 33, TextPainter.Align.CENTRE);
    }

    private void drawVerticalAxis(String label, Ticks ticks) {
        for (int i = 0; i < ticks.values().length; i++) {
            double at = y(ticks.values()[i]);
            canvas.horizontal(Ink.GRID, 0.5, left, right, at);
            canvas.text(ticks.labels()[i], Ink.TICK, left - 7, MapPainter.middle(at), TextPainter.Align.RIGHT);
        }
        String factor = ticks.exponent() == 0
                ? ""
                : " (10^{" + Integer.toString(ticks.exponent()).replace('-', '\u2212') + "})";
        canvas.verticalText(label + factor, Ink.LABEL, MARGIN + 9, (top + bottom) / 2);
    }

    /** Entries from left to right, as many lines as they need. Returns the lower end. */
    private double drawLegend(List<Key> legend, double y) {
        double x = MARGIN;
        double lower = y;
        for (Key key : legend) {
            double needed = KEY_WIDTH + 5 + TextPainter.width(key.name(), Ink.LEGEND);
            if (x > MARGIN && x + needed > right) {
                x = MARGIN;
                y += LEGEND_LINE;
            }
            drawKey(key, x, y + 8);
            canvas.text(key.name(), Ink.LEGEND, x + KEY_WIDTH + 5, y + 12, TextPainter.Align.LEFT);
            x += needed + KEY_GAP;
            lower = y + LEGEND_LINE;
        }
        return lower;
    }

    private void drawKey(Key key, double x, double y) {
        if (key.box()) {
            canvas.fill(key.colour(), x + 5, y - 5.5, 11, 11);
        } else {
            Path2D line = new Path2D.Double();
            line.moveTo(x, y);
            line.lineTo(x + KEY_WIDTH, y);
            canvas.stroke(key.colour(), 2, key.dashed() ? DASH : null, line);
        }
    }
}
