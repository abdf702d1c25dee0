package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.cli.CommandRun;
import unweave.drsa.SubspaceFile;
import unweave.engine.model.Model;
import unweave.explain.ExampleNetwork;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ReferencesCommandTest {
    private static final int PER_CLASS = 5;
    /** As a collection orders them. */
    private static final List<String> CLASSES = List.of("bass", "noise", "whistle");

    @TempDir
    private Path folder;

    private CommandRun last;

    @BeforeEach
    void writeModelAndSounds() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend, CLASSES);
        }
        StringBuilder manifest = new StringBuilder("path,label,split\n");
        for (int label = 0; label < CLASSES.size(); label++) {
            for (int i = 0; i < PER_CLASS; i++) {
                String name = CLASSES.get(label) + i + ".wav";
                int length = i == 4 ? 3 * ExampleNetwork.SAMPLES : ExampleNetwork.SAMPLES;
                ExampleNetwork.writeTone(folder.resolve(name), 150 + 310 * label + 55 * i, length);
                manifest.append(name).append(',').append(CLASSES.get(label)).append(i == 0 ? ",train\n" : ",test\n");
            }
        }
        Files.writeString(folder.resolve("sounds.csv"), manifest);
    }

    private int references(String... options) {
        List<String> arguments = new ArrayList<>(List.of("references", path("model.safetensors")));
        List<String> given = Arrays.asList(options);
        addUnlessGiven(arguments, given, "--data", path("sounds.csv"));
        addUnlessGiven(arguments, given, "--subspaces", path("subspaces.safetensors"));
        addUnlessGiven(arguments, given, "--out", path("out"));
        arguments.addAll(given);
        last = CommandRun.of(arguments.toArray(new String[0]));
        return last.code();
    }

    private static void addUnlessGiven(List<String> arguments, List<String> given, String option, String value) {
        if (!given.contains(option)) {
            arguments.addAll(List.of(option, value));
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(name))).getAsJsonObject();
    }

    @Test
    void writesAReportPicturesSoundsAndNumbers() throws IOException {
        assertEquals(0, references("--top", "2", "--quiet"), () -> last.remarks());
        assertEquals(3 * 4 * 2 + 1, last.results().lines().count(), "a line for each class, concept and criterion");
        JsonObject numbers = json("out/references.json");
        assertEquals(3, numbers.getAsJsonArray("classes").size());
        JsonObject first = numbers.getAsJsonArray("classes").get(0).getAsJsonObject();
        JsonArray concepts = first.getAsJsonArray("concepts");
        assertEquals(ExampleNetwork.CONCEPTS, concepts.size());
        int shown = 0;
        for (int k = 0; k < concepts.size(); k++) {
            for (String criterion : List.of("relevance", "activation")) {
                for (var one : concepts.get(k).getAsJsonObject().getAsJsonArray(criterion)) {
                    shown++;
                    for (String file : List.of("picture", "clipSound", "conceptSound")) {
                        assertTrue(Files.size(folder.resolve(
                                        "out/" + one.getAsJsonObject().get(file).getAsString()))
                                > 100);
                    }
                }
            }
        }
        assertTrue(shown >= ExampleNetwork.CONCEPTS * 2, "every concept is somewhere active, not only " + shown);
        String report = Files.readString(folder.resolve("out/report.html"));
        assertEquals(3, report.split("<h2>").length - 2, "a section for each class, and one on how to read them");
        assertTrue(report.contains("The concept in it"));
        assertTrue(report.length() < 200_000, "pictures and sounds lie beside it");
        Matcher room = Pattern.compile("data-key=\"([^\"]+)\" data-source=\"([^\"]+)\"")
                .matcher(report);
        assertTrue(room.find());
        String script = Files.readString(folder.resolve("out").resolve(room.group(2)));
        assertTrue(script.startsWith("unweave.room(\"" + room.group(1) + "\","), script.substring(0, 60));
        assertTrue(script.contains("\"title\":\"The clip\"") && script.contains("\"name\":\"concept-1\""));
    }

    /** Four test sounds of a class, one of which is three times as long as the model's input. */
    @Test
    void theReferencesAreTheBestOfAllScores() throws IOException {
        assertEquals(0, references("--classes", "whistle", "--quiet"), () -> last.remarks());
        JsonObject scores = json("out/whistle/scores.json");
        int clips = scores.getAsJsonArray("clips").size();
        assertTrue(clips > PER_CLASS, "several clips of the longer sound, not " + clips);
        JsonObject whistle =
                json("out/references.json").getAsJsonArray("classes").get(0).getAsJsonObject();
        JsonObject concept = whistle.getAsJsonArray("concepts").get(1).getAsJsonObject();
        JsonArray all = scores.getAsJsonObject("activation")
                .getAsJsonArray("scores")
                .get(1)
                .getAsJsonArray();
        JsonArray best = concept.getAsJsonArray("activation");
        assertEquals(3, best.size());
        double largest = 0;
        for (int clip = 0; clip < clips; clip++) {
            largest = Math.max(largest, all.get(clip).getAsDouble());
        }
        assertEquals(largest, best.get(0).getAsJsonObject().get("score").getAsDouble());
        assertEquals(
                3,
                best.asList().stream()
                        .map(one -> one.getAsJsonObject().get("file"))
                        .distinct()
                        .count(),
                "one clip of each sound");
        for (var one : best) {
            JsonObject clip = scores.getAsJsonArray("clips")
                    .get(one.getAsJsonObject().get("clip").getAsInt())
                    .getAsJsonObject();
            assertEquals(clip.get("file"), one.getAsJsonObject().get("file"));
            assertTrue(clip.get("file").getAsString().contains("whistle"), "only sounds of the class itself");
            JsonObject region = one.getAsJsonObject().getAsJsonObject("region");
            assertTrue(region.get("toSeconds").getAsDouble()
                    > region.get("fromSeconds").getAsDouble());
            assertTrue(region.get("highHz").getAsDouble() > region.get("lowHz").getAsDouble());
        }
    }

    @Test
    void theChoiceOfSoundsAndConceptsIsTheUsers() throws IOException {
        assertEquals(
                0,
                references(
                        "--classes",
                        "bass",
                        "--concepts",
                        "2,4",
                        "--by",
                        "relevance",
                        "--score",
                        "max",
                        "--among",
                        "all",
                        "--split",
                        "all",
                        "--limit",
                        "2",
                        "--json",
                        "--quiet"),
                () -> last.remarks());
        JsonObject printed = JsonParser.parseString(last.results()).getAsJsonObject();
        assertEquals(json("out/references.json"), printed);
        JsonArray concepts =
                printed.getAsJsonArray("classes").get(0).getAsJsonObject().getAsJsonArray("concepts");
        assertEquals(
                List.of(2, 4),
                concepts.asList().stream()
                        .map(one -> one.getAsJsonObject().get("concept").getAsInt())
                        .toList());
        assertFalse(concepts.get(0).getAsJsonObject().has("activation"));
        long files = json("out/bass/scores.json").getAsJsonArray("clips").asList().stream()
                .map(clip -> clip.getAsJsonObject().get("file").getAsString())
                .distinct()
                .count();
        assertEquals(6, files, "two sounds of each of three classes");
    }

    @Test
    void theNumberOfThreadsChangesNoByte() throws IOException {
        assertEquals(
                0,
                references("--classes", "noise", "--top", "1", "--quiet", "--threads", "1", "--out", path("one")),
                () -> last.remarks());
        assertEquals(
                0,
                references("--classes", "noise", "--top", "1", "--quiet", "--threads", "2", "--out", path("two")),
                () -> last.remarks());
        try (Stream<Path> walk = Files.walk(folder.resolve("one"))) {
            List<Path> files = walk.filter(Files::isRegularFile).toList();
            assertTrue(files.size() > 10, files.toString());
            for (Path file : files) {
                Path other = folder.resolve("two").resolve(folder.resolve("one").relativize(file));
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
            }
        }
    }

    @Test
    void refusesWhatItCannotUseAndWritesNothing() throws IOException {
        assertRefused(references("--top", "0"), "--top 0", "1 or more");
        assertRefused(references("--limit", "0"), "--limit 0", "1 or more");
        assertRefused(references("--gain", "0.5"), "--gain 0.5", "1 or more");
        assertRefused(references("--concepts", "3-5"), "--concepts 3-5", "from 1 to 4");
        assertRefused(references("--by", "chance"), "--by", "chance", "ACTIVATION");
        assertRefused(references("--classes", "drums"), "drums", "bass, noise, whistle");
        assertRefused(references("--classes", "bass,bass"), "bass twice");
        assertRefused(references("--data", path("absent.csv")), "absent.csv", "no such folder or manifest");
        assertRefused(
                references("--subspaces", path("model.safetensors")), "model.safetensors", "not a file of subspaces");
        try (Backend backend = CpuBackend.create(1);
                Model other = ExampleNetwork.model(backend, 2, CLASSES)) {
            SubspaceFile.save(folder.resolve("other.safetensors"), ExampleNetwork.subspaces(other, 0));
        }
        assertRefused(references("--subspaces", path("other.safetensors")), "other.safetensors", "another model");
        Files.writeString(folder.resolve("two.csv"), "path,label,split\nbass0.wav,bass,train\nnoise1.wav,drums,test\n");
        assertRefused(
                references("--data", path("two.csv")), "holds the classes bass, drums, but", "bass, noise, whistle");
    }

    @Test
    void refusesSoundsInWhichThereIsNothing() throws IOException {
        Files.writeString(
                folder.resolve("train.csv"),
                """
                path,label,split
                bass0.wav,bass,train
                whistle0.wav,whistle,train
                noise0.wav,noise,train
                noise1.wav,noise,test
                """);
        assertRefused(references("--data", path("train.csv")), "holds no test sounds of bass", "--split all");
        SoundFiles.writeWav(folder.resolve("bass1.wav"), new float[ExampleNetwork.SAMPLES], ExampleNetwork.SAMPLE_RATE);
        assertRefused(references("--classes", "bass"), "bass1.wav: silent");
        Files.writeString(folder.resolve("bass2.wav"), "not a sound at all, only these few words");
        assertRefused(references("--classes", "bass", "--limit", "4", "--seed", "3"), "bass");
    }

    /** Exit code 2, one line that says what is wrong, nothing written. */
    private void assertRefused(int exitCode, String... partsOfTheMessage) {
        assertEquals(2, exitCode);
        last.assertRefused(partsOfTheMessage);
        assertEquals(1, last.remarks().lines().count(), last.remarks());
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals("", last.results());
    }
}
