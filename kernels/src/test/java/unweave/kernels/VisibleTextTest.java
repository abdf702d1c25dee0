package unweave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void charactersThatSteerATerminalAreWrittenOut() {
        assertEquals("red\\u001b[31m\\u000aline", VisibleText.line("red\u001b[31m\nline"));
        assertEquals("C1 \\u009b31m, DEL \\u007f, NUL \\u0000", VisibleText.line("C1 \u009b31m, DEL \u007f, NUL \0"));
        assertEquals("turned \\u202egnp.exe\\u2066", VisibleText.line("turned \u202egnp.exe\u2066"));
        assertEquals("a\nb\\u000d\\u0009", VisibleText.lines("a\nb\r\t"));
    }

    @Test
    void lettersOfAllLanguagesStay() {
        String names = "gr\u00f6\u00dfe \u72d7 \u05e9\u05dc\u05d5\u05dd \ud83d\udc15";
        assertSame(names, VisibleText.line(names));
    }

    @Test
    void halvesOfCharactersAreWrittenOut() {
        assertEquals("a\\ud83d, \\udc15", VisibleText.line("a\ud83d, \udc15"));
    }

    @Test
    void longLinesKeepTheirBeginningAndTheirEnd() {
        String line = "model: unknown class; the classes are " + "dog, ".repeat(100) + "cat";
        String shown = VisibleText.shortened(line, 300);
        assertEquals(300, shown.length());
        assertTrue(shown.startsWith("model: unknown class;") && shown.endsWith("dog, cat"), shown);
        assertSame(line, VisibleText.shortened(line, line.length()));
        for (int most = 20; most < 60; most++) {
            String dogs = VisibleText.shortened("\ud83d\udc15".repeat(50), most);
            assertEquals(dogs, VisibleText.line(dogs), "no half of a character");
        }
    }
}
