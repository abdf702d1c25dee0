package unweave.explain.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.augment.Augmentation;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.engine.model.ModelDescription;
import unweave.lrp.Composite;
import unweave.lrp.CompositeText;

class PresetTest {
    @TempDir
    private Path folder;

    @Test
    void theBuiltInPresetsAreTheExperimentsOfTheThesis() throws IOException {
        Preset toy = Preset.of("toy");
        assertEquals(SpectrogramSettings.toy(), toy.spectrogram());
        assertEquals(
                ModelDescription.toy().architecture(),
                toy.description(List.of("a", "b")).architecture());
        Preset gtzan = Preset.of("gtzan");
        assertEquals(SpectrogramSettings.gtzan(), gtzan.spectrogram());
        List<String> genres = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertEquals(
                ModelDescription.gtzan().architecture(),
                gtzan.description(genres).architecture());
    }

    @Test
    void thePublishedCodeDiffersFromItsTextInTheSpectrogramAndTheStepsAlone() throws IOException {
        Preset toy = Preset.of("toy");
        Preset code = Preset.of("thesis-code");
        SpectrogramSettings text = toy.spectrogram();
        assertEquals(
                new SpectrogramSettings(
                        text.sampleRate(),
                        text.samples(),
                        480,
                        text.hop(),
                        Window.HANN,
                        text.mels(),
                        text.lowHz(),
                        text.highHz(),
                        text.frames(),
                        text.logOffset(),
                        text.floor(),
                        ResamplingFilter.TORCHAUDIO),
                code.spectrogram());
        SubspacePlan plan = toy.subspaces();
        assertEquals(plan.withSteps(2000), code.subspaces());
        assertEquals(toy.network(), code.network());
        assertEquals(toy.training(), code.training());
        assertEquals(toy.composite(), code.composite());
    }

    @Test
    void theThesisToTheLetterDropsOnlyTheChangesOfTheWaveform() throws IOException {
        Preset thesis = Preset.of("thesis");
        Augmentation augmentation = thesis.training().augmentation();
        assertEquals(List.of(), augmentation.steps());
        assertEquals(Augmentation.GTZAN.timeStretch(), augmentation.timeStretch());
        assertEquals(Augmentation.GTZAN.timeMask(), augmentation.timeMask());
        assertEquals(Augmentation.GTZAN.frequencyMask(), augmentation.frequencyMask());
        assertEquals(Augmentation.GTZAN, Preset.of("gtzan").training().augmentation());
        assertEquals(Augmentation.TOY, Preset.of("toy").training().augmentation());
        assertEquals(
                Composite.toy().toString(),
                CompositeText.parse(thesis.composite()).toString());
        assertEquals(new SubspacePlan("conv3", 4, 500, 16, 5000, 3), thesis.subspaces());
    }

    @Test
    void waveformAugmentationStretchesUnlessAPresetSaysOtherwise() throws IOException {
        String text = Preset.text("gtzan").replace("\"timeStretch\": true, ", "");
        assertEquals(Preset.of("gtzan").training(), Preset.of(write(text)).training());
        Augmentation unstretched = Preset.of(write(Preset.text("gtzan")
                        .replace("\"timeStretch\": true", "\"timeStretch\": false")
                        .replace("\"maskBins\": 20", "\"maskBins\": 0")))
                .training()
                .augmentation();
        assertEquals(
                new Augmentation(Augmentation.GTZAN.steps(), Optional.empty(), Optional.empty(), Optional.empty()),
                unstretched);
    }

    private String write(String preset) throws IOException {
        return Files.writeString(folder.resolve("preset.json"), preset).toString();
    }

    @Test
    void aModelRemembersItsSettings() throws IOException {
        Preset gtzan = Preset.of("gtzan");
        ModelSettings settings = ModelSettings.of(gtzan.description(List.of("a", "b")), "model");
        assertEquals(gtzan.spectrogram(), ((LogMel) settings.frontEnd()).settings());
        assertEquals(gtzan.subspaces(), settings.subspaces());
        assertEquals("gtzan", settings.composite());
    }

    @Test
    void aFileMayDescribeAnyNetworkWhoseLastLayerFollowsFromTheData() throws IOException {
        String layers =
                """
        { "layers": [
          {"name": "conv1", "kind": "conv", "filters": 4, "kernel": [3, 5], "padding": "same"},
          {"name": "relu1", "kind": "relu"}, {"name": "pool1", "kind": "maxpool", "window": 8},
          {"name": "flatten", "kind": "flatten"}, {"name": "dense1", "kind": "dense"} ] }""";
        String text = Preset.text("toy")
                .replaceFirst("\\{ \"filters\"[^}]*\\}", layers)
                .replace("\"layer\": \"pool3\"", "\"layer\": \"pool1\"");
        Preset preset =
                Preset.of(Files.writeString(folder.resolve("mine.json"), text).toString());
        ModelDescription description = preset.description(List.of("a", "b", "c"));
        assertEquals(3, description.outputShape("dense1").features());
        assertEquals(List.of("a", "b", "c"), description.classNames());
    }

    @Test
    void wrongValuesAreNamedWithTheFile() throws IOException {
        refused("\"learningRate\": 0.001", "\"learningRate\": 0", "learningRate must be above 0");
        refused("\"composite\": \"toy; depth 4-5: gamma(0)\"", "\"composite\": \"loud\"", "there are toy, gtzan");
        refused("\"HAMMING\"", "\"ROUND\"", "the windows are hamming and hann");
        refused("\"frames\": 64", "\"frames\": 70", "70 frames");
        refused("{", "(", "not JSON");
        refused("pool3", "pool9", "subspaces: the network has no layer \"pool9\"; its layers are conv1, relu1");
        refused("\"concepts\": 4", "\"concepts\": 3", "choose K from 1, 2, 4");
        String normalised =
                """
        { "layers": [
          {"name": "conv1", "kind": "conv", "filters": 4, "kernel": 3}, {"name": "bn1", "kind": "batchnorm"},
          {"name": "relu1", "kind": "relu"}, {"name": "flatten", "kind": "flatten"},
          {"name": "dense1", "kind": "dense"} ] }""";
        refused(
                "{ \"filters\": [8, 8, 16, 16, 16], \"dense\": 20, \"dropout\": 0 }",
                normalised,
                "pool3",
                "bn1",
                "subspaces: layer bn1 was merged into conv1; take conv1 or relu1");
    }

    private void refused(String from, String to, String expected) throws IOException {
        refused(from, to, from, to, expected);
    }

    private void refused(String from, String to, String alsoFrom, String alsoTo, String expected) throws IOException {
        String text = Preset.text("toy").replace(from, to).replace(alsoFrom, alsoTo);
        Path file = Files.writeString(folder.resolve("wrong.json"), text);
        String message = assertThrows(IllegalArgumentException.class, () -> Preset.of(file.toString()))
                .getMessage();
        assertTrue(message.startsWith(file.toString()) && message.contains(expected), message);
    }
}
