import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import unweave.drsa.SubspaceFile;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.explain.Explainer;
import unweave.explain.Sound;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/** Writes what the example of the README reads: a network with random weights, subspaces for it, and a song. */
final class Prepare {
    private static final int RATE = 16000;

    private Prepare() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of("model.safetensors");
        try (Backend backend = CpuBackend.create(0);
                Model model = Model.create(Preset.of("preset.json").description(List.of("low", "high")), backend, 1)) {
            ModelFile.save(file, model);
        }
        tone(220, 32).write(Path.of("song.wav"));
        try (Explainer explainer = Explainer.open(file)) {
            SubspaceFile.save(
                    Path.of("subspaces.safetensors"),
                    explainer.fit(Map.of("low", List.of(tone(110, 3)), "high", List.of(tone(880, 3)))));
        }
    }

    static Sound tone(double hertz, int seconds) {
        float[] samples = new float[seconds * RATE];
        for (int n = 0; n < samples.length; n++) {
            double time = (double) n / RATE;
            samples[n] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * time) * (0.6 + 0.4 * Math.sin(9 * time)));
        }
        return Sound.of(samples, RATE);
    }
}
