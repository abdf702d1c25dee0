package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mistake gives: one line that says what was wrong, exit code 2, and nothing written. */
class BadInputTest {
    @TempDir
    private static Path folder;

    private static String data;
    private static String model;

    @BeforeAll
    static void trainSomething() {
        data = folder.resolve("data").toString();
        model = folder.resolve("model/model.safetensors").toString();
        assertEquals(0, Main.run("synth", "--samples", "10", "--out", data, "--quiet"));
        assertEquals(
                0,
                Main.run(
                        "train",
                        data + "/manifest.csv",
                        "--epochs",
                        "1",
                        "--out",
                        folder.resolve("model").toString(),
                        "--quiet"));
    }

    private static void refused(String expected, String... arguments) {
        CommandRun.of(arguments).assertRefused(expected);
        assertFalse(Files.exists(folder.resolve("out")), "nothing may be written");
    }

    private static String out() {
        return folder.resolve("out").toString();
    }

    @Test
    void missingData() {
        refused("no such folder or manifest", "train", folder.resolve("nowhere").toString(), "--out", out());
    }

    /** Before a network is trained for it. */
    @Test
    void aDemoOfWhatCannotBeSplit() {
        refused("no layer \"pool9\"", "demo", "--layer", "pool9", "--out", out());
        refused("choose K from 1, 2, 4, 8, 16", "demo", "--concepts", "5", "--out", out());
    }

    @Test
    void aFolderWithoutClasses() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        refused("found no class", "train", empty.toString(), "--out", out());
    }

    @Test
    void aClassWithTooFewSounds() throws IOException {
        Path few = folder.resolve("few");
        for (String sound : java.util.List.of("class1/00000", "class1/00001", "class1/00002", "class2/00000")) {
            Path copy = few.resolve(sound + ".wav");
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(data, sound + ".wav"), copy);
        }
        refused(
                "class class2 has 1 training, 0 validation and 0 test sounds, but at least 1 of each is needed; add"
                        + " sounds until it has at least 3",
                "train",
                few.toString(),
                "--out",
                out());
    }

    @Test
    void classWeightsOfAClassThatDoesNotExist() {
        refused(
                "class weights: there is no class dog; the classes are class1, class2",
                "train",
                data + "/manifest.csv",
                "--class-weights",
                "dog=2",
                "--out",
                out());
    }

    @Test
    void aTrainingGoesOnWithItsOwnClassWeights() {
        refused(
                "belongs to a training with class weights none, not [",
                "train",
                data + "/manifest.csv",
                "--epochs",
                "1",
                "--resume",
                "--class-weights",
                "balanced",
                "--out",
                folder.resolve("model").toString());
    }

    @Test
    void aFolderWithOneClass() throws IOException {
        Path single = Files.createDirectories(folder.resolve("single/only"));
        Files.copy(Path.of(data, "class1/00001.wav"), single.resolve("a.wav"));
        refused("only the class only", "train", single.getParent().toString(), "--out", out());
    }

    @Test
    void aManifestWithoutColumns() throws IOException {
        Path manifest = Files.writeString(folder.resolve("bad.csv"), "file,genre\na.wav,rock\n");
        refused("must name the columns path and label", "train", manifest.toString(), "--out", out());
    }

    @Test
    void aManifestThatListsAMissingSound() throws IOException {
        Path manifest = Files.writeString(folder.resolve("missing.csv"), "path,label\nnot-there.wav,rock\n");
        refused("not-there.wav", "train", manifest.toString(), "--out", out());
    }

    private static Path truncatedSounds(int count) throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken" + count));
        byte[] wav = Files.readAllBytes(Path.of(data, "class1/00001.wav"));
        for (String name : java.util.List.of("a", "b")) {
            Files.createDirectories(broken.resolve(name));
            for (int i = 0; i < 3; i++) {
                Files.write(broken.resolve(name).resolve(i + "-whole.wav"), wav);
            }
        }
        for (int i = 0; i < count; i++) {
            Files.write(broken.resolve("a").resolve(i + "-cut.wav"), java.util.Arrays.copyOf(wav, wav.length / 2));
        }
        return broken;
    }

    @Test
    void truncatedSoundsAmongTheDataAreListed() throws IOException {
        Path broken = truncatedSounds(4);
        for (String expected :
                java.util.List.of("4 of 10 sounds cannot be used", "0-cut.wav: truncated", "with --skip-unreadable")) {
            refused(expected, "train", broken.toString(), "--out", out());
            refused(expected, "train", broken.toString(), "--folds", "3", "--out", out());
        }
    }

    @Test
    void unreadableSoundsCanBeLeftOut() throws IOException {
        Path trained = folder.resolve("skipped");
        assertEquals(
                0,
                Main.run(
                        "train",
                        truncatedSounds(2).toString(),
                        "--skip-unreadable",
                        "--epochs",
                        "1",
                        "--out",
                        trained.toString(),
                        "--quiet"));
        String manifest = Files.readString(trained.resolve("sounds.csv"));
        assertEquals(7, manifest.lines().count(), manifest);
        assertTrue(manifest.contains(",a,validation,"), manifest);
        assertFalse(manifest.contains("cut.wav"), manifest);
        String numbers = Files.readString(trained.resolve("training.json"));
        assertTrue(numbers.replaceAll("\\s", "").contains("\"skippedSounds\":2"), numbers);
    }

    @Test
    void anUnknownPreset() {
        refused("neither a preset", "train", data + "/manifest.csv", "--preset", "huge", "--out", out());
    }

    @Test
    void anUnknownSyntheticSet() {
        refused("unknown synthetic set loud; the sets are toy, thesis-code", "synth", "--set", "loud", "--out", out());
    }

    @Test
    void aPresetWithAMisspeltField() throws IOException {
        String text = unweave.explain.preset.Preset.text("toy").replace("\"mels\"", "\"mells\"");
        Path preset = Files.writeString(folder.resolve("preset.json"), text);
        refused("mels", "train", data + "/manifest.csv", "--preset", preset.toString(), "--out", out());
    }

    @Test
    void aModelThatIsNone() {
        refused("00001.wav", "subspaces", data + "/class1/00001.wav", "--data", data + "/manifest.csv", "--out", out());
    }

    @Test
    void anUnknownLayer() {
        refused("conv9", "subspaces", model, "--data", data + "/manifest.csv", "--layer", "conv9", "--out", out());
    }

    @Test
    void anUnknownClass() {
        refused(
                "unknown class dogs",
                "subspaces",
                model,
                "--data",
                data + "/manifest.csv",
                "--classes",
                "dogs",
                "--out",
                out());
    }

    @Test
    void conceptsThatDoNotDivideTheChannels() {
        refused(
                "choose K from 1, 2, 4, 8, 16",
                "subspaces",
                model,
                "--data",
                data + "/manifest.csv",
                "-k",
                "3",
                "--out",
                out());
    }

    @Test
    void anOutputFolderThatHoldsFiles() {
        refused("already holds files", "synth", "--samples", "10", "--out", data);
    }

    @Test
    void anOutputFolderBelowAFile() {
        refused("is a file", "synth", "--samples", "10", "--out", model + "/deeper");
    }

    @Test
    void resumingWithoutACheckpoint() {
        refused(
                "holds no checkpoint.safetensors to go on from",
                "train",
                data + "/manifest.csv",
                "--resume",
                "--out",
                data);
    }

    @Test
    void anUnknownDeviceOptionOrCommand() {
        refused("--device abacus", "devices", "--device", "abacus");
        refused("Unknown option", "train", data, "--colour", "red");
        refused("Unmatched argument", "dance");
    }

    @Test
    void aGoldenFolderWithoutGoldenFiles() {
        refused("holds no golden files", "selftest", "--golden", data);
    }
}
