package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.cli.CommandRun;
import unweave.explain.ExampleNetwork;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Folders and manifests of labelled sounds, and whole recordings. */
class ExplainSetTest {
    private static final int RATE = ExampleNetwork.SAMPLE_RATE;

    @TempDir
    private Path folder;

    private CommandRun last;

    @BeforeEach
    void writeModel() throws IOException {
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
        }
        for (String name : List.of("bass", "whistle")) {
            Files.createDirectories(folder.resolve("set").resolve(name));
            for (int i = 0; i < 5; i++) {
                ExampleNetwork.writeTone(
                        folder.resolve("set").resolve(name).resolve(i + ".wav"),
                        (name.equals("bass") ? 100 : 900) + 40 * i,
                        ExampleNetwork.SAMPLES);
            }
        }
    }

    private int explain(String what, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "explain",
                folder.resolve("model.safetensors").toString(),
                folder.resolve(what).toString(),
                "--out",
                folder.resolve("out").toString()));
        arguments.addAll(Arrays.asList(options));
        last = CommandRun.of(arguments.toArray(new String[0]));
        return last.code();
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(file));
    }

    private String[] withConcepts(String... more) {
        List<String> options = new ArrayList<>(
                List.of("--subspaces", folder.resolve("subspaces.safetensors").toString()));
        options.addAll(List.of(more));
        return options.toArray(new String[0]);
    }

    @Test
    void aFolderIsCountedAndSomeSoundsExplainedInFull() throws IOException {
        assertEquals(0, explain("set", withConcepts("--limit", "2")), () -> last.remarks());
        List<String> rows = lines("sounds.csv");
        assertEquals(11, rows.size());
        assertTrue(rows.get(0).startsWith("path,start,truth,decision,right,probability"), rows.get(0));
        JsonObject numbers = JsonParser.parseString(Files.readString(folder.resolve("out/set.json")))
                .getAsJsonObject();
        long right = rows.stream().filter(row -> row.contains(",true,")).count();
        assertEquals(10, numbers.get("sounds").getAsInt());
        assertEquals(right, numbers.get("right").getAsLong());
        assertTrue(last.results().contains(right + " of 10 sounds are decided rightly"));
        List<Path> inFull = foldersInFull();
        assertEquals(2, inFull.size(), inFull.toString());
        for (Path sound : inFull) {
            assertTrue(Files.exists(sound.resolve("concept-1.wav")) && Files.exists(sound.resolve("standard.png")));
        }
        String page = Files.readString(folder.resolve("out/report.html"));
        assertTrue(page.contains("10 labelled sounds explained"));
        String inPage = Files.readString(folder.resolve("out/sounds/report.html"));
        for (int i = 1; i <= inFull.size(); i++) {
            assertTrue(page.contains("href=\"sounds/report.html#sound-" + i + "\""), page);
            assertTrue(inPage.contains("id=\"sound-" + i + "\""));
        }
    }

    private List<Path> foldersInFull() throws IOException {
        try (var all = Files.list(folder.resolve("out/sounds"))) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    /** What the table says of a sound is what its own page says, by whatever method. */
    @Test
    void theTableAgreesWithTheSoundsInFull() throws IOException {
        for (String[] options : List.of(
                withConcepts(),
                withConcepts("--class", "whistle"),
                withConcepts("--through", "bass"),
                new String[] {"--attributor", "gradient-x-input"},
                new String[] {"--class", "bass", "--against", "whistle"})) {
            List<String> all = new ArrayList<>(List.of(options));
            all.addAll(List.of("--overwrite", "--limit", "3"));
            assertEquals(0, explain("set", all.toArray(new String[0])), () -> last.remarks());
            List<String> rows = lines("sounds.csv");
            List<String> header = List.of(rows.get(0).split(",", -1));
            for (Path sound : foldersInFull()) {
                JsonObject numbers = json(sound.resolve("explanation.json"));
                List<String> row = rows.stream()
                        .filter(one -> one.startsWith(numbers.get("file").getAsString() + ","))
                        .map(one -> List.of(one.split(",", -1)))
                        .findFirst()
                        .orElseThrow();
                JsonObject whole = numbers.getAsJsonArray("maps").get(0).getAsJsonObject();
                double relevance = Double.parseDouble(row.get(header.indexOf("relevance")));
                assertEquals(whole.get("sum").getAsDouble(), relevance, 1e-4 * Math.abs(relevance), all.toString());
                assertEquals(numbers.get("explainedClass").getAsString(), row.get(header.indexOf("explained")));
                if (relevance > 0 && !numbers.get("subspaces").isJsonNull()) {
                    String of =
                            numbers.getAsJsonObject("subspaces").get("class").getAsString();
                    double share = numbers.getAsJsonArray("maps")
                            .get(2)
                            .getAsJsonObject()
                            .get("share")
                            .getAsDouble();
                    String cell = row.get(header.indexOf("share " + of + " concept 2"));
                    assertEquals(share, Double.parseDouble(cell), 1e-4, all.toString());
                }
            }
        }
    }

    @Test
    void oneOfTheModelsClassesIsASetToo() throws IOException {
        Files.createDirectories(folder.resolve("one"));
        Files.move(folder.resolve("set/bass"), folder.resolve("one/bass"));
        assertEquals(0, explain("one"), () -> last.remarks());
        assertEquals(6, lines("sounds.csv").size());
        assertEquals(2, explain("one/bass", "--overwrite"));
        String message = last.remarks();
        assertTrue(message.contains("to explain the 5 sounds in it without classes, name the files"), message);
    }

    @Test
    void manyBrokenSoundsAreAllListedOrKeptInATable() throws IOException {
        for (int i = 0; i < 7; i++) {
            Files.writeString(folder.resolve("set/bass/broken" + i + ".wav"), "no sound");
        }
        assertEquals(2, explain("set"));
        List<String> said = last.remarks().lines().toList();
        for (int i = 0; i < 7; i++) {
            String name = "broken" + i + ".wav";
            assertEquals(
                    1,
                    said.stream()
                            .filter(line -> line.startsWith("note: ") && line.contains(name))
                            .count(),
                    name);
        }
        String end = said.get(said.size() - 1);
        assertTrue(end.contains("7 of 17 sounds cannot be used, the first: "), end);
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals(0, explain("set", "--skip-unreadable"), () -> last.remarks());
        assertEquals(8, lines("skipped.csv").size());
        assertEquals(11, lines("sounds.csv").size());
        assertTrue(last.results().contains("7 left out, see skipped.csv"));
    }

    @Test
    void onlyWrongSoundsAreExplainedInFullWhereThatIsAskedFor() throws IOException {
        assertEquals(0, explain("set", withConcepts("--wrong-only", "--limit", "100")), () -> last.remarks());
        long wrong = lines("sounds.csv").stream()
                .filter(row -> row.contains(",false,"))
                .count();
        assertEquals(wrong, foldersInFull().size());
    }

    @Test
    void aManifestIsASetAndBrokenSoundsStopItBeforeAnythingIsWritten() throws IOException {
        Files.writeString(folder.resolve("set/bass/broken.wav"), "no sound");
        Files.writeString(folder.resolve("set/bass/worse.flac"), "neither");
        Files.writeString(
                folder.resolve("set/all.csv"),
                "path;label\nbass/0.wav;bass\nbass/broken.wav;bass\nbass/worse.flac;bass\nwhistle/0.wav;whistle\n");
        assertEquals(2, explain("set/all.csv"));
        String message = last.remarks();
        assertTrue(message.contains("2 of 4 sounds cannot be used"), message);
        assertTrue(message.contains("broken.wav") && message.contains("worse.flac"), message);
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals(0, explain("set/all.csv", "--skip-unreadable"), () -> last.remarks());
        assertEquals(3, lines("sounds.csv").size());
        message = last.remarks();
        assertTrue(message.contains("broken.wav: left out") && message.contains("worse.flac: left out"), message);
    }

    @Test
    void oneOfTheManifestsPartsCanBeChosen() throws IOException {
        Files.writeString(
                folder.resolve("set/parts.csv"),
                """
                path,label,split
                bass/0.wav,bass,train
                bass/1.wav,bass,test
                whistle/0.wav,whistle,train
                whistle/1.wav,whistle,train
                whistle/2.wav,whistle,test
                """);
        assertEquals(0, explain("set/parts.csv", "--split", "test", "--limit", "1"), () -> last.remarks());
        List<String> rows = lines("sounds.csv");
        assertEquals(3, rows.size(), rows.toString());
        assertTrue(rows.get(1).contains("bass/1.wav") && rows.get(2).contains("whistle/2.wav"), rows.toString());
        assertEquals("test", json(folder.resolve("out/set.json")).get("split").getAsString());
        assertTrue(Files.readString(folder.resolve("out/report.html")).contains("parts.csv (test sounds)"));
        assertEquals(0, explain("set", "--split", "test", "--limit", "0", "--overwrite"), () -> last.remarks());
        assertEquals(3, lines("sounds.csv").size(), "a fifth of each class");
        Files.writeString(
                folder.resolve("set/folds.csv"),
                "path,label,fold\nbass/0.wav,bass,0\nbass/1.wav,bass,1\nbass/2.wav,bass,2\n");
        assertEquals(
                0,
                explain("set/folds.csv", "--split", "test", "--fold", "2", "--limit", "0", "--overwrite"),
                () -> last.remarks());
        assertTrue(
                lines("sounds.csv").get(1).contains("bass/2.wav"),
                lines("sounds.csv").toString());
    }

    @Test
    void aPartWithoutSoundsIsRefused() throws IOException {
        Files.writeString(folder.resolve("set/parts.csv"), "path,label,split\nbass/0.wav,bass,test\n");
        explain("set/parts.csv", "--split", "train");
        last.assertRefused("parts.csv: holds no train sounds");
        explain("set", "--fold", "1");
        last.assertRefused("--fold 1: add --split test");
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void optionsOfSetsAreRefusedForSingleSounds() {
        assertEquals(2, explain("set/bass/0.wav", "--wrong-only"));
        assertTrue(last.remarks().contains("--wrong-only: is for a folder or manifest"));
        assertEquals(2, explain("set/bass/0.wav", "--split", "test"));
        assertTrue(last.remarks().contains("--split: is for a folder or manifest"));
        assertEquals(2, explain("set/bass/0.wav", "--end", "2"));
        assertTrue(last.remarks().contains("--end: is for whole recordings; add --whole"));
        assertEquals(2, explain("set", "--ledger"));
        assertTrue(last.remarks().contains("--ledger: is for single sounds"));
        assertEquals(2, explain("set", folder.resolve("set").toString()));
        assertTrue(last.remarks().contains("one folder or manifest at a time"), () -> last.remarks());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aWholeRecordingBecomesATimelineWithPassages() throws IOException {
        float[] recording = new float[60 * RATE];
        for (int n = 0; n < recording.length; n++) {
            double time = (double) n / RATE;
            recording[n] = (float) (0.3 * Math.sin(2 * Math.PI * (100 + 15 * time) * time));
        }
        SoundFiles.writeWav(folder.resolve("long.wav"), recording, RATE);
        assertEquals(
                0,
                explain("long.wav", withConcepts("--whole", "--start", "0:10", "--end", "1:00", "--top-k", "1")),
                () -> last.remarks());
        List<String> windows = lines("long/timeline.csv");
        assertEquals(1 + 199, windows.size());
        assertTrue(windows.get(1).startsWith("10.0000,10.5000,"), windows.get(1));
        assertTrue(windows.get(199).startsWith("59.5000,60.0000,"), windows.get(199));
        List<String> objects = lines("long/timeline.jsonl");
        assertEquals(199, objects.size());
        JsonObject first = JsonParser.parseString(objects.get(0)).getAsJsonObject();
        assertEquals(3, first.getAsJsonArray("probabilities").size());
        assertEquals(4, first.getAsJsonArray("concepts").size());
        List<String> passages = lines("long/passages.csv");
        assertTrue(passages.size() > 1);
        for (String passage : passages.subList(1, passages.size())) {
            String sound = passage.substring(passage.lastIndexOf(',') + 1);
            int samples =
                    SoundFiles.read(folder.resolve("out/long").resolve(sound)).length();
            assertTrue(samples > 0.9 * ExampleNetwork.SAMPLES, sound + " has " + samples + " samples");
        }
        assertTrue(Files.readString(folder.resolve("out/report.html")).contains("Concept 1 of "));
    }

    /** A sound that begins late is explained where it begins; a header that counts itself is said. */
    @Test
    void whatIsOddAboutFilesIsSaidAndTheyAreExplained() throws IOException {
        float[] late = new float[3 * ExampleNetwork.SAMPLES];
        float[] tone = ExampleNetwork.tone(300, ExampleNetwork.SAMPLES);
        System.arraycopy(tone, 0, late, 2 * ExampleNetwork.SAMPLES, tone.length);
        SoundFiles.writeWav(folder.resolve("set/bass/late.wav"), late, RATE);
        Path header = folder.resolve("set/whistle/0.wav");
        byte[] bytes = Files.readAllBytes(header);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, bytes.length);
        Files.write(header, bytes);
        assertEquals(0, explain("set"), last.remarks());
        String said = last.remarks();
        assertTrue(said.contains("late.wav: silent at 0 s; it begins at "), said);
        assertTrue(said.contains(header + ": its header promises "), said);
        assertTrue(last.results().contains(" of 11 sounds are decided rightly"));
    }
}
