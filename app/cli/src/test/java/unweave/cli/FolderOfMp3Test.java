package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;

/**
 * The README's first example of one's own sounds, with a folder as people have them: MP3s, and what lies beside them.
 */
class FolderOfMp3Test {
    private static final int RATE = 44100;

    @TempDir
    private Path folder;

    private void encode(String name, double hertz) throws IOException, InterruptedException {
        float[] left = new float[2 * RATE];
        float[] right = new float[2 * RATE];
        for (int n = 0; n < left.length; n++) {
            left[n] = (float) (0.4 * Math.sin(2 * Math.PI * hertz * n / RATE) * Math.sin(2e-4 * n));
            right[n] = 0.5f * left[n];
        }
        Path wav = folder.resolve("sound.wav");
        SoundFiles.write(wav, new Sound(new float[][] {left, right}, RATE), unweave.audio.file.SampleFormat.PCM_16);
        Path mp3 = folder.resolve("music").resolve(name);
        Files.createDirectories(mp3.getParent());
        Process ffmpeg = new ProcessBuilder(
                        "ffmpeg", "-nostdin", "-v", "error", "-i", wav.toString(), "-b:a", "96k", mp3.toString())
                .inheritIO()
                .start();
        assertEquals(0, ffmpeg.waitFor());
        Files.delete(wav);
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void theReadmesExampleWorksOnMp3s() throws Exception {
        assumeTrue(isInstalled("ffmpeg"), "ffmpeg, which encodes the MP3s, is not installed");
        for (int i = 0; i < 5; i++) {
            encode("low/" + i + ".mp3", 200 + 10 * i);
            encode("high/" + i + ".mp3", 2000 + 90 * i);
        }
        Files.writeString(folder.resolve("music/low/cover.jpg"), "no picture either");
        String music = folder.resolve("music").toString();
        String model = folder.resolve("model").toString();
        String concepts = folder.resolve("concepts").toString();
        assertEquals(0, Main.run("train", music, "--preset", "toy", "--epochs", "2", "--quiet", "--out", model));
        assertEquals(
                0,
                Main.run(
                        "subspaces",
                        model + "/model.safetensors",
                        "--data",
                        music,
                        "--steps",
                        "20",
                        "--quiet",
                        "--out",
                        concepts));
        assertEquals(
                0,
                Main.run(
                        "explain",
                        model + "/model.safetensors",
                        "--subspaces",
                        concepts + "/subspaces.safetensors",
                        folder.resolve("music/high/0.mp3").toString(),
                        "--quiet",
                        "--out",
                        folder.resolve("report").toString()));
        assertTrue(Files.readString(folder.resolve("report/report.html")).contains("0.mp3"));
    }
}
