package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command that has been run in the tests' own JVM.
 *
 * @param code its exit code
 * @param results what it printed on standard output
 * @param remarks what it printed on standard error
 */
public record CommandRun(int code, String results, String remarks) {
    /** Runs a command, as {@code ./unweave ARGUMENT...} does. */
    public static CommandRun of(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        ByteArrayOutputStream remarks = new ByteArrayOutputStream();
        System.setOut(new PrintStream(results, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(remarks, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(arguments);
            return new CommandRun(
                    code, results.toString(StandardCharsets.UTF_8), remarks.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** It ended well. Returns this. */
    public CommandRun assertDone() {
        assertEquals(0, code, remarks);
        return this;
    }

    /** It was bad input: exit code 2, no stack trace, and one line, behind what else was said, that has these parts. */
    public void assertRefused(String... parts) {
        assertEquals(2, code, remarks);
        assertFalse(remarks.contains("\tat "), "no stack trace: " + remarks);
        List<String> lines =
                remarks.lines().filter(line -> line.startsWith("unweave: ")).toList();
        assertEquals(1, lines.size(), remarks);
        assertTrue(lines.get(0).length() <= 300, remarks);
        for (String part : parts) {
            assertTrue(lines.get(0).contains(part), "expected '" + part + "' in: " + remarks);
        }
    }
}
