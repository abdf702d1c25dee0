package unweave.explain.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.BadInputException;

/** Two processes begin to write to one folder at the same time, 500 times. */
class TwoRunsTest {
    private static final int ROUNDS = 500;
    private static final int FILES = 4;

    @TempDir
    Path folder;

    @Test
    void aFolderHoldsTheFilesOfOneRunAndTheOtherIsToldWhy() throws Exception {
        List<Other> others = List.of(new Other("a"), new Other("b"));
        int refusals = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Path out = folder.resolve("out" + round);
                boolean overwrite = round % 2 == 1;
                others.forEach(other -> other.send((overwrite ? "OVERWRITE " : "REFUSE ") + out));
                List<String> answers = new ArrayList<>();
                for (Other other : others) {
                    answers.add(other.answer());
                }
                String told = "round " + round + ": " + answers;
                long done = answers.stream().filter("done"::equals).count();
                assertTrue(done == 1 || (overwrite && done == 2), told);
                refusals += (int) (2 - done);
                assertTrue(
                        answers.stream()
                                .allMatch(answer -> answer.equals("done")
                                        || answer.matches(".* is writing to it; wait until that is done.*")
                                        || answer.matches(".*already holds files.*")),
                        told);
                List<String> held;
                try (Stream<Path> files = Files.list(out)) {
                    held = files.map(file -> file.getFileName().toString())
                            .sorted()
                            .toList();
                }
                assertEquals(FILES + 1, held.size(), told + held);
                String winner = held.get(1).substring(0, 1);
                assertTrue(held.stream().skip(1).allMatch(name -> name.startsWith(winner)), told + held);
            }
        } finally {
            others.forEach(other -> other.process.destroyForcibly());
        }
        assertTrue(refusals >= ROUNDS / 2, refusals + " refusals");
    }

    /** A process that writes where it is told to. */
    private static final class Other {
        private final Process process;
        private final PrintWriter to;
        private final BufferedReader from;

        Other(String name) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Run.class.getName(),
                            name)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void send(String line) {
            to.println(line);
        }

        String answer() throws IOException {
            return from.readLine();
        }
    }

    /** For each line "MODE FOLDER" writes some files there, and answers "done" or why not. */
    static final class Run {
        private Run() {}

        /** The one argument begins the files' names. */
        public static void main(String[] arguments) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                String answer = "done";
                try (OutputFolder out = OutputFolder.open(
                        Path.of(line.substring(space + 1)), OutputFolder.Existing.valueOf(line.substring(0, space)))) {
                    for (int i = 0; i < FILES; i++) {
                        out.writeText(arguments[0] + i, "text");
                    }
                } catch (BadInputException e) {
                    answer = e.getMessage();
                }
                System.out.println(answer);
            }
        }
    }
}
