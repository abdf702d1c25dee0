package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.explain.preset.Preset;

/** Sounds as people have them: most of it silence, much longer than an input, at other rates than a preset wants. */
class LongAndSparseSoundsTest {
    @TempDir
    private Path folder;

    /** Four sounds of two classes: tones of so many seconds in so many seconds. */
    private Path sounds(String name, double sounding, double seconds, int... rates) throws IOException {
        for (int label = 0; label < 2; label++) {
            Path ofClass = Files.createDirectories(folder.resolve(name).resolve("class" + label));
            for (int i = 0; i < 4; i++) {
                float[] sound = new float[(int) (seconds * rates[label])];
                for (int n = 0; n < sounding * rates[label]; n++) {
                    sound[n] = (float) (0.5 * Math.sin(2 * Math.PI * (300 + 900 * label + 10 * i) * n / rates[label]));
                }
                SoundFiles.writeWav(ofClass.resolve(i + ".wav"), sound, rates[label]);
            }
        }
        return folder.resolve(name);
    }

    /** What a command says on its way. */
    private static String run(String... arguments) {
        return CommandRun.of(arguments).assertDone().remarks();
    }

    private int trainingInputs(String out) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(out).resolve("training.json")))
                .getAsJsonObject()
                .get("trainingInputs")
                .getAsInt();
    }

    private String train(Path data, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                data.toString(),
                "--threads",
                "2",
                "--out",
                folder.resolve(out).toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    /** Random places in clips of 5 s whose first 0.25 s is all there is: none of the visits finds only silence. */
    @Test
    void clipsThatAreMostlySilentTrainToTheEnd() throws IOException {
        Path preset = folder.resolve("augmented.json");
        Files.writeString(
                preset,
                Preset.text("toy").replace("\"waveformAugmentation\": false", "\"waveformAugmentation\": true"));
        Path data = sounds("sparse", 0.25, 5, 8000, 8000);
        String said = train(data, "sparse-model", "--preset", preset.toString(), "--epochs", "20");
        assertTrue(said.contains("silent slices of " + data + " are left out"), said);
        assertEquals(4, trainingInputs("sparse-model"));
    }

    @Test
    void longRecordingsAreUsedWholeWithAHopAndSaidToBeCutWithoutOne() throws IOException {
        Path data = sounds("long", 40, 40, 8000, 8000);
        String said = train(data, "ten", "--epochs", "1");
        assertTrue(
                said.contains("4 of 4 sounds are longer than 29 s; of these, ten slices of the first 29 s are used"));
        assertEquals(4 * 10, trainingInputs("ten"));
        said = train(data, "whole", "--epochs", "1", "--hop", "0.5");
        assertFalse(said.contains("longer than"), said);
        assertEquals(4 * 79, trainingInputs("whole"));
        run(
                "subspaces",
                folder.resolve("whole/model.safetensors").toString(),
                "--data",
                data.toString(),
                "--hop",
                "2",
                "--steps",
                "5",
                "--out",
                folder.resolve("concepts").toString());
        run(
                "references",
                folder.resolve("whole/model.safetensors").toString(),
                "--subspaces",
                folder.resolve("concepts/subspaces.safetensors").toString(),
                "--data",
                data.toString(),
                "--hop",
                "2",
                "--concepts",
                "1",
                "--top",
                "1",
                "--out",
                folder.resolve("references").toString());
        assertTrue(Files.exists(folder.resolve("references/report.html")));
        assertEquals(2, Main.run("train", data.toString(), "--hop", "0", "--out", folder.resolve("no") + "", "-q"));
    }

    @Test
    void ratesThatLeaveBandsEmptyAreSaidBeforeTraining() throws IOException {
        String said = train(sounds("rates", 2, 2, 8000, 16_000), "rates-model", "--epochs", "1");
        assertTrue(
                said.contains("4 of 8 sounds were recorded at 8000 Hz and hold nothing above 4000 Hz; 15 of its 64"));
        assertTrue(said.contains("tell classes by this alone (class0 4 of 4, class1 0 of 4)"), said);
    }
}
