package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SignalSettings;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.WaveformFrontEnd;
import unweave.audio.spectral.Window;
import unweave.kernels.BadInputException;

class SliceReaderTest {
    private static final int RATE = 8000;
    private static final LogMel FRONT_END = new LogMel(new SpectrogramSettings(
            RATE, RATE, 512, 256, Window.HAMMING, 16, 0, 4000, 16, 1e-7, -4, ResamplingFilter.STANDARD));

    @TempDir
    private Path folder;

    private SliceReader.Cut cut(float[] samples, int rate, Slicing slicing) throws IOException {
        Path file = folder.resolve("sound.wav");
        SoundFiles.write(file, Sound.ofMono(samples, rate), SampleFormat.FLOAT_32);
        return new SliceReader(FRONT_END, new SoundLoader(FRONT_END), slicing).read(file);
    }

    private static float[] noise(double seconds, int rate) {
        Random random = new Random(3);
        float[] noise = new float[(int) (seconds * rate)];
        for (int n = 0; n < noise.length; n++) {
            noise[n] = random.nextFloat() - 0.5f;
        }
        return noise;
    }

    /** The slices of a track in memory, which the thesis' experiments are cut by. */
    @Test
    void withoutAHopTheSlicesAreThoseOfTheFirst29Seconds() throws IOException {
        for (double seconds : new double[] {0.4, 1, 7.5, 29, 29.5, 40}) {
            SliceReader.Cut cut = cut(noise(seconds, 11_025), 11_025, Slicing.TEN);
            float[] track = new SoundLoader(FRONT_END).load(folder.resolve("sound.wav"));
            int[] starts = Slices.starts(track.length, RATE, RATE);
            assertEquals(Arrays.stream(starts).mapToObj(Long::valueOf).toList(), cut.starts);
            for (int i = 0; i < starts.length; i++) {
                float[] slice = Arrays.copyOfRange(track, starts[i], Math.min(track.length, starts[i] + RATE));
                assertArrayEquals(FRONT_END.input(slice), cut.inputs.get(i), seconds + " s, slice " + i);
            }
            assertEquals(seconds < 1, cut.padded);
            assertEquals(seconds > 29, cut.cutShort);
        }
    }

    @Test
    void withAHopSlicesReachFromTheBeginningToTheEnd() throws IOException {
        float[] track = noise(40.3, RATE);
        for (double hop : new double[] {0.5, 1}) {
            SliceReader.Cut cut = cut(track, RATE, new Slicing(hop));
            long step = (long) (hop * RATE);
            for (int i = 0; i < cut.starts.size(); i++) {
                long expected = Math.min(i * step, track.length - RATE);
                assertEquals(expected, cut.starts.get(i));
                float[] slice = Arrays.copyOfRange(track, (int) expected, (int) expected + RATE);
                assertArrayEquals(FRONT_END.input(slice), cut.inputs.get(i), "slice " + i);
            }
            assertEquals(track.length - RATE, cut.starts.get(cut.starts.size() - 1), "the end is used, too");
            assertFalse(cut.cutShort);
        }
        SliceReader.Cut apart = cut(track, RATE, new Slicing(15));
        assertEquals(List.of(0L, 15L * RATE, 30L * RATE), apart.starts);
        assertArrayEquals(FRONT_END.input(Arrays.copyOfRange(track, 15 * RATE, 16 * RATE)), apart.inputs.get(1));
        assertEquals(List.of(0L), cut(noise(0.5, RATE), RATE, new Slicing(0.1)).starts);
        assertEquals(List.of(0L), cut(noise(1, RATE), RATE, new Slicing(0.1)).starts);
    }

    @Test
    void aSoundBetweenOrBehindTheSlicesHasASliceOfItsOwn() throws IOException {
        float[] track = new float[60 * RATE];
        track[45 * RATE + 17] = 0.5f;
        SliceReader.Cut cut = cut(track, RATE, Slicing.TEN);
        assertEquals(List.of(45L * RATE + 17), cut.starts);
        assertEquals(10, cut.silent);
        assertEquals(List.of(45L * RATE + 17), cut(track, RATE, new Slicing(20)).starts);
        assertTrue(cut(track, RATE, new Slicing(1)).starts.contains(45L * RATE));
    }

    @Test
    void silenceIsRefusedAndSoAreChannelsThatCancelEachOther() throws IOException {
        String silent = assertThrows(BadInputException.class, () -> cut(new float[500], RATE, Slicing.TEN))
                .getMessage();
        assertTrue(
                silent.endsWith("sound.wav: silent, all 500 samples are zero; there is nothing to learn or explain"));
        Path file = folder.resolve("turned.wav");
        float[] left = noise(2, RATE);
        float[] right = new float[left.length];
        for (int n = 0; n < left.length; n++) {
            right[n] = -left[n];
        }
        SoundFiles.write(file, new Sound(new float[][] {left, right}, RATE), SampleFormat.PCM_16);
        SoundLoader loader = new SoundLoader(FRONT_END);
        for (Slicing slicing : List.of(Slicing.TEN, new Slicing(1))) {
            String message = assertThrows(
                            BadInputException.class, () -> new SliceReader(FRONT_END, loader, slicing).read(file))
                    .getMessage();
            assertEquals(ChannelBalance.problem(file.toString()), message);
        }
        assertEquals(
                ChannelBalance.problem(file.toString()),
                assertThrows(BadInputException.class, () -> loader.load(file)).getMessage());
        assertEquals(
                ChannelBalance.problem(file.toString()),
                assertThrows(BadInputException.class, () -> unweave.explain.Sound.read(file))
                        .getMessage());
    }

    /** A part of a recording that stays at one value has no standard deviation to be divided by. */
    @Test
    void partsThatStayAtOneValueAreLeftOutWhereTheyHaveNoInput() throws IOException {
        float[] track = noise(5, RATE);
        Arrays.fill(track, RATE, 4 * RATE, 0.25f);
        Path file = folder.resolve("stuck.wav");
        SoundFiles.write(file, Sound.ofMono(track, RATE), SampleFormat.FLOAT_32);
        for (SignalSettings.Normalisation normalisation : SignalSettings.Normalisation.values()) {
            FrontEnd frontEnd = new WaveformFrontEnd(
                    new SignalSettings(
                            RATE, RATE, SignalSettings.Place.START, normalisation, 1, ResamplingFilter.STANDARD),
                    0,
                    1);
            SliceReader reader = new SliceReader(frontEnd, new SoundLoader(frontEnd), new Slicing(1));
            boolean divided = normalisation == SignalSettings.Normalisation.STANDARD;
            List<Long> all = List.of(0L, 1L * RATE, 2L * RATE, 3L * RATE, 4L * RATE);
            assertEquals(divided ? List.of(0L, 4L * RATE) : all, reader.read(file).starts);
            assertEquals(divided ? 3 : 0, reader.read(file).silent);
            SoundFiles.write(
                    folder.resolve("all.wav"),
                    Sound.ofMono(Arrays.copyOfRange(track, RATE, 4 * RATE), RATE),
                    SampleFormat.FLOAT_32);
            if (divided) {
                assertTrue(assertThrows(BadInputException.class, () -> reader.read(folder.resolve("all.wav")))
                        .getMessage()
                        .contains("all.wav: holds only samples that are zero or all the same"));
            }
        }
    }
}
