package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTextTest {
    @Test
    void cellsAreQuotedWhereTheyHaveToBe() {
        assertEquals(
                "path,label\n\"a,b.wav\",\"say \"\"rock\"\"\"\n",
                CsvText.of(List.of(List.of("path", "label"), List.of("a,b.wav", "say \"rock\""))));
    }

    @Test
    void formulasAreNone() {
        for (String formula : List.of("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1", "--1")) {
            assertEquals("'" + formula, CsvText.cell(formula));
        }
    }

    @Test
    void numbersStayNumbers() {
        for (String number : List.of("-1", "+0.5", "-1.25e-7", "3", "-.5", "-Infinity", "NaN")) {
            assertEquals(number, CsvText.cell(number));
        }
    }

    @Test
    void charactersThatSteerATerminalAreWrittenOut() {
        assertEquals("\\u001b[31mred", CsvText.cell("\u001b[31mred"));
        assertEquals("a\nb\\u000d", CsvText.cell("a\nb\r"));
    }

    /** What a command wrote as a manifest names the same files and classes when another one reads it. */
    @Test
    void whatWasWrittenReadsAsItWas() {
        for (String text : List.of(
                "rock",
                "",
                "=1",
                "'=1",
                "''=1",
                "'quoted'",
                "'",
                "-1",
                "'-1",
                "-",
                "--",
                "a=b",
                "\u001b[0m",
                "\r\n",
                "C:\\users\\new.wav",
                "\\u001b",
                "\\u005cu001b",
                "\\\\u",
                "\\u",
                "\\uzzzz",
                "\ufeffrock",
                "\t@")) {
            assertEquals(text, CsvText.plain(CsvText.cell(text)));
        }
        assertNotEquals(CsvText.cell("\\u001b"), CsvText.cell("\u001b"));
    }

    @Test
    void whatOthersWroteIsTakenAsItStands() {
        for (String cell : List.of("C:\\users\\u0041.wav", "rock 'n' roll", "'twas.wav", "\\u00e9")) {
            assertEquals(cell, CsvText.plain(cell));
        }
    }
}
