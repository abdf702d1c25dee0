package unweave.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import unweave.audio.file.SoundFiles;
import unweave.explain.ExampleNetwork;

/** {@code reproduce} as small as it can be: a few tones for music, one of them faulty and one file that is no sound. */
final class SmallReproduction {
    private static final String PRESET =
            """
      {
        "name": "tiny",
        "spectrogram": {"sampleRate": 8000, "samples": 4000, "fftLength": 512, "hop": 256, "window": "HAMMING",
          "mels": 16, "lowHz": 0, "highHz": 4000, "frames": 16, "logOffset": 1e-7, "floor": -4},
        "network": {"filters": [8, 8], "dense": 10, "dropout": 0},
        "training": {"epochs": 1, "batch": 4, "optimizer": "adam", "learningRate": 0.001, "momentum": 0,
          "weightDecay": 0, "maskBins": 0},
        "composite": "gtzan",
        "subspaces": {"layer": "conv2", "concepts": 4, "inputs": 4, "positions": 8, "steps": 10, "starts": 2}
      }
      """;

    private final Path folder;
    private final String[] reduced;

    /** Writes the music into {@code folder}/genres. */
    SmallReproduction(Path folder) throws IOException {
        this.folder = folder;
        Path preset = Files.writeString(folder.resolve("tiny.json"), PRESET);
        Path music = folder.resolve("genres");
        for (String genre : List.of("blues", "jazz", "hiphop")) {
            Files.createDirectories(music.resolve(genre));
            for (int i = 0; i < 3; i++) {
                // 1.5 s of a tone: ten overlapping slices of half a second
                ExampleNetwork.writeTone(
                        music.resolve(genre).resolve(i + ".wav"), 200 + 400 * genre.length() + 30 * i, 12_000);
            }
        }
        writeFaulty(music.resolve("hiphop/faulty.wav"));
        Files.writeString(music.resolve("jazz/broken.wav"), "this is no sound file at all");
        reduced = new String[] {
            "--sounds",
            "10",
            "--epochs",
            "1",
            "--samples",
            "2",
            "--layers",
            "conv2",
            "--preset",
            preset.toString(),
            "--music",
            music.toString(),
            "--folds",
            "3",
            "--skip-unreadable",
            "--seed",
            "3",
            "--quiet"
        };
    }

    /** 1.5 s of a tone with 0.25 s of zeros from 0.5 s on. */
    private static void writeFaulty(Path file) throws IOException {
        float[] samples = new float[12_000];
        for (int n = 0; n < samples.length; n++) {
            boolean lost = n >= 4000 && n < 6000;
            samples[n] = lost ? 0 : (float) (0.5 * Math.cos(2 * Math.PI * 0.1 * n));
        }
        SoundFiles.writeWav(file, samples, 8000);
    }

    /** Runs all chapters into a folder of {@link #SmallReproduction}'s; returns the exit code. */
    int run(String out, String... further) {
        return run(out, 4, 2, further);
    }

    int run(String out, int steps, int networks, String... further) {
        return Main.run(command(out, steps, networks, further));
    }

    /** The command that {@link #run} runs. */
    String[] command(String out, int steps, int networks, String... further) {
        return Stream.of(
                        Stream.of(
                                "reproduce",
                                "--out",
                                folder.resolve(out).toString(),
                                "--steps",
                                String.valueOf(steps),
                                "--networks",
                                String.valueOf(networks)),
                        Stream.of(reduced),
                        Stream.of(further))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    /** Leaves out the results of later steps, as if the run had been killed in the second half of each chapter. */
    static void copyAsIfInterrupted(Path from, Path to) throws IOException {
        List<String> later = List.of(
                "flipping",
                "cross-class",
                "figure",
                "sounds",
                "histogram",
                "agreement",
                "DSA",
                "random-class1",
                "network-4",
                "fold-02",
                "sanity");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (!name.endsWith(".html")
                        && !name.contains("tables")
                        && !name.endsWith("results.json")
                        && later.stream().noneMatch(name::contains)) {
                    Path copy = to.resolve(from.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }
}
