package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.Window;
import unweave.audio.synthetic.SyntheticParameters;
import unweave.cli.CommandRun;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.preset.ModelSettings;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** {@code --set thesis-code} makes that set and takes that preset; without it nothing changes. */
class ThesisCodeSetTest {
    @TempDir
    private static Path folder;

    @Test
    void synthWritesTheSetAndNamesItsPreset() throws IOException {
        String printed = run("synth", "--samples", "10", "--set", "thesis-code", "--out", path("code"));
        assertTrue(printed.contains("--preset thesis-code"), printed);
        run("synth", "--samples", "10", "--out", path("default"));
        run("synth", "--samples", "10", "--set", "toy", "--out", path("toy"));
        byte[] code = Files.readAllBytes(folder.resolve("code/class1/00003.wav"));
        byte[] toy = Files.readAllBytes(folder.resolve("toy/class1/00003.wav"));
        assertArrayEquals(toy, Files.readAllBytes(folder.resolve("default/class1/00003.wav")));
        assertFalse(Arrays.equals(toy, code));
        Path expected = folder.resolve("expected.wav");
        SoundFiles.writeWav(
                expected,
                SyntheticInputs.set(SyntheticParameters.THESIS_CODE, 10, 7).signal(3),
                16000);
        assertArrayEquals(Files.readAllBytes(expected), code);
    }

    @Test
    void demoTakesTheSetAndItsPreset() throws IOException {
        run(
                "demo",
                "--set",
                "thesis-code",
                "--samples",
                "20",
                "--epochs",
                "1",
                "--steps",
                "5", //
                "--recovery-samples",
                "2",
                "--explained",
                "1",
                "--out",
                path("demo"));
        try (Backend backend = CpuBackend.create(1);
                Model model = ModelFile.load(folder.resolve("demo/model.safetensors"), backend)) {
            ModelSettings settings = ModelSettings.of(model.description(), "demo");
            assertEquals(480, ((LogMel) settings.frontEnd()).settings().fftLength());
            assertEquals(Window.HANN, ((LogMel) settings.frontEnd()).settings().window());
            assertEquals(2000, settings.subspaces().steps());
        }
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String run(String... arguments) {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--seed", "7", "--threads", "2"))
                .toArray(String[]::new);
        return CommandRun.of(all).assertDone().results();
    }
}
