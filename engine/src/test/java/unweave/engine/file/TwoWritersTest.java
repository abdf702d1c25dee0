package unweave.engine.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that write one file, while it is read. */
class TwoWritersTest {
    private static final int WRITES = Integer.getInteger("unweave.writes", 200);

    @TempDir
    Path folder;

    @Test
    void everyReadSeesOneWholeFileAndNobodyFails() throws Exception {
        Path file = folder.resolve("model.safetensors");
        write(file, 0);
        List<Process> writers = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            writers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString(),
                            String.valueOf(i),
                            String.valueOf(WRITES))
                    .inheritIO()
                    .start());
        }
        int reads = 0;
        boolean[] seen = new boolean[3];
        try {
            while (writers.stream().anyMatch(Process::isAlive)) {
                try (SafeTensors tensors = SafeTensors.open(file)) {
                    float[] values = tensors.floats("w");
                    int writer = (int) values[0];
                    float[] whole = new float[20_000 + 1000 * writer];
                    Arrays.fill(whole, writer);
                    assertTrue(Arrays.equals(whole, values), "read " + reads + " is of writer " + writer);
                    seen[writer] = true;
                }
                reads++;
            }
        } finally {
            writers.forEach(Process::destroyForcibly);
        }
        for (Process writer : writers) {
            assertEquals(0, writer.waitFor());
        }
        assertTrue(reads > 10 && seen[1] && seen[2], reads + " reads " + Arrays.toString(seen));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "no temporary file is left");
        }
    }

    private static void write(Path file, int writer) throws IOException {
        float[] values = new float[20_000 + 1000 * writer];
        Arrays.fill(values, writer);
        new SafeTensorsWriter()
                .metadata("format", "test")
                .add("w", values, values.length)
                .write(file);
    }

    /** Writes the file named first, as the writer of the number second, as often as the third argument says. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                write(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            }
        }
    }
}
