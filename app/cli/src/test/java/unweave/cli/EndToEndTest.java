package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job at a small size, and the user's own way: synth, train, subspaces, explain; each with one and with two
 * threads.
 */
class EndToEndTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void runTheWholePathTwice() {
        for (String threads : List.of("1", "2")) {
            String data = folder.resolve("data" + threads).toString();
            String model = folder.resolve("model" + threads).toString();
            String concepts = folder.resolve("concepts" + threads).toString();
            run(
                    threads,
                    "demo",
                    "--samples",
                    "20",
                    "--epochs",
                    "2",
                    "--steps",
                    "30",
                    "--recovery-samples",
                    "4",
                    "--explained",
                    "1",
                    "--out",
                    folder.resolve("demo" + threads).toString());
            run(threads, "synth", "--samples", "12", "--out", data);
            run(threads, "train", data + "/manifest.csv", "--epochs", "2", "--out", model);
            run(
                    threads,
                    "subspaces",
                    model + "/model.safetensors",
                    "--data",
                    data + "/manifest.csv",
                    "--inputs",
                    "6",
                    "--steps",
                    "20",
                    "--out",
                    concepts);
            run(
                    threads,
                    "explain",
                    model + "/model.safetensors",
                    "--subspaces",
                    concepts + "/subspaces.safetensors",
                    data + "/class1/00003.wav",
                    data + "/class2/00004.wav",
                    "--out",
                    folder.resolve("explained" + threads).toString());
        }
    }

    private static void run(String threads, String command, String... options) {
        String[] arguments = Stream.of(
                        Stream.of(command),
                        Stream.of(options),
                        Stream.of("--threads", threads, "--seed", "7", "--quiet"))
                .flatMap(part -> part)
                .toArray(String[]::new);
        assertEquals(0, Main.run(arguments), String.join(" ", arguments));
    }

    @Test
    void theDemoWritesItsReportAndItsNumbers() throws IOException {
        JsonObject summary = JsonParser.parseString(Files.readString(folder.resolve("demo1/summary.json")))
                .getAsJsonObject();
        for (String number : List.of(
                "testAccuracy",
                "trainSeconds",
                "subspaceSeconds",
                "totalSeconds",
                "conservationError",
                "conceptSumError")) {
            assertTrue(Double.isFinite(summary.get(number).getAsDouble()), number);
        }
        assertTrue(summary.get("conceptSumError").getAsDouble() <= 1e-4, summary.toString());
        for (String method : List.of("drsa", "dsa", "random")) {
            double recovery =
                    summary.getAsJsonObject("objectRecovery").get(method).getAsDouble();
            assertTrue(recovery > 0 && recovery <= 1, method + " " + recovery);
        }
        String report = Files.readString(folder.resolve("demo1/report.html"));
        assertTrue(
                report.contains("<audio") && report.contains("data:image/png"),
                "pictures and sounds are inside the page");
    }

    @Test
    void theNumberOfThreadsChangesNoByte() throws IOException {
        for (String run : List.of("demo", "data", "model", "concepts", "explained")) {
            Path one = folder.resolve(run + "1");
            List<Path> files;
            try (Stream<Path> walk = Files.walk(one)) {
                files = walk.filter(Files::isRegularFile)
                        .filter(EndToEndTest::comparable)
                        .toList();
            }
            assertTrue(files.size() > 1, run + " wrote " + files);
            for (Path file : files) {
                Path other = folder.resolve(run + "2").resolve(one.relativize(file));
                assertArrayEquals(
                        Files.readAllBytes(file), Files.readAllBytes(other), run + "/" + one.relativize(file));
            }
        }
    }

    /**
     * Measured seconds and the folders' own names differ between runs; models, subspaces, maps, pictures and sounds
     * must not.
     */
    private static boolean comparable(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".safetensors") && !name.startsWith("checkpoint"))
                || name.endsWith(".png")
                || name.endsWith(".wav")
                || name.endsWith(".npy")
                || name.endsWith("manifest.csv");
    }
}
