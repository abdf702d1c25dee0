package unweave.audio.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;

class AugmentationTest {
    private static final LogMel FRONT_END = new LogMel(SpectrogramSettings.gtzan());

    @Test
    void masksAreOneBlockOfEachKindOfEveryWidthAndPlace() {
        Set<Integer> widths = new HashSet<>();
        Set<Integer> starts = new HashSet<>();
        for (int seed = 0; seed < 3000; seed++) {
            boolean[] rows = masked(seed, true);
            boolean[] columns = masked(seed, false);
            for (boolean[] lines : List.of(rows, columns)) {
                int first = IntStream.range(0, lines.length)
                        .filter(i -> lines[i])
                        .findFirst()
                        .orElseThrow();
                int width = (int)
                        IntStream.range(0, lines.length).filter(i -> lines[i]).count();
                assertTrue(width <= 5 && IntStream.range(first, first + width).allMatch(i -> lines[i]), "one block");
                widths.add(width);
            }
            starts.add(
                    IntStream.range(0, 40).filter(i -> columns[i]).findFirst().orElseThrow());
        }
        assertEquals(Set.of(1, 2, 3, 4, 5), widths);
        assertEquals(40, starts.size(), "masks of one frame begin anywhere");
    }

    /** Which of 30 rows (mel bins) or 40 columns (frames) a mask sets to zero, all of the line and nothing else. */
    private static boolean[] masked(int seed, boolean rows) {
        float[] logMel = new float[30 * 40];
        Arrays.fill(logMel, -3);
        if (rows) {
            new FrequencyMask(5).apply(logMel, 30, 40, new SeededRandom(seed));
        } else {
            new TimeMask(5).apply(logMel, 30, 40, new SeededRandom(seed));
        }
        boolean[] lines = new boolean[rows ? 30 : 40];
        for (int i = 0; i < logMel.length; i++) {
            lines[rows ? i / 40 : i % 40] |= logMel[i] == 0;
        }
        for (int i = 0; i < logMel.length; i++) {
            assertEquals(lines[rows ? i / 40 : i % 40] ? 0 : -3, logMel[i]);
        }
        return lines;
    }

    @Test
    void fasterSpectrogramsLieAtARandomOffsetInZeros() {
        Set<Integer> offsets = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            float[] placed = new TimeStretch(1.2, 1.2).apply(ones(134), 3, 128, new SeededRandom(seed));
            assertEquals(3 * 128, placed.length);
            int first = IntStream.range(0, 128)
                    .filter(t -> placed[t] != 0)
                    .findFirst()
                    .orElseThrow();
            long sounding = IntStream.range(0, 128).filter(t -> placed[t] != 0).count();
            assertEquals(112, sounding, "134 / 1.2 rounded up");
            offsets.add(first);
        }
        assertEquals(17, offsets.size());
    }

    /** What a stretch is: phase vocoder, then mel; in random noise, with a frame of zeros, slower (cut) and faster. */
    @Test
    void stretchedMelMagnitudesAreThoseOfTheStretchedSpectrogram() {
        SeededRandom noise = new SeededRandom(1);
        float[] signal = new float[48000];
        for (int n = 0; n < 30000; n++) {
            signal[n] = (float) noise.gaussian();
        }
        for (double rate : new double[] {0.8, 1, 1.15}) {
            float[] expected =
                    FRONT_END.mel(PhaseVocoder.stretch(FRONT_END.stft().forward(signal), rate));
            int kept = Math.min(128, PhaseVocoder.stretchedFrames(134, rate));
            SeededRandom random = new SeededRandom(5);
            random.uniform();
            int offset = random.integer(0, 128 - kept);
            float[] stretched = new TimeStretch(rate, rate).apply(FRONT_END.mel(signal), 128, 128, new SeededRandom(5));
            for (int mel = 0; mel < 128; mel++) {
                for (int t = 0; t < 128; t++) {
                    float value = t < offset || t >= offset + kept ? 0 : expected[mel * 128 + t - offset];
                    assertEquals(
                            value,
                            stretched[mel * 128 + t],
                            1e-6f * (1 + value),
                            "rate " + rate + ", mel " + mel + ", frame " + t);
                }
            }
        }
    }

    @Test
    void stepsAreTakenInOrderWithTheirProbabilities() {
        WaveformAugmentation addOne = (x, random) -> new float[] {x[0] + 1};
        WaveformAugmentation timesTen = (x, random) -> new float[] {x[0] * 10};
        Augmentation both = new Augmentation(
                List.of(new Augmentation.Step(0.7, addOne), new Augmentation.Step(0.4, timesTen)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        int[] seen = new int[21];
        for (int seed = 0; seed < 5000; seed++) {
            seen[(int) both.waveform(new float[] {1}, new SeededRandom(seed))[0]]++;
        }
        assertEquals(0.3 * 0.6, seen[1] / 5000.0, 0.02);
        assertEquals(0.7 * 0.6, seen[2] / 5000.0, 0.02);
        assertEquals(0.3 * 0.4, seen[10] / 5000.0, 0.02);
        assertEquals(0.7 * 0.4, seen[20] / 5000.0, 0.02);
    }

    @Test
    void thePresetsAreThoseOfTableA1() {
        List<Augmentation.Step> steps = Augmentation.GTZAN.steps();
        assertEquals(
                List.of(0.5, 0.3, 0.4, 0.3),
                steps.stream().map(Augmentation.Step::probability).toList());
        assertEquals(
                List.of(
                        new Gain(-12, 3),
                        new PitchShift(-12, 12),
                        new HighOrLowPass(16000, 200, 1400, 1400, 4000),
                        new GaussianNoise(0.001, 0.1)),
                steps.stream().map(Augmentation.Step::change).toList());
        float[] signal = {1, 2, 3};
        assertSame(signal, Augmentation.TOY.waveform(signal, new SeededRandom(1)));
        float[] mel = {1, 2, 3, 4, 5, 6};
        assertArrayEquals(new float[] {1, 2, 4, 5}, Augmentation.TOY.mel(mel, 2, 2, new SeededRandom(1)));
        assertArrayEquals(new float[] {1, 2, 3, 0, 4, 5, 6, 0}, Augmentation.TOY.mel(mel, 2, 4, new SeededRandom(1)));
        float[] logMel = {1, 2, 3, 4};
        Augmentation.NONE.logMel(logMel, 2, 2, new SeededRandom(1));
        assertArrayEquals(new float[] {1, 2, 3, 4}, logMel);
    }

    @Test
    void theSameSeedGivesTheSameSampleOnAnyThread() {
        int[] inOrder =
                IntStream.range(0, 24).map(AugmentationTest::augmentedHash).toArray();
        int[] inParallel = IntStream.range(0, 24)
                .parallel()
                .map(AugmentationTest::augmentedHash)
                .toArray();
        assertArrayEquals(inOrder, inParallel);
        assertEquals(24, Arrays.stream(inOrder).distinct().count());
    }

    private static int augmentedHash(int sample) {
        SeededRandom random = SeededRandom.of(7, 3, sample);
        float[] signal = new float[8000];
        for (int n = 0; n < signal.length; n++) {
            signal[n] = (float) (Math.sin(0.1 * n) * Math.cos(0.003 * n));
        }
        float[] changed = Augmentation.GTZAN.waveform(signal, random);
        float[] stretched = Augmentation.GTZAN.mel(FRONT_END.mel(changed), 128, 22, random);
        Augmentation.GTZAN.logMel(stretched, 128, 22, random);
        return Arrays.hashCode(stretched);
    }

    @Test
    void masksLargerThanTheLogMelAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TimeMask(20)
                .apply(new float[100], 10, 10, new SeededRandom(1)));
        assertThrows(IllegalArgumentException.class, () -> new FrequencyMask(20)
                .apply(new float[100], 10, 10, new SeededRandom(1)));
    }

    /** Three bands, each number 1. */
    private static float[] ones(int frames) {
        float[] mel = new float[3 * frames];
        Arrays.fill(mel, 1);
        return mel;
    }
}
