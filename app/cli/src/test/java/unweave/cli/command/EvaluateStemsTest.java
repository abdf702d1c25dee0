package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
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
import unweave.audio.file.SoundFiles;
import unweave.cli.CommandRun;
import unweave.cli.Main;

/** Synthetic sounds taken apart, through the whole path at a tiny size. */
class EvaluateStemsTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void trainOnSyntheticSounds() {
        run("synth", "--samples", "10", "--stems", "2", "--out", at("data"));
        run("train", at("data/manifest.csv"), "--epochs", "1", "--out", at("model"));
        run(
                "subspaces",
                at("model/model.safetensors"),
                "--data",
                at("data/manifest.csv"),
                "--inputs",
                "4",
                "--steps",
                "5",
                "--layer",
                "pool3",
                "--out",
                at("concepts"));
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static void run(String... arguments) {
        assertEquals(
                0,
                Main.run(Stream.concat(Stream.of(arguments), Stream.of("--quiet"))
                        .toArray(String[]::new)));
    }

    private static String[] evaluate(String stems, String out, String... further) {
        return Stream.concat(
                        Stream.of(
                                "evaluate",
                                at("model/model.safetensors"),
                                "--subspaces",
                                at("concepts"),
                                "--stems",
                                at(stems),
                                "--random-seeds",
                                "2",
                                "--out",
                                at(out)),
                        Stream.of(further))
                .toArray(String[]::new);
    }

    private static JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(name))).getAsJsonObject();
    }

    @Test
    void partsAloneAreMeasuredWithoutData() throws IOException {
        run(evaluate("data/stems", "alone", "--background", "background"));
        JsonObject numbers = json("alone/evaluation.json");
        assertFalse(numbers.has("accuracy"), "nothing else was measured");
        JsonArray stems = numbers.getAsJsonArray("stems");
        assertEquals(2, stems.size(), "one for each class");
        JsonObject first = stems.get(0).getAsJsonObject();
        assertEquals("class1", first.get("class").getAsString(), "the class is the folder's");
        assertEquals(2, first.getAsJsonArray("recordings").size());
        assertEquals(4, first.getAsJsonArray("parts").size(), "the background is none of them");
        JsonArray methods = first.getAsJsonArray("methods");
        assertEquals("DRSA", methods.get(0).getAsJsonObject().get("method").getAsString());
        assertEquals(2, methods.get(1).getAsJsonObject().get("searches").getAsInt(), "random seeds");
        assertTrue(first.getAsJsonArray("comparisons").get(0).getAsString().contains("only 2 to compare"));
        for (String name : List.of(
                "tables/stems-class0-pool3-K4.csv",
                "tables/stems-class0-pool3-K4-DRSA.csv",
                "figures/stems-class1-pool3-K4-random.png")) {
            assertTrue(Files.size(folder.resolve("alone").resolve(name)) > 0, name);
        }
        String page = Files.readString(folder.resolve("alone/report.html"));
        assertTrue(page.contains("Which concept is which part?"));
        assertTrue(page.contains("Whether the network is better than chance was not measured"));
        assertTrue(page.contains("sawtooth up"));
    }

    @Test
    void theSameSeedGivesTheSameFilesWithAnyNumberOfThreads() throws IOException {
        run(evaluate("data/stems/class2", "one", "--threads", "1"));
        run(evaluate("data/stems/class2", "two", "--threads", "2"));
        for (String name : List.of("evaluation.json", "report.html")) {
            assertEquals(
                    Files.readString(folder.resolve("one").resolve(name)),
                    Files.readString(folder.resolve("two").resolve(name)));
        }
    }

    @Test
    void withDataTheyAreOneMeasureOfSeveral() throws IOException {
        run(evaluate(
                "data/stems/class1",
                "both",
                "--data",
                at("data/manifest.csv"),
                "--measures",
                "agreement",
                "--classes",
                "class1,class2",
                "--no-dsa"));
        JsonObject numbers = json("both/evaluation.json");
        assertTrue(numbers.has("accuracy"));
        assertEquals(2, numbers.getAsJsonArray("stems").size(), "every recording is explained for both");
        String page = Files.readString(folder.resolve("both/report.html"));
        assertTrue(page.contains("Which concept is which part?"), "a section of the page");
        assertTrue(
                page.contains(
                        "which concept is which part is not decided: the network is not shown to be better than chance"),
                "after one epoch on a few sounds");
    }

    @Test
    void mixesOfWordsAreExplainedForEach() throws IOException {
        for (int i = 0; i < 3; i++) {
            for (String word : List.of("class1", "class2")) {
                Files.createDirectories(folder.resolve("mixes/mix" + i));
                Files.copy(
                        folder.resolve("data/" + word + "/0000" + i + ".wav"),
                        folder.resolve("mixes/mix" + i + "/" + word + ".wav"));
            }
        }
        run(evaluate("mixes", "words", "--words"));
        JsonArray stems = json("words/evaluation.json").getAsJsonArray("stems");
        assertEquals(2, stems.size());
        assertEquals(
                "[\"another word\",\"class2\"]",
                stems.get(1).getAsJsonObject().getAsJsonArray("parts").toString());
    }

    private static void refused(String expected, String... arguments) {
        CommandRun.of(arguments).assertRefused(expected);
        assertFalse(Files.exists(folder.resolve("out")), "nothing may be written");
    }

    @Test
    void badInputIsRefusedInOneLine() throws IOException {
        refused(
                "there is nothing to evaluate with; give --data, --stems or both",
                "evaluate",
                at("model/model.safetensors"),
                "--subspaces",
                at("concepts"),
                "--out",
                at("out"));
        refused(
                "belong to --stems",
                "evaluate",
                at("model/model.safetensors"),
                "--subspaces",
                at("concepts"),
                "--data",
                at("data/manifest.csv"),
                "--words",
                "--out",
                at("out"));
        refused("--measures needs --data", evaluate("data/stems", "out", "--measures", "sanity"));
        refused("no such folder", evaluate("nowhere", "out"));
        refused("is named as a class of the model, but holds sound files itself", evaluate("data", "out"));
        refused("--excerpts must be at least 1", evaluate("data/stems", "out", "--excerpts", "0"));
        refused("class3: unknown class", evaluate("data/stems", "out", "--classes", "class3"));
        refused("no recording has a part hiss", evaluate("data/stems", "out", "--background", "hiss"));
        refused("none of its parts", evaluate("data/stems/class1", "out", "--words"));
        float[] tone = new float[16_000];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (float) Math.sin(n * .3);
        }
        Files.createDirectories(folder.resolve("wrong/song"));
        SoundFiles.writeWav(folder.resolve("wrong/song/voice.wav"), tone, 16_000);
        refused("song: holds only the part voice; expected", evaluate("wrong", "out"));
        Files.copy(folder.resolve("data/class1/00000.wav"), folder.resolve("wrong/song/drums.wav"));
        Files.copy(folder.resolve("data/class2/00000.wav"), folder.resolve("wrong/song/mixture.wav"));
        refused("song: the parts do not add up to the mixture", evaluate("wrong", "out"));
        run(evaluate("wrong", "incomplete", "--incomplete"));
        Files.createDirectories(folder.resolve("silent/song"));
        SoundFiles.writeWav(folder.resolve("silent/song/voice.wav"), new float[16_000], 16_000);
        SoundFiles.writeWav(folder.resolve("silent/song/drums.wav"), new float[16_000], 16_000);
        refused("in none of its recordings a part is heard", evaluate("silent", "out"));
    }
}
