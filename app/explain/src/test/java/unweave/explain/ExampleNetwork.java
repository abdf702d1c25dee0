package unweave.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import unweave.audio.file.SoundFiles;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.ContextSampler;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceOptimizer;
import unweave.drsa.SubspaceSet;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.explain.preset.ModelSettings;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;

/**
 * A small network with random weights, random subspaces for it, and sounds: half a second at 8 kHz as 16 mels x 16
 * frames, three classes.
 */
public final class ExampleNetwork {
    public static final int SAMPLE_RATE = 8000;
    public static final int SAMPLES = 4000;
    public static final int SIDE = 16;
    public static final int HOP = 256;
    public static final int CONCEPTS = 4;
    public static final List<String> CLASSES = List.of("bass", "whistle", "noise");

    private static final String PRESET =
            """
      {
        "name": "example",
        "spectrogram": {"sampleRate": 8000, "samples": 4000, "fftLength": 512, "hop": 256, "window": "HAMMING",
          "mels": 16, "lowHz": 0,
                        "highHz": 4000, "frames": 16, "logOffset": 1e-7, "floor": -4},
        "network": {"filters": [6, 8], "dense": 10, "dropout": 0},
        "training": {"epochs": 1, "batch": 4, "optimizer": "adam", "learningRate": 0.001, "momentum": 0,
          "weightDecay": 0,
                     "maskBins": 0},
        "composite": "toy",
        "subspaces": {"layer": "conv2", "concepts": 4, "inputs": 4, "positions": 8, "steps": 10, "starts": 1}
      }
      """;

    private ExampleNetwork() {}

    /** The network; the same seed gives the same weights. */
    public static Model model(Backend backend, long seed) throws IOException {
        return model(backend, seed, CLASSES);
    }

    /** The network with other names for its three classes. */
    public static Model model(Backend backend, long seed, List<String> classNames) throws IOException {
        Path preset = Files.createTempFile("example", ".json");
        try {
            Files.writeString(preset, PRESET);
            Model model = Model.create(Preset.of(preset.toString()).description(classNames), backend, seed);
            addToBias(model, "dense3.bias", 2);
            return model;
        } finally {
            Files.delete(preset);
        }
    }

    /** Makes all logits clearly positive: near 0, random ones would leave next to no relevance. */
    private static void addToBias(Model model, String name, float value) {
        Map<String, float[]> weights = new TreeMap<>(model.weights());
        for (int i = 0; i < CLASSES.size(); i++) {
            weights.get(name)[i] += value;
        }
        model.setWeights(weights);
    }

    public static ModelSettings settings(Model model) {
        return ModelSettings.of(model.description(), "example.safetensors");
    }

    /** Random subspaces of the given classes. */
    public static SubspaceSet subspaces(Model model, int... classes) {
        List<Subspaces> perClass = new ArrayList<>();
        FrontEnd frontEnd = settings(model).frontEnd();
        float[] inputs = new float[4 * SIDE * SIDE];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(frontEnd.input(tone(200 + 300 * i, SAMPLES)), 0, inputs, i * SIDE * SIDE, SIDE * SIDE);
        }
        try (LayerwiseRelevance relevance = new LayerwiseRelevance(Composite.toy())) {
            for (int c : classes) {
                perClass.add(new SubspaceOptimizer(model.backend(), SubspaceSettings.thesis(CONCEPTS, 5 + c))
                        .optimize(
                                Method.RANDOM,
                                new ContextSampler(model, relevance).sample("conv2", c, inputs, 4, 8, 1),
                                (step, steps, objectives, secondsLeft) -> {}));
            }
        }
        return new SubspaceSet(perClass);
    }

    /** A trembling tone with a quieter one above it. */
    public static float[] tone(double hertz, int samples) {
        float[] signal = new float[samples];
        for (int n = 0; n < samples; n++) {
            double time = (double) n / SAMPLE_RATE;
            double tremble = 0.5 + 0.4 * Math.sin(2 * Math.PI * 9 * time);
            signal[n] = (float) (0.5 * tremble * Math.sin(2 * Math.PI * hertz * time)
                    + 0.1 * Math.sin(2 * Math.PI * 2.7 * hertz * time));
        }
        return signal;
    }

    /** Writes {@code model.safetensors} and, for all classes, {@code subspaces.safetensors}. */
    public static void writeFiles(Path folder, Backend backend) throws IOException {
        writeFiles(folder, backend, CLASSES);
    }

    /** As above, with other names for the classes. */
    public static void writeFiles(Path folder, Backend backend, List<String> classNames) throws IOException {
        try (Model model = model(backend, 1, classNames)) {
            ModelFile.save(folder.resolve("model.safetensors"), model);
            SubspaceFile.save(folder.resolve("subspaces.safetensors"), subspaces(model, 0, 1, 2));
        }
    }

    /** Writes a tone as a sound file. */
    public static Path writeTone(Path file, double hertz, int samples) throws IOException {
        SoundFiles.writeWav(file, tone(hertz, samples), SAMPLE_RATE);
        return file;
    }
}
