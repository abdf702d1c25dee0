package unweave.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets one line of text as outlines of {@link OutlineFont}. {@code _{...}} sets a subscript, {@code ^{...}} a
 * superscript: {@code "log_{10} magnitude"}, {@code "10^{-3}"}; an underscore or caret without a brace stands for
 * itself.
 */
public final class TextPainter {

    /** Where the given position lies in the text. */
    public enum Align {
        LEFT,
        CENTRE,
        RIGHT
    }

    /**
     * How text looks.
     *
     * @param size the em in CSS pixels
     * @param ink its colour
     * @param bold outlines thickened, as the bundled font has one weight only
     */
    public record Style(double size, Color ink, boolean bold) {}

    /** Size of sub- and superscripts relative to the text around them. */
    private static final double SCRIPT_SIZE = 0.72;

    private static final double SUBSCRIPT_DROP = 0.18;
    private static final double SUPERSCRIPT_RISE = 0.36;
    /** Width in em of the line drawn around an outline to make it bold. */
    private static final double BOLD_STROKE = 0.034;
    /** What bold text adds to every advance, in em. */
    private static final double BOLD_SPACING = 0.012;

    /** One character and its level: 0 on the line, -1 below it, +1 above it. */
    private record Letter(int codePoint, int level) {
        double size() {
            return level == 0 ? 1 : SCRIPT_SIZE;
        }

        double shift() {
            return level < 0 ? SUBSCRIPT_DROP : level > 0 ? -SUPERSCRIPT_RISE : 0;
        }
    }

    /** Text is set this much smaller before it is wrapped, and never smaller than that. */
    private static final double SMALLEST = 0.8;

    private static final String ELLIPSIS = "\u2026";

    /**
     * Text as there is room for it.
     *
     * @param lines at least one
     * @param style as wanted, or smaller
     */
    record Fitted(List<String> lines, Style style) {}

    private TextPainter() {}

    /**
     * Fits a text into lines of {@code room} CSS pixels: smaller, down to {@value #SMALLEST} of its size, then wrapped
     * at spaces into {@code most} lines, then cut and ended with an ellipsis. It is never cut in a word that holds a
     * digit: such a word is left out as a whole.
     */
    static Fitted fitted(String text, Style style, double room, int most) {
        double needed = width(text, style);
        if (needed <= room) {
            return new Fitted(List.of(text), style);
        }
        Style smallest = new Style(SMALLEST * style.size(), style.ink(), style.bold());
        if (needed * SMALLEST <= room) {
            return new Fitted(List.of(text), new Style(style.size() * room / needed, style.ink(), style.bold()));
        }
        List<String> words = List.of(text.strip().split("\\s+", -1));
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < words.size(); ) {
            boolean last = lines.size() == most - 1;
            int to = words.size();
            while (to > from + 1 && width(String.join(" ", words.subList(from, to)), smallest) > room) {
                to--;
            }
            String line = String.join(" ", words.subList(from, to));
            if ((last && to < words.size()) || width(line, smallest) > room) {
                lines.add(cut(line, smallest, room));
                break;
            }
            lines.add(line);
            from = to;
        }
        return new Fitted(lines, smallest);
    }

    /** The beginning of a line with an ellipsis, within the room. */
    private static String cut(String line, Style style, double room) {
        String kept = line;
        while (!kept.isEmpty() && width(kept + ELLIPSIS, style) > room) {
            int word = kept.lastIndexOf(' ') + 1;
            boolean whole = kept.substring(word).chars().anyMatch(Character::isDigit);
            kept = kept.substring(0, whole ? Math.max(0, word - 1) : kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept + ELLIPSIS;
    }

    /** Width of the text in CSS pixels. */
    public static double width(String text, Style style) {
        return width(letters(text), style);
    }

    private static double width(List<Letter> letters, Style style) {
        return layOut(letters, style, null) * style.size();
    }

    /** The outline of the text in CSS pixels, starting at x = 0 on the baseline y = 0. */
    public static Path2D outline(String text, Style style) {
        return outline(letters(text), style);
    }

    /**
     * Draws a line of text.
     *
     * @param x position of the aligned end on the baseline
     * @param y the baseline
     * @param quarterTurns 0 for upright text, 1 for text that reads from bottom to top, as on a vertical axis
     */
    public static void draw(
            Graphics2D graphics, String text, Style style, double x, double y, Align align, int quarterTurns) {
        draw(graphics, outline(text, style), width(text, style), style, x, y, align, quarterTurns);
    }

    static void draw(
            Graphics2D graphics,
            Path2D outline,
            double width,
            Style style,
            double x,
            double y,
            Align align,
            int quarterTurns) {
        double start =
                switch (align) {
                    case LEFT -> 0;
                    case CENTRE -> -width / 2;
                    case RIGHT -> -width;
                };
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.quadrantRotate(-quarterTurns);
        place.translate(start, 0);
        Path2D shape = new Path2D.Double(outline, place);
        graphics.setColor(style.ink());
        graphics.fill(shape);
        if (style.bold()) {
            graphics.setStroke(new BasicStroke(
                    (float) (BOLD_STROKE * style.size()), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
            graphics.draw(shape);
        }
    }

    private static Path2D outline(List<Letter> letters, Style style) {
        Path2D line = new Path2D.Double(Path2D.WIND_NON_ZERO);
        layOut(letters, style, line);
        line.transform(AffineTransform.getScaleInstance(style.size(), style.size()));
        return line;
    }

    /** Width in em; appends the outlines to {@code line} unless it is null. */
    private static double layOut(List<Letter> letters, Style style, Path2D line) {
        OutlineFont font = OutlineFont.get();
        double x = 0;
        int before = -1;
        int levelBefore = 0;
        for (Letter letter : letters) {
            int glyph = font.glyph(letter.codePoint());
            if (before >= 0 && letter.level() == levelBefore) {
                x += font.kerning(before, glyph) * letter.size();
            }
            if (line != null) {
                AffineTransform place = AffineTransform.getTranslateInstance(x, letter.shift());
                place.scale(letter.size(), letter.size());
                line.append(font.outline(glyph).getPathIterator(place), false);
            }
            x += (font.advance(glyph) + (style.bold() ? BOLD_SPACING : 0)) * letter.size();
            before = glyph;
            levelBefore = letter.level();
        }
        return x;
    }

    private static List<Letter> letters(String text) {
        List<Letter> letters = new ArrayList<>();
        int level = 0;
        int[] codePoints = text.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            int c = codePoints[i];
            boolean braceFollows = i + 1 < codePoints.length && codePoints[i + 1] == '{';
            if (level == 0 && braceFollows && (c == '_' || c == '^')) {
                level = c == '_' ? -1 : 1;
                i++;
            } else if (level != 0 && c == '}') {
                level = 0;
            } else {
                letters.add(new Letter(c, level));
            }
        }
        return letters;
    }
}
