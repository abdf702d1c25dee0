package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;

class TextPainterTest {

    private static final TextPainter.Style STYLE = new TextPainter.Style(10, Color.BLACK, false);

    @Test
    void widthsAreTheFontsAdvances() {
        assertEquals(5.5615, TextPainter.width("0", STYLE), 1e-3);
        assertEquals(3 * 5.5615, TextPainter.width("000", STYLE), 1e-3);
        assertEquals(
                2 * TextPainter.width("mel", STYLE),
                TextPainter.width("mel", new TextPainter.Style(20, Color.BLACK, false)),
                1e-9);
    }

    @Test
    void kerningDrawsLettersTogether() {
        assertTrue(TextPainter.width("AV", STYLE) < TextPainter.width("A", STYLE) + TextPainter.width("V", STYLE));
    }

    @Test
    void outlinesStandOnTheBaseline() {
        Rectangle2D box = TextPainter.outline("H", STYLE).getBounds2D();
        assertEquals(0, box.getMaxY(), 1e-9);
        assertEquals(-10 * OutlineFont.CAP_HEIGHT, box.getMinY(), 0.3);
    }

    @Test
    void subscriptsAreSmallerAndLowerAndSuperscriptsHigher() {
        Rectangle2D plain = TextPainter.outline("a2", STYLE).getBounds2D();
        Rectangle2D below = TextPainter.outline("a_{2}", STYLE).getBounds2D();
        Rectangle2D above = TextPainter.outline("a^{2}", STYLE).getBounds2D();
        assertTrue(below.getWidth() < plain.getWidth());
        assertTrue(below.getMaxY() > 1 && above.getMinY() < plain.getMinY());
    }

    @Test
    void underscoresOfFileNamesStayAsTheyAre() {
        assertEquals(3 * TextPainter.width("_", STYLE), TextPainter.width("___", STYLE), 1e-9);
        assertTrue(TextPainter.width("a_b", STYLE) > TextPainter.width("ab", STYLE));
    }

    @Test
    void tooLongTextEndsInAnEllipsisWithinTheLimit() {
        double limit = 50;
        Rectangle2D box = TextPainter.outline("a very long title of a sound", STYLE, limit)
                .getBounds2D();
        assertTrue(box.getWidth() <= limit && box.getWidth() > limit / 2);
        assertEquals(
                TextPainter.outline("short", STYLE).getBounds2D(),
                TextPainter.outline("short", STYLE, limit).getBounds2D());
    }

    @Test
    void greekLettersAreInTheFont() {
        for (char letter : "\u03a3\u0394\u03b3\u03b5\u2212\u00b1".toCharArray()) {
            assertTrue(OutlineFont.get().glyph(letter) > 0, Character.getName(letter));
        }
    }
}
