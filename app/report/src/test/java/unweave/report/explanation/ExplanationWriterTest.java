package unweave.report.explanation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.drsa.SubspaceSet;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.model.Probabilities;
import unweave.explain.AudioModel;
import unweave.explain.Choices;
import unweave.explain.ExampleNetwork;
import unweave.explain.Excerpt;
import unweave.explain.Explainer;
import unweave.explain.MapView;
import unweave.explain.Question;
import unweave.explain.Sound;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;

class ExplanationWriterTest {
    private static final Question WHISTLE = new Question().withClass("whistle");
    private static final int MAPS = 1 + ExampleNetwork.CONCEPTS;

    @TempDir
    private static Path shared;
    /** Results for one sound, "kick.wav", with subspaces. */
    private static Path kick;

    @TempDir
    private Path folder;

    @BeforeAll
    static void explainOneSound() throws IOException {
        kick = explain(
                shared,
                1,
                true,
                "out",
                ExampleNetwork.writeTone(shared.resolve("kick.wav"), 440, ExampleNetwork.SAMPLES));
    }

    private Path explain(int threads, boolean split, String out, Path... files) throws IOException {
        return explain(folder, threads, split, out, files);
    }

    /** Explains the files for class "whistle" and returns the folder of the results. */
    private static Path explain(Path folder, int threads, boolean split, String out, Path... files) throws IOException {
        try (Backend backend = CpuBackend.create(threads);
                Model model = ExampleNetwork.model(backend, 1)) {
            ModelSettings settings = ExampleNetwork.settings(model);
            Optional<SubspaceSet> subspaces =
                    split ? Optional.of(ExampleNetwork.subspaces(model, 1)) : Optional.empty();
            ExplainRun run = new ExplainRun(
                    "model.safetensors",
                    ModelFile.fingerprint(model),
                    ExampleNetwork.CLASSES,
                    Probabilities.SOFTMAX,
                    settings.frontEnd(),
                    Optional.of("subspaces.safetensors"),
                    "toy",
                    "pinv",
                    1,
                    7);
            OutputFolder results = OutputFolder.open(folder.resolve(out), OutputFolder.Existing.OVERWRITE);
            try (Explainer explainer =
                    new Explainer(new AudioModel(model, settings), Composite.toy(), subspaces, new Choices())) {
                ExplanationWriter writer = new ExplanationWriter(
                        results,
                        run,
                        new ExplanationPictures(MapView.of(explainer.model().frontEnd()), 1));
                for (Path file : files) {
                    Excerpt excerpt = explainer.model().excerpt(Sound.read(file));
                    writer.write(excerpt, explainer.explain(excerpt, WHISTLE));
                }
                writer.writeReport();
            }
            return results.path();
        }
    }

    private Path tone(String name, int samples) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return ExampleNetwork.writeTone(file, 440, samples);
    }

    private static JsonObject numbers(Path results, String sound) throws IOException {
        return JsonParser.parseString(Files.readString(results.resolve(sound).resolve("explanation.json")))
                .getAsJsonObject();
    }

    private static float[] npy(Path file, String shape) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        assertTrue(
                new String(bytes.array(), 10, header, StandardCharsets.US_ASCII).contains("'shape': (" + shape + ")"),
                file.toString());
        bytes.position(10 + header);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void writesPicturesSoundsArraysNumbersAndAReport() throws IOException {
        assertTrue(Files.isRegularFile(kick.resolve("report.html")));
        Path sound = kick.resolve("kick");
        for (String name :
                List.of("log-mel", "standard", "concept-1", "concept-2", "concept-3", "concept-4", "overview")) {
            assertTrue(
                    ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(sound.resolve(name + ".png"))))
                                    .getWidth()
                            > 100,
                    name);
        }
        assertEquals(ExampleNetwork.SAMPLES, wav(sound.resolve("input.wav")).length());
        for (String name : List.of("standard", "concept-1", "concept-2", "concept-3", "concept-4")) {
            assertEquals(
                    ExampleNetwork.HOP * (ExampleNetwork.SIDE - 1),
                    wav(sound.resolve(name + ".wav")).length(),
                    name);
        }
        try (Stream<Path> files = Files.list(sound)) {
            assertEquals(7 + 6 + 2 + 1, files.count());
        }
    }

    private static unweave.audio.file.Sound wav(Path file) throws IOException {
        unweave.audio.file.Sound sound = SoundFiles.read(file);
        assertEquals(ExampleNetwork.SAMPLE_RATE, sound.sampleRate());
        assertEquals(1, sound.channels().length);
        return sound;
    }

    @Test
    void theNumbersAreThoseOfTheArrays() throws IOException {
        JsonObject json = numbers(kick, "kick");
        float[] relevance = npy(kick.resolve("kick/relevance.npy"), "5, 16, 16");
        npy(kick.resolve("kick/log-mel.npy"), "16, 16");
        JsonArray maps = json.getAsJsonArray("maps");
        assertEquals(MAPS, maps.size());
        int pixels = ExampleNetwork.SIDE * ExampleNetwork.SIDE;
        double total = maps.get(0).getAsJsonObject().get("sum").getAsDouble();
        double sharesOfConcepts = 0;
        for (int k = 0; k < MAPS; k++) {
            JsonObject map = maps.get(k).getAsJsonObject();
            double sum = 0;
            double positive = 0;
            for (int i = 0; i < pixels; i++) {
                sum += relevance[k * pixels + i];
                positive += Math.max(0, relevance[k * pixels + i]);
            }
            assertEquals(k == 0 ? "standard" : "concept-" + k, map.get("name").getAsString());
            assertEquals(sum, map.get("sum").getAsDouble(), 1e-9);
            assertEquals(positive, map.get("positiveSum").getAsDouble(), 1e-9);
            assertEquals(sum / total, map.get("share").getAsDouble(), 1e-9);
            assertTrue(
                    Files.exists(kick.resolve("kick").resolve(map.get("picture").getAsString())));
            assertTrue(
                    Files.exists(kick.resolve("kick").resolve(map.get("sound").getAsString())));
            sharesOfConcepts += k == 0 ? 0 : map.get("share").getAsDouble();
        }
        assertEquals(1, sharesOfConcepts, 1e-4);
    }

    @Test
    void theNumbersSayWhatWasExplainedAndHow() throws IOException {
        JsonObject json = numbers(kick, "kick");
        assertEquals("whistle", json.get("explainedClass").getAsString());
        assertEquals(7, json.get("seed").getAsInt());
        assertEquals(
                16,
                json.getAsJsonObject("model").get("fingerprint").getAsString().length());
        assertEquals("conv2", json.getAsJsonObject("subspaces").get("layer").getAsString());
        assertEquals("RANDOM", json.getAsJsonObject("subspaces").get("method").getAsString());
        assertEquals(4, json.getAsJsonObject("subspaces").get("concepts").getAsInt());
        JsonArray classes = json.getAsJsonArray("classes");
        double logit = classes.get(1).getAsJsonObject().get("logit").getAsDouble();
        double probabilities = 0;
        for (JsonElement one : classes) {
            probabilities += one.getAsJsonObject().get("probability").getAsDouble();
        }
        assertEquals(1, probabilities, 1e-12);
        JsonObject conservation = json.getAsJsonObject("conservation");
        assertEquals(logit, conservation.get("logit").getAsDouble(), 1e-6);
        assertTrue(conservation.get("conceptSumError").getAsDouble() < 1e-5);
        assertEquals(5, conservation.getAsJsonArray("layers").size());
    }

    @Test
    void withoutSubspacesThereIsOnlyTheStandardMap() throws IOException {
        Path results = explain(1, false, "out", tone("kick.wav", ExampleNetwork.SAMPLES));
        JsonObject json = numbers(results, "kick");
        assertEquals(1, json.getAsJsonArray("maps").size());
        assertTrue(json.get("subspaces").isJsonNull());
        assertTrue(json.getAsJsonObject("conservation").get("conceptSumError").isJsonNull());
        assertFalse(Files.exists(results.resolve("kick/concept-1.png")));
        npy(results.resolve("kick/relevance.npy"), "1, 16, 16");
    }

    @Test
    void paddingIsNotedInNumbersAndReport() throws IOException {
        Path results = explain(1, true, "out", tone("brief.wav", 1000));
        JsonObject json = numbers(results, "brief");
        assertEquals(0.375, json.get("padded").getAsDouble());
        assertEquals(0.5, json.get("duration").getAsDouble());
        assertTrue(json.getAsJsonArray("notes").get(0).getAsString().contains("0.375 s of silence were appended"));
        assertTrue(Files.readString(results.resolve("report.html")).contains("0.375 s of silence were appended"));
    }

    @Test
    void theReportOfOneSoundHoldsIt() throws IOException {
        String html = Files.readString(kick.resolve("report.html"));
        assertEquals(1 + MAPS, html.split("<audio[^>]+src=\"data:audio/flac;base64,", -1).length - 1);
        assertEquals(1 + MAPS, html.split("<div class=\"drawn\" role=\"img\" aria-label=\"", -1).length - 1);
        assertFalse(html.contains("data-source=\"") || html.contains("&#39;self&#39;"));
        assertFalse(Files.exists(kick.resolve("kick/room.js")));
    }

    /** The sounds lie beside it, and are read when they come into sight. */
    @Test
    void theReportShowsEverySound() throws IOException {
        Path results = explain(1, true, "out", tone("a/kick.wav", 4000), tone("b/kick.wav", 3000));
        String html = Files.readString(results.resolve("report.html"));
        assertEquals(2 * (1 + MAPS), html.split("<audio", -1).length - 1);
        assertEquals(2, html.split("<img src=\"kick(-2)?/overview.png\"", -1).length - 1);
        for (String sound : List.of("kick", "kick-2")) {
            assertTrue(html.contains("data-key=\"" + sound + "\" data-source=\"" + sound + "/room.js\""));
            assertTrue(Files.readString(results.resolve(sound).resolve("room.js"))
                    .startsWith("unweave.room(\"" + sound + "\",{\"title\":\"kick.wav\""));
        }
        assertTrue(html.length() < 150_000, "the page holds no sounds and no pictures");
        assertFalse(html.contains("http://") || html.contains("https://"));
        assertTrue(
                html.contains("href=\"kick/explanation.json\"") && html.contains("href=\"kick-2/explanation.json\""));
        assertEquals(
                folder.resolve("b/kick.wav").toString(),
                numbers(results, "kick-2").get("file").getAsString());
    }

    @Test
    void theReportHoldsSoundsWithDifferentNumbersOfConcepts() throws IOException {
        try (Backend backend = CpuBackend.create(1);
                Model model = ExampleNetwork.model(backend, 1);
                Explainer explainer = new Explainer(
                        new AudioModel(model, ExampleNetwork.settings(model)),
                        Composite.toy(),
                        Optional.empty(),
                        new Choices())) {
            ExplainRun run = new ExplainRun(
                    "model.safetensors",
                    "0123456789abcdef",
                    ExampleNetwork.CLASSES,
                    Probabilities.SOFTMAX,
                    explainer.model().frontEnd(),
                    Optional.empty(),
                    "toy",
                    "pinv",
                    2,
                    7);
            OutputFolder results = OutputFolder.open(folder.resolve("mixed"), OutputFolder.Existing.REFUSE);
            ExplanationWriter writer = new ExplanationWriter(
                    results,
                    run,
                    new ExplanationPictures(MapView.of(explainer.model().frontEnd()), 2));
            Excerpt excerpt = explainer.model().excerpt(Sound.read(tone("kick.wav", 4000)));
            writer.write(excerpt, explainer.explain(excerpt, WHISTLE));
            writer.write(
                    excerpt,
                    explainer.explain(
                            excerpt.signal(),
                            1,
                            ExampleNetwork.subspaces(model, 1).ofClass(1)));
            assertTrue(Files.readString(writer.writeReport()).contains("4 subspaces of whistle at conv2"));
            writer.write(
                    excerpt,
                    explainer.explain(
                            excerpt.signal(),
                            0,
                            ExampleNetwork.subspaces(model, 0).ofClass(0)));
            String html = Files.readString(writer.writeReport());
            assertTrue(html.contains("concepts of whistle, bass have nothing to do with each other"));
            assertEquals(2 + 2 * (1 + MAPS), html.split("<audio", -1).length - 1);
            assertTrue(html.contains("concept 4") && html.contains("gain 2"));
        }
    }

    @Test
    void theSameFilesWhateverTheNumberOfThreads() throws IOException {
        Map<String, byte[]> one = contents(kick);
        Map<String, byte[]> three = contents(explain(3, true, "three", shared.resolve("kick.wav")));
        assertEquals(one.keySet(), three.keySet());
        one.forEach((name, bytes) -> assertArrayEquals(bytes, three.get(name), name));
    }

    private static Map<String, byte[]> contents(Path results) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(results)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(results.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void aFailureMidwayLeavesCompleteFilesOnly() throws IOException {
        Path first = tone("first.wav", 4000);
        Path second = tone("second.wav", 4000);
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/second"), "a file where a folder is needed");
        String message = assertThrows(IOException.class, () -> explain(1, true, "out", first, second))
                .getMessage();
        assertTrue(message.contains("second") && message.lines().count() == 1, message);
        assertEquals(
                MAPS,
                numbers(folder.resolve("out"), "first").getAsJsonArray("maps").size());
        assertFalse(Files.exists(folder.resolve("out/report.html")));
        assertTrue(contents(folder.resolve("out")).keySet().stream().noneMatch(name -> name.endsWith(".tmp")));
    }
}
