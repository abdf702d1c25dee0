package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.stream.Stream;
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
    void textGetsSmallerThenWrapsThenEndsInAnEllipsis() {
        double room = TextPainter.width("of many words", STYLE);
        assertEquals(new TextPainter.Fitted(List.of("of many words"), STYLE), fitted("of many words", room));
        TextPainter.Fitted smaller = fitted("of many words!!", room);
        assertEquals(List.of("of many words!!"), smaller.lines());
        assertEquals(room, TextPainter.width("of many words!!", smaller.style()), 1e-9);
        TextPainter.Fitted wrapped = fitted("a title of many words and lines", room);
        assertEquals(List.of("a title of many", "words and lines"), wrapped.lines());
        assertEquals(8, wrapped.style().size(), 1e-9);
        List<String> cut =
                fitted("a title of many words and even more lines", room).lines();
        assertEquals(2, cut.size());
        assertTrue(cut.get(1).startsWith("words and") && cut.get(1).endsWith("\u2026"), cut.toString());
    }

    @Test
    void noTextIsCutInANumber() {
        String text = "relevance 123456 7890 of 1.5\u00b710^{12}";
        List<String> words = List.of(text.split(" ", -1));
        for (double room = 20; room < 300; room++) {
            for (String line : fitted(text, room).lines()) {
                Stream.of(line.replace("\u2026", "").split(" ", -1))
                        .filter(word -> word.chars().anyMatch(Character::isDigit))
                        .forEach(word -> assertTrue(words.contains(word), word));
            }
        }
    }

    private static TextPainter.Fitted fitted(String text, double room) {
        return TextPainter.fitted(text, STYLE, room, 2);
    }

    @Test
    void greekLettersAreInTheFont() {
        for (char letter : "\u03a3\u0394\u03b3\u03b5\u2212\u00b1".toCharArray()) {
            assertTrue(OutlineFont.get().glyph(letter) > 0, Character.getName(letter));
        }
    }
}
