package unweave.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import unweave.explain.progress.Progress;

class LineProgressTest {
    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();

    private Console console(boolean quiet) {
        return new Console(
                new PrintStream(results, true, StandardCharsets.UTF_8),
                new PrintStream(notes, true, StandardCharsets.UTF_8),
                false,
                quiet);
    }

    @Test
    void workOfLessThanTwoSecondsSaysNothing() {
        try (Progress progress = console(false).progress("reading", 1000)) {
            for (int i = 1; i <= 1000; i++) {
                progress.at(i, "");
            }
        }
        assertEquals("", notes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void longerWorkSaysHowFarItIsAndWhatIsLeft() throws InterruptedException {
        try (Progress progress = console(false).progress("training", 10)) {
            Thread.sleep(2050);
            progress.at(5, "loss 0.5");
            progress.at(6, "loss 0.4");
        }
        String said = notes.toString(StandardCharsets.UTF_8);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.startsWith("training: 50 %, about 2 s left, loss 0.5"), said);
    }

    @Test
    void aQuietConsoleKeepsResultsAndWarnings() {
        Console console = console(true);
        console.note("a remark");
        console.warn("three silent slices are left out");
        console.print("accuracy 99 %");
        assertEquals(
                "note: three silent slices are left out",
                notes.toString(StandardCharsets.UTF_8).strip());
        assertEquals("accuracy 99 %", results.toString(StandardCharsets.UTF_8).strip());
    }
}
