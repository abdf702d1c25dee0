package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.cli.CommandRun;
import unweave.drsa.SubspaceFile;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.AttributionMethod;
import unweave.explain.ExampleNetwork;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class ExplainCommandTest {
    @TempDir
    private Path folder;

    private CommandRun last;

    @BeforeEach
    void writeModelAndSound() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
        }
        ExampleNetwork.writeTone(folder.resolve("tone.wav"), 440, ExampleNetwork.SAMPLES);
    }

    private int run(String... arguments) {
        last = CommandRun.of(arguments);
        return last.code();
    }

    /**
     * Runs {@code explain model.safetensors SOUNDS AND OPTIONS --out out}; what looks like a file is taken from the
     * test's folder.
     */
    private int explain(String... soundsAndOptions) {
        List<String> arguments = new ArrayList<>(List.of("explain", path("model.safetensors"), "--out", path("out")));
        Arrays.stream(soundsAndOptions)
                .map(text -> text.contains(".") && !text.matches("[0-9.-]+") ? path(text) : text)
                .forEach(arguments::add);
        return run(arguments.toArray(new String[0]));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Bad input: exit code 2, one line that says what is wrong, nothing written. */
    private void assertRefused(int exitCode, String... partsOfTheMessage) {
        assertEquals(2, exitCode);
        last.assertRefused(partsOfTheMessage);
        assertEquals(1, last.remarks().lines().count(), last.remarks());
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals("", last.results());
    }

    @Test
    void explainsSoundsAndSaysWhatItFound() throws IOException {
        ExampleNetwork.writeTone(folder.resolve("brief.wav"), 700, 2000);
        assertEquals(0, explain("tone.wav", "brief.wav", "--subspaces", "subspaces.safetensors"), () -> last.remarks());
        String lines = last.results();
        assertEquals(3, lines.lines().count());
        assertTrue(lines.contains("tone.wav: ") && lines.contains("concept-4") && lines.contains("report.html"), lines);
        assertTrue(last.remarks()
                .contains("brief.wav: shorter than the model's input of 0.5 s: 0.25 s of silence were appended"));
        assertTrue(Files.exists(folder.resolve("out/tone/concept-4.wav")));
        assertTrue(Files.exists(folder.resolve("out/brief/explanation.json")));
    }

    @Test
    void printsTheNumbersAsJson() {
        assertEquals(0, explain("tone.wav", "--json", "--quiet", "--class", "noise"), () -> last.remarks());
        JsonObject json = JsonParser.parseString(last.results()).getAsJsonObject();
        JsonObject sound = json.getAsJsonArray("sounds").get(0).getAsJsonObject();
        assertEquals("noise", sound.get("explainedClass").getAsString());
        assertEquals(1, sound.getAsJsonArray("maps").size());
        assertEquals("", last.remarks());
    }

    /** "x." is taken for a file by {@link #explain}; rules are given as files here. */
    private void writeRules(String text) throws IOException {
        Files.writeString(folder.resolve("rules.txt"), text);
    }

    @Test
    void rulesAreShownBeforeARunAndTheLedgerAfterIt() throws IOException {
        writeRules("epsilon-plus # of the literature\nfirst: z-box(data)\n");
        assertEquals(0, explain("tone.wav", "--composite", "rules.txt", "--show-rules"), () -> last.remarks());
        String rules = last.results();
        assertTrue(
                rules.lines().anyMatch(line -> line.matches("conv1 +convolution +z-box\\(-\\d.*the first layer")),
                rules);
        assertTrue(rules.lines().anyMatch(line -> line.matches("conv2 +convolution +z\\+ +by kind")), rules);
        assertFalse(Files.exists(folder.resolve("out")), "showing rules writes nothing");
        assertEquals(0, explain("tone.wav", "--composite", "rules.txt", "--ledger"), () -> last.remarks());
        String ledger = last.results();
        assertTrue(ledger.contains("to stabiliser") && ledger.contains("arrives at the input"), ledger);
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("out/tone/explanation.json")))
                .getAsJsonObject();
        JsonObject first = json.getAsJsonObject("conservation")
                .getAsJsonArray("layers")
                .get(0)
                .getAsJsonObject();
        assertTrue(
                first.get("imbalance").getAsDouble() <= 1e-5 && first.has("toBias") && first.has("dropped"),
                first::toString);
    }

    @Test
    void aRuleForALayerThatIsNotThereIsRefused() throws IOException {
        writeRules("epsilon-plus; frist: flat");
        assertRefused(explain("tone.wav", "--composite", "rules.txt"), "frist", "conv1, conv2");
        writeRules("gtzan"); // names conv2 to conv5, this network has two
        assertEquals(0, explain("tone.wav", "--composite", "rules.txt", "--show-rules"), () -> last.remarks());
    }

    @Test
    void otherMethodsAndDifferencesOfLogitsExplainTheWhole() throws IOException {
        for (String method : AttributionMethod.names().split(", ", -1)) {
            assertEquals(
                    0,
                    explain(
                            "tone.wav",
                            "--attributor",
                            method,
                            "--class",
                            "bass",
                            "--against",
                            "noise",
                            "--overwrite",
                            "--quiet"),
                    () -> last.remarks());
            JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("out/tone/explanation.json")))
                    .getAsJsonObject();
            assertEquals(1, json.getAsJsonArray("maps").size());
            assertTrue(json.get("composite").getAsString().endsWith("against noise"), json::toString);
        }
    }

    @Test
    void throughTakesTheSubspacesOfAnotherClass() throws IOException {
        String[] through = {
            "tone.wav", "--class", "whistle", "--through", "bass", "--subspaces", "subspaces.safetensors"
        };
        assertEquals(0, explain(through), () -> last.remarks());
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("out/tone/explanation.json")))
                .getAsJsonObject();
        assertEquals("bass", json.getAsJsonObject("subspaces").get("class").getAsString());
        String page = Files.readString(folder.resolve("out/report.html"));
        assertTrue(page.contains("The concepts are those of bass: they show what of whistle"), page);
        assertTrue(page.contains("subspaces of bass at"), page);
        int concepts = json.getAsJsonArray("maps").size() - 1;
        assertEquals(ExampleNetwork.CONCEPTS, concepts);
        for (int k = 1; k <= concepts; k++) {
            for (String end : List.of(".png", ".wav")) {
                assertTrue(Files.size(folder.resolve("out/tone/concept-" + k + end)) > 44, k + end);
            }
            assertTrue(page.contains("aria-label=\"Concept " + k + ", sound\""), page);
        }
    }

    @Test
    void throughNeedsTheSubspacesOfThatClass() {
        assertRefused(explain("tone.wav", "--through", "bass"), "--through bass", "--subspaces");
        assertRefused(
                explain("tone.wav", "--through", "drums", "--subspaces", "subspaces.safetensors"),
                "--through drums",
                "bass, whistle, noise");
    }

    @Test
    void methodsAreNotMixedWithSubspaces() {
        assertRefused(
                explain("tone.wav", "--attributor", "gradient", "--subspaces", "subspaces.safetensors"),
                "leave --subspaces out");
        assertRefused(explain("tone.wav", "--attributor", "magic"), "magic", "integrated-gradients");
    }

    @Test
    void startChoosesThePartOfALongerSound() throws IOException {
        ExampleNetwork.writeTone(folder.resolve("long.wav"), 440, 5 * ExampleNetwork.SAMPLES);
        assertEquals(
                0, explain("long.wav", "--start", "1.5", "--inverse", "nnls", "--gain", "2"), () -> last.remarks());
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("out/long/explanation.json")))
                .getAsJsonObject();
        assertEquals(1.5, json.get("start").getAsDouble());
        assertEquals("nnls", json.get("inverse").getAsString());
        assertTrue(json.getAsJsonArray("notes").get(0).getAsString().contains("from 1.5 s to 2 s of 2.5 s"));
    }

    @Test
    void overwriteReplacesAnEarlierRunOnly() throws IOException {
        assertEquals(0, explain("tone.wav", "--subspaces", "subspaces.safetensors"));
        Files.writeString(folder.resolve("out/tone/mine.txt"), "stays");
        assertEquals(2, explain("tone.wav"));
        assertTrue(last.remarks().contains("--overwrite"));
        assertEquals(0, explain("tone.wav", "--overwrite"));
        assertFalse(Files.exists(folder.resolve("out/tone/concept-1.png")));
        assertTrue(Files.exists(folder.resolve("out/tone/mine.txt")));
    }

    @Test
    void refusesUnknownNamesAndNumbersOutOfRange() {
        assertRefused(explain("tone.wav", "--class", "drums"), "drums", "bass, whistle, noise");
        assertRefused(explain("tone.wav", "--composite", "magic"), "magic", "toy, gtzan");
        assertRefused(explain("tone.wav", "--device", "abacus"), "abacus", "cpu");
        assertRefused(explain("tone.wav", "--gain", "0.5"), "--gain 0.5", "1 or more");
        assertRefused(explain("tone.wav", "--start", "-1"), "'-1' is no time in a sound", "1:30");
        assertRefused(explain("tone.wav", "--start", "0.5"), "tone.wav", "the start, 0.5 s", "ends at 0.50 s");
    }

    @Test
    void refusesFilesThatAreNoModel() throws IOException {
        assertRefused(
                run("explain", path("absent.safetensors"), path("tone.wav"), "--out", path("out")),
                "absent.safetensors");
        assertRefused(run("explain", path("tone.wav"), path("tone.wav"), "--out", path("out")), "tone.wav");
        assertRefused(
                run("explain", path("subspaces.safetensors"), path("tone.wav"), "--out", path("out")),
                "subspaces.safetensors",
                "not a model");
        try (Backend backend = CpuBackend.create(1);
                Model bare = Model.create(ModelDescription.cnn(16, new int[] {2, 2}, 4, 3, 0), backend, 1)) {
            ModelFile.save(folder.resolve("bare.safetensors"), bare);
        }
        assertRefused(
                run("explain", path("bare.safetensors"), path("tone.wav"), "--out", path("out")),
                "bare.safetensors",
                "unweave train");
    }

    @Test
    void refusesWeightsThatAreNotNumbers() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = ExampleNetwork.model(backend, 1)) {
            Map<String, float[]> weights = new TreeMap<>(model.weights());
            weights.get("dense3.bias")[0] = Float.NaN;
            model.setWeights(weights);
            ModelFile.save(folder.resolve("model.safetensors"), model);
        }
        assertRefused(explain("tone.wav"), "tone.wav: the model gives the logit NaN to ");
    }

    @Test
    void refusesSubspacesThatDoNotBelongToTheModel() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model other = ExampleNetwork.model(backend, 2)) {
            SubspaceFile.save(folder.resolve("other.safetensors"), ExampleNetwork.subspaces(other, 0));
        }
        assertRefused(explain("tone.wav", "--subspaces", "other.safetensors"), "other.safetensors", "another model");
        assertRefused(
                explain("tone.wav", "--subspaces", "model.safetensors"),
                "model.safetensors",
                "not a file of subspaces");
        assertRefused(explain("tone.wav", "--subspaces", "absent.safetensors"), "absent.safetensors");
    }

    @Test
    void refusesAClassWithoutSubspaces() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = ExampleNetwork.model(backend, 1)) {
            SubspaceFile.save(folder.resolve("two.safetensors"), ExampleNetwork.subspaces(model, 0, 1));
        }
        assertRefused(
                explain("tone.wav", "--subspaces", "two.safetensors", "--class", "noise"),
                "--class noise",
                "bass, whistle");
    }

    @Test
    void refusesSoundsThatCannotBeRead() throws IOException {
        byte[] wav = Files.readAllBytes(folder.resolve("tone.wav"));
        Files.write(folder.resolve("cut.wav"), Arrays.copyOf(wav, wav.length / 2));
        Files.writeString(
                folder.resolve("text.wav"),
                "Dear diary, today I did not record anything at all, but wrote this text instead.");
        Files.write(folder.resolve("empty.wav"), Arrays.copyOf(wav, 0));
        for (String name : List.of("absent.wav", "cut.wav", "text.wav", "empty.wav")) {
            assertRefused(explain("tone.wav", name), name);
        }
    }

    @Test
    void refusesSoundsThatCannotBeExplained() throws IOException {
        SoundFiles.writeWav(
                folder.resolve("silent.wav"), new float[ExampleNetwork.SAMPLES], ExampleNetwork.SAMPLE_RATE);
        assertRefused(explain("tone.wav", "silent.wav"), "silent.wav: silent");
        float[] late = new float[4 * ExampleNetwork.SAMPLES];
        System.arraycopy(ExampleNetwork.tone(440, ExampleNetwork.SAMPLES), 0, late, 8000, ExampleNetwork.SAMPLES);
        SoundFiles.writeWav(folder.resolve("late.wav"), late, ExampleNetwork.SAMPLE_RATE);
        assertRefused(explain("late.wav"), "late.wav: silent from 0.00 s to 0.50 s", "starts at 1 s");
        Sound broken = Sound.ofMono(ExampleNetwork.tone(440, ExampleNetwork.SAMPLES), ExampleNetwork.SAMPLE_RATE);
        SoundFiles.write(folder.resolve("nan.wav"), broken, SampleFormat.FLOAT_32);
        byte[] bytes = Files.readAllBytes(folder.resolve("nan.wav"));
        System.arraycopy(new byte[] {0, 0, (byte) 0xc0, 0x7f}, 0, bytes, bytes.length - 4000, 4);
        Files.write(folder.resolve("nan.wav"), bytes);
        assertRefused(explain("nan.wav"), "nan.wav", "NaN");
    }
}
