package unweave.figure;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import unweave.explain.TimeFrequencyAxes;

/**
 * Draws one {@link MapPanel} without titles as SVG: text and lines as such, and the map as a picture of one pixel for
 * each cell, in {@value #COLOURS} colours, which the browser stretches. A fifth of the size of the same as PNG.
 */
final class MapSvg {
    /** Steps of the scale, odd so that 0 has its own. */
    private static final int COLOURS = 65;

    private static final double LEFT = 52;
    private static final double TOP = 8;
    private static final double BOTTOM = 36;
    private static final double TICK = 3.5;
    private static final double BAR_GAP = 8;
    private static final double BAR = 9;
    private static final double LABEL_HEIGHT = 13;
    private static final double LABEL_WIDTH = 34;
    private static final Pattern SCRIPT = Pattern.compile("([_^])\\{([^}]*)}");

    private final MapPanel panel;
    private final double side;
    private final StringBuilder out = new StringBuilder();

    /** @param side of the map, in CSS pixels */
    MapSvg(MapPanel panel, double side) {
        this.panel = panel;
        this.side = side;
    }

    /** An element to stand within a page. */
    String draw() {
        double right = MapPainter.barWidth(panel.range()) + 8;
        double width = LEFT + side + right;
        double height = TOP + side + BOTTOM;
        add(
                "<svg viewBox=\"0 0 %.1f %.1f\" width=\"%.0f\" height=\"%.0f\" font-size=\"%.1f\" fill=\"%s\" "
                        + "aria-hidden=\"true\">",
                width, height, width, height, Ink.TICK.size(), hex(Ink.MUTED));
        image(cells(), LEFT, TOP, side, side);
        frequencies();
        times();
        bar();
        return out.append("</svg>").toString();
    }

    private void frequencies() {
        double rowHeight = side / panel.axes().mels();
        Ticks ticks = Ticks.frequencies(panel.axes(), LABEL_HEIGHT / rowHeight);
        for (int i = 0; i < ticks.values().length; i++) {
            double y = TOP + side - ticks.values()[i] * rowHeight;
            line(LEFT - TICK, y, LEFT, y);
            text(ticks.labels()[i], LEFT - TICK - 2.5, MapPainter.middle(y), "end");
        }
        vertical("frequency (Hz)", 14);
    }

    private void times() {
        TimeFrequencyAxes axes = panel.axes();
        Ticks ticks = Ticks.linear(0, axes.end(), Math.max(2, (int) (side / LABEL_WIDTH)));
        double bottom = TOP + side;
        for (int i = 0; i < ticks.values().length; i++) {
            double x = LEFT + axes.column(ticks.values()[i]) * side / axes.frames();
            line(x, bottom, x, bottom + TICK);
            text(ticks.labels()[i], x, bottom + 14, "middle");
        }
        text("time (s)", LEFT + side / 2, bottom + 29, "middle");
    }

    private void bar() {
        ColourRange range = panel.range();
        double left = LEFT + side + BAR_GAP;
        BufferedImage scale = image(1, COLOURS);
        for (int step = 0; step < COLOURS; step++) {
            scale.getRaster().setSample(0, COLOURS - 1 - step, 0, step);
        }
        image(scale, left, TOP, BAR, side);
        Ticks ticks = MapPainter.barTicks(range);
        double widest = 0;
        double above = Double.POSITIVE_INFINITY;
        for (int i = 0; i < ticks.values().length; i++) {
            double y = TOP + side * (1 - range.position(ticks.values()[i]));
            if (above - y >= LABEL_HEIGHT - 1) {
                above = y;
                line(left + BAR, y, left + BAR + TICK, y);
                text(ticks.labels()[i], left + BAR + TICK + 2, MapPainter.middle(y), "start");
                widest = Math.max(widest, TextPainter.width(ticks.labels()[i], Ink.TICK));
            }
        }
        vertical(MapPainter.barLabel(range, ticks), left + BAR + TICK + widest + 16);
    }

    /** One pixel for each cell, row 0 at the bottom. */
    private BufferedImage cells() {
        int most = (int) Math.round(Canvas.SCALE * side);
        float[][] values = panel.cells(most, most);
        BufferedImage cells = image(values[0].length, values.length);
        for (int row = 0; row < values.length; row++) {
            for (int frame = 0; frame < values[row].length; frame++) {
                double position = Math.min(1, Math.max(0, panel.range().position(values[row][frame])));
                cells.getRaster()
                        .setSample(frame, values.length - 1 - row, 0, (int) Math.round((COLOURS - 1) * position));
            }
        }
        return cells;
    }

    private BufferedImage image(int width, int height) {
        int[] colours = new int[COLOURS];
        for (int step = 0; step < COLOURS; step++) {
            colours[step] = panel.range().scale().rgb(step / (COLOURS - 1.0));
        }
        IndexColorModel model = new IndexColorModel(8, COLOURS, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
        return new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    }

    private void image(BufferedImage image, double x, double y, double width, double height) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        add(
                "<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" preserveAspectRatio=\"none\" "
                        + "image-rendering=\"pixelated\" href=\"data:image/png;base64,%s\"/>",
                x, y, width, height, Base64.getEncoder().encodeToString(png.toByteArray()));
        frame(x, y, width, height);
    }

    private void frame(double x, double y, double width, double height) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"%s\" "
                        + "stroke-width=\"0.5\"/>",
                x, y, width, height, hex(Ink.AXIS));
    }

    private void line(double x1, double y1, double x2, double y2) {
        add(
                "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"0.5\"/>",
                x1, y1, x2, y2, hex(Ink.AXIS));
    }

    private void text(String text, double x, double y, String anchor) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, markup(text));
    }

    /** From bottom to top, beside the middle of the map. */
    private void vertical(String text, double x) {
        add(
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\" font-size=\"%.1f\">%s</text>",
                x, TOP + side / 2, Ink.LABEL.size(), markup(text));
    }

    /** Escaped, with sub- and superscripts as {@link TextPainter} reads them. */
    private static String markup(String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        Matcher script = SCRIPT.matcher(escaped);
        StringBuilder marked = new StringBuilder();
        while (script.find()) {
            boolean above = script.group(1).equals("^");
            script.appendReplacement(
                    marked,
                    Matcher.quoteReplacement("<tspan font-size=\"72%\" dy=\"" + (above ? "-0.5em" : "0.25em") + "\">"
                            + script.group(2) + "</tspan><tspan dy=\"" + (above ? "0.36em" : "-0.18em")
                            + "\">&#8203;</tspan>"));
        }
        return script.appendTail(marked).toString();
    }

    private static String hex(Color colour) {
        return String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xffffff);
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
