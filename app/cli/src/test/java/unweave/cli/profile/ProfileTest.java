package unweave.cli.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.cli.CommandRun;
import unweave.explain.preset.Preset;

/** The demo at a small size, with and without {@code --profile}. */
class ProfileTest {
    private static String layer;

    @TempDir
    private static Path folder;

    private static String profiledNotes;
    private static List<JsonObject> events;
    private static double wallMicroseconds;

    /** What a command printed, and its exit code. */
    @BeforeAll
    static void runTheDemoTwice() throws IOException {
        layer = Preset.of("toy").subspaces().layer();
        CommandRun plain = demo("plain");
        long begin = System.nanoTime();
        CommandRun profiled =
                demo("profiled", "--profile", folder.resolve("trace.json").toString());
        wallMicroseconds = (System.nanoTime() - begin) * 1e-3;
        assertEquals(List.of(0, 0), List.of(plain.code(), profiled.code()), profiled.remarks());
        assertFalse(profiled.results().contains("GFLOP/s"), "the table is not among the results");
        profiledNotes = profiled.remarks();
        JsonObject trace = JsonParser.parseString(Files.readString(folder.resolve("trace.json")))
                .getAsJsonObject();
        events = trace.getAsJsonArray("traceEvents").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static CommandRun demo(String out, String... more) {
        Stream<String> small = Stream.of(
                "demo",
                "--device",
                "cpu",
                "--samples",
                "20",
                "--epochs",
                "2",
                "--steps",
                "20",
                "--recovery-samples",
                "4",
                "--explained",
                "1",
                "--quiet",
                "--out",
                folder.resolve(out).toString());
        return CommandRun.of(Stream.concat(small, Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void theOutputsAreTheSameBytes() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.list(folder.resolve("plain"))) {
            files = walk.filter(file -> file.endsWith("model.safetensors") || file.endsWith("subspaces.safetensors"))
                    .toList();
        }
        assertEquals(2, files.size());
        for (Path file : files) {
            Path other = folder.resolve("profiled").resolve(file.getFileName());
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
        }
    }

    @Test
    void everyEventIsCompleteAndLiesWithinTheRun() {
        for (JsonObject event : events) {
            String phase = event.get("ph").getAsString();
            assertTrue(List.of("M", "X").contains(phase), phase);
            if (phase.equals("X")) {
                double begin = event.get("ts").getAsDouble();
                double duration = event.get("dur").getAsDouble();
                assertTrue(begin >= 0 && duration >= 0 && begin + duration <= wallMicroseconds, event.toString());
            }
        }
    }

    @Test
    void theEventsOfAThreadNest() {
        Map<Integer, List<JsonObject>> threads = new HashMap<>();
        events.stream()
                .filter(event -> event.get("ph").getAsString().equals("X"))
                .forEach(event -> threads.computeIfAbsent(event.get("tid").getAsInt(), thread -> new ArrayList<>())
                        .add(event));
        assertTrue(threads.size() > 1, "the batch loader has a thread of its own");
        for (List<JsonObject> thread : threads.values()) {
            thread.sort(Comparator.comparingLong(ProfileTest::begin)
                    .thenComparing(Comparator.comparingLong(ProfileTest::end).reversed()));
            Deque<JsonObject> open = new ArrayDeque<>();
            for (JsonObject event : thread) {
                while (!open.isEmpty() && end(open.peek()) <= begin(event)) {
                    open.pop();
                }
                assertTrue(open.isEmpty() || end(event) <= end(open.peek()), event + " leaves " + open.peek());
                open.push(event);
            }
        }
    }

    private static long begin(JsonObject event) {
        return Math.round(1000 * event.get("ts").getAsDouble());
    }

    private static long end(JsonObject event) {
        return begin(event) + Math.round(1000 * event.get("dur").getAsDouble());
    }

    @Test
    void allPartsOfTheWorkAreThere() {
        List<String> names = events.stream()
                .map(event -> event.get("name").getAsString())
                .distinct()
                .toList();
        List<String> expected = List.of(
                "stage training",
                "epoch 1",
                "epoch 2",
                "step 1",
                "forward conv1",
                "backward dense1",
                "update weights",
                "evaluation 4 inputs",
                "context vectors " + layer,
                "ascent 20",
                "two-step attribution " + layer,
                "relevance " + layer,
                "load batch",
                "audio log-mel",
                "audio sound of concept-1",
                "stage scoring the concepts of class1",
                "stage writing the report",
                "convForward",
                "adam",
                "subspaceGradient",
                "orthogonalize");
        assertEquals(
                List.of(),
                expected.stream().filter(name -> !names.contains(name)).toList(),
                "missing in " + names);
    }

    @Test
    void theTableNamesOperationsAndTheTraceFile() {
        assertTrue(
                profiledNotes.lines().anyMatch(line -> line.startsWith("convBackwardWeights ") && line.endsWith("%")),
                profiledNotes);
        assertTrue(profiledNotes.contains("trace: " + folder.resolve("trace.json")), profiledNotes);
    }

    @Test
    void aFileInAMissingFolderIsRefusedBeforeTheWork() {
        CommandRun refused = demo(
                "refused", "--profile", folder.resolve("nowhere/trace.json").toString());
        assertEquals(2, refused.code());
        assertEquals(1, refused.remarks().lines().count(), refused.remarks());
        assertTrue(refused.remarks().contains("there is no folder " + folder.resolve("nowhere")), refused.remarks());
        assertFalse(Files.exists(folder.resolve("refused")));
        assertEquals(2, demo("refused", "--profile", folder.toString()).code());
        assertFalse(Files.exists(folder.resolve("refused")));
    }

    @Test
    void aCommandThatFailsLeavesNoProfile() {
        CommandRun refused = CommandRun.of(
                "explain",
                folder.resolve("none.safetensors").toString(),
                "a.wav",
                "--out",
                folder.resolve("o").toString(),
                "--profile",
                folder.resolve("failed.json").toString());
        assertEquals(2, refused.code());
        assertFalse(Files.exists(folder.resolve("failed.json")));
    }
}
