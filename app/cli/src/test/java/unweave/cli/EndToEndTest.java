package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import unweave.explain.preset.Preset;

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
        JsonObject orthogonalization = summary.getAsJsonObject("orthogonalization");
        assertEquals("NEWTON_SCHULZ", orthogonalization.get("orthogonalization").getAsString());
        assertTrue(orthogonalization.get("largestDifference").getAsDouble() <= 1e-6, orthogonalization.toString());
        for (String method : List.of("drsa", "dsa", "random")) {
            double recovery =
                    summary.getAsJsonObject("objectRecovery").get(method).getAsDouble();
            assertTrue(recovery > 0 && recovery <= 1, method + " " + recovery);
        }
        for (String figure : List.of("objectInformation", "selectivity", "mapInformation", "objectRecovery")) {
            for (String method : List.of("drsa", "dsa", "random", "oracle")) {
                double value = summary.getAsJsonObject(figure).get(method).getAsDouble();
                double error =
                        summary.getAsJsonObject(figure + "Error").get(method).getAsDouble();
                assertTrue(value >= 0 && value <= 1 && error >= 0, figure + " " + method + " " + value + " " + error);
            }
        }
        assertEquals(Preset.of("toy").subspaces().layer(), summary.get("layer").getAsString());
        JsonObject first = summary.getAsJsonObject("classes").getAsJsonObject("class1");
        assertEquals(4, first.getAsJsonObject("effectOnLogit").size());
        assertEquals(4, first.getAsJsonObject("oracle").getAsJsonArray("shares").size());
        assertEquals(
                4,
                first.getAsJsonObject("drsa").getAsJsonObject("conceptOfObject").size());
        String report = Files.readString(folder.resolve("demo1/report.html"));
        assertTrue(
                report.contains("<audio") && report.contains("data:image/png"),
                "pictures and sounds are inside the page");
        assertTrue(report.contains("Which concept is which object?"), "the page leads with the matrix");
    }

    /** Explanations of a network that was not trained explain guesses. */
    @Test
    void theDemoOfAnUntrainedNetworkGivesNoVerdict() throws IOException {
        Path out = folder.resolve("untrained");
        run(
                "1",
                "demo",
                "--samples",
                "20",
                "--epochs",
                "0",
                "--steps",
                "5",
                "--recovery-samples",
                "3",
                "--explained",
                "1",
                "--out",
                out.toString());
        JsonObject summary = JsonParser.parseString(Files.readString(out.resolve("summary.json")))
                .getAsJsonObject();
        assertFalse(summary.get("aboveChance").getAsBoolean());
        String verdict = summary.getAsJsonArray("verdict").toString();
        assertTrue(verdict.startsWith("[\"No verdict: "), verdict);
        assertFalse(summary.toString().contains("conceptTitles"), "no concept is named after an object");
        String report = Files.readString(out.resolve("report.html"));
        assertTrue(report.contains("No verdict: the network is not shown to decide better than chance"));
        assertFalse(report.contains("The network uses it"), "nothing is claimed about its objects");
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
