package unweave.audio.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Block by block comes what reading at once gives. */
class StreamedSoundTest {
    private static final int SAMPLES = 100_003; // more than one block, and no whole number of them

    @TempDir
    private Path folder;

    private Path stereo() throws IOException {
        Random random = new Random(1);
        float[][] channels = new float[2][SAMPLES];
        for (float[] channel : channels) {
            for (int n = 0; n < SAMPLES; n++) {
                channel[n] = random.nextFloat() - 0.5f;
            }
        }
        Path file = folder.resolve("stereo.wav");
        SoundFiles.write(file, new Sound(channels, 22_050), SampleFormat.PCM_16);
        return file;
    }

    @Test
    void blocksAddUpToTheWholeSound() throws IOException {
        Path file = stereo();
        float[][] together = new float[2][SAMPLES];
        int[] state = new int[2]; // samples, blocks
        SoundFiles.stream(file, (channels, count, sampleRate) -> {
            assertEquals(22_050, sampleRate);
            for (int c = 0; c < 2; c++) {
                System.arraycopy(channels[c], 0, together[c], state[0], count);
            }
            state[0] += count;
            state[1]++;
        });
        assertEquals(SAMPLES, state[0]);
        assertTrue(state[1] > 1, "one block only");
        assertArrayEquals(SoundFiles.read(file).channels(), together);
    }

    @Test
    void whatReadingRefusesStreamingRefusesWithTheSameWords() throws IOException {
        Path cut = folder.resolve("cut.wav");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(stereo()), 1000));
        Path noNumber = SoundBytes.littleEndian()
                .text("RIFF")
                .int32(0)
                .text("WAVE")
                .format(3, 1, 8000, 32)
                .text("data")
                .int32(8)
                .float32(0.5f, Float.NaN)
                .in(folder, "nan.wav");
        Path empty = Files.createFile(folder.resolve("empty.wav"));
        Path text = Files.writeString(folder.resolve("text.wav"), "this is no sound file at all");
        for (Path file : new Path[] {cut, noNumber, empty, text, folder.resolve("nowhere.wav")}) {
            String read = assertThrows(SoundFormatException.class, () -> SoundFiles.read(file))
                    .getMessage();
            String streamed = assertThrows(
                            SoundFormatException.class,
                            () -> SoundFiles.stream(file, (channels, count, sampleRate) -> {}))
                    .getMessage();
            assertEquals(read, streamed);
        }
    }
}
