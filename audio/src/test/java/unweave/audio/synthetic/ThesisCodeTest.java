package unweave.audio.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import unweave.audio.random.SeededRandom;
import unweave.audio.synthetic.SyntheticParameters.Objects;

/** In what the set of the thesis' published code differs from the set of its text: each difference, by its signals. */
class ThesisCodeTest {
    private static final int N = Sinusoid.N;
    private static final int DRAWS = 200;
    private static final SyntheticParameters CODE = SyntheticParameters.THESIS_CODE;

    /** What the FFT of a sum of sines at whole frequencies shows, decoded from its lines. */
    private record RandomSounds(int plain, int modulated) {
        int count() {
            return plain + modulated;
        }
    }

    @Test
    void theCarrierOfTheModulatingSoundStandsTwiceAndItsDoubleAtAQuarter() {
        double[] ratios = IntStream.range(0, DRAWS)
                .mapToDouble(seed -> {
                    float[] signal = draw(Objects.OF_CODE, 0, 2, seed);
                    double[] lines = magnitudes(signal);
                    int carrier = strongest(Arrays.copyOf(lines, 1200));
                    return Math.pow(lines[carrier] / lines[2 * carrier], 2);
                })
                .toArray();
        // The envelope scales both lines alike. |1 + exp(ix) / 2|^2 / (1/4)^2 lies between 4 and 36; its mean is 20.
        double least = Arrays.stream(ratios).min().orElseThrow();
        double most = Arrays.stream(ratios).max().orElseThrow();
        assertTrue(least >= 3.99 && least < 5 && most > 35 && most <= 36.01, least + " to " + most);
        assertEquals(20, Arrays.stream(ratios).average().orElseThrow(), 3 * Math.sqrt(128.0 / DRAWS));
    }

    @Test
    void theBassIsCutBetweenItsBumps() {
        int cutInText = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            assertLengths(
                    new int[] {500, 500, 500, 500, 500, 500, 500, 500}, bumps(draw(Objects.OF_CODE, 0, 0, seed)), 4);
            int[] text = bumps(draw(Objects.OF_TEXT, 0, 0, seed));
            cutInText += Arrays.stream(text).anyMatch(length -> length < 490) ? 1 : 0;
        }
        assertEquals(0.5, (double) cutInText / DRAWS, 0.1, "the text cuts through a bump as often as not");
    }

    private static void assertLengths(int[] expected, int[] actual, int tolerance) {
        assertEquals(expected.length, actual.length, Arrays.toString(actual));
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance, Arrays.toString(actual));
        }
    }

    @Test
    void envelopesOfObjectsAreFullyDeep() {
        int lowInText = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            // A half wave reaches its carrier's amplitude, 0.6 to 1; with alpha in [0.5, 1] it often stays below 0.6.
            for (int object : new int[] {0, 2}) {
                double peak = peak(draw(Objects.OF_CODE, 1, object, seed));
                assertTrue(peak > 0.595 && peak <= 1, "peak " + peak);
            }
            lowInText += peak(draw(Objects.OF_TEXT, 1, 0, seed)) < 0.59 ? 1 : 0;
            // A full wave of beta 1 falls to 0, where alpha below 1 leaves (1 - alpha) / 2.
            float[] full = draw(Objects.OF_CODE, 1, 3, seed);
            double quietest = 1;
            for (int n = 0; n + 40 <= N; n += 8) {
                quietest = Math.min(quietest, peak(Arrays.copyOfRange(full, n, n + 40)));
            }
            assertTrue(quietest < 3e-3, "quietest " + quietest);
        }
        assertTrue(lowInText > DRAWS / 3, lowInText + " of " + DRAWS);
    }

    @Test
    void thereAreThreeToSixRandomSoundsAndAThirdIsModulated() {
        RandomSounds[] code = backgrounds(CODE);
        RandomSounds[] text = backgrounds(SyntheticParameters.DEFAULT);
        for (int count = 0; count < 9; count++) {
            // A line in a hundred samples falls onto one of another sound and is miscounted.
            assertShare(count >= 3 && count <= 6 ? 1.0 / 4 : 0, share(code, count), count + " sounds, code");
            assertShare(count >= 3 && count <= 5 ? 1.0 / 3 : 0, share(text, count), count + " sounds, text");
        }
        assertEquals(1.0 / 3, modulatedShare(code), 0.03);
        assertEquals(1.0 / 2, modulatedShare(text), 0.03);
    }

    @Test
    void frequenciesAboveHalfTheSampleRateStayAndAreHeardFolded() {
        SyntheticGenerator generator = new SyntheticGenerator(CODE);
        SeededRandom random = new SeededRandom(3);
        int above = 0;
        for (int i = 0; i < 20_000; i++) {
            int frequency =
                    generator.randomFrequency(SoundObjects.of(CODE.objects()).get(0), random);
            assertTrue(frequency >= 1);
            above += frequency > 8000 ? 1 : 0;
        }
        // P(f > 8000) = exp(-4), among the frequencies that are allowed: 0.81 of them for class 1.
        assertEquals(Math.exp(-4) / allowed(), above / 20_000.0, 0.004);
        for (int frequency : new int[] {9000, 25000, 16100}) {
            float[] heard = new float[N];
            new Sinusoid(frequency % N, 123).addTo(heard, 1);
            for (int n = 0; n < N; n += 77) {
                assertEquals(Math.sin(2 * Math.PI * ((double) frequency * n + 123) / N), heard[n], 1e-6);
            }
            assertEquals(frequency == 16100 ? 100 : 7000, strongest(magnitudes(heard)), frequency + " Hz");
        }
    }

    /** The probability that a frequency of the exponential distribution is none near the carriers of class 1. */
    private static double allowed() {
        double[] limits = {50, 200, 450, 650, 750, 1050, 3450, 4050};
        return 1
                - IntStream.range(0, 4)
                        .mapToDouble(k -> Math.exp(-limits[2 * k] / 2000) - Math.exp(-limits[2 * k + 1] / 2000))
                        .sum();
    }

    @Test
    void theBytesAreTheSameOnEveryJdk() {
        SyntheticSet set = new SyntheticSet(new SyntheticGenerator(CODE), 300, 1);
        int hash = 0;
        for (int i = 0; i < set.size(); i += 50) {
            hash = 31 * hash + Arrays.hashCode(set.sample(i).signal());
        }
        assertEquals(-1130078780, hash);
    }

    @Test
    void theRestOfTheSetIsTheTexts() {
        assertEquals(SyntheticParameters.DEFAULT.objectCounts(), CODE.objectCounts());
        assertEquals(0.01, CODE.noiseStrength());
        for (int classIndex : new int[] {0, 1}) {
            assertEquals(
                    Arrays.toString(draw(Objects.OF_TEXT, classIndex, 1, 5)),
                    Arrays.toString(draw(Objects.OF_CODE, classIndex, 1, 5)),
                    "sawtooths have no envelope of D.3");
        }
        SyntheticGenerator generator = new SyntheticGenerator(CODE);
        SyntheticSample sample = generator.generate(0, 9);
        assertFalse(Arrays.equals(new SyntheticGenerator().generate(0, 9).signal(), sample.signal()));
        assertArrayEquals(sample.signal(), generator.signal(0, 9));
    }

    private static float[] draw(Objects source, int classIndex, int object, long seed) {
        return SoundObjects.of(source).get(classIndex).get(object).draw(new SeededRandom(seed));
    }

    private static double peak(float[] signal) {
        double peak = 0;
        for (float sample : signal) {
            peak = Math.max(peak, Math.abs(sample));
        }
        return peak;
    }

    /** Lengths in samples of what sounds between silences of at least 100 samples, around the second. */
    private static int[] bumps(float[] signal) {
        int quiet = 0;
        for (int run = 0; run < 100; quiet++) {
            run = signal[quiet] == 0 ? run + 1 : 0;
        }
        List<Integer> lengths = new ArrayList<>();
        int begin = -1;
        int last = -1;
        for (int i = quiet; i < quiet + N; i++) {
            if (signal[i % N] != 0) {
                begin = begin < 0 ? i : begin;
                last = i;
            } else if (begin >= 0 && i - last == 100) {
                lengths.add(last - begin + 1);
                begin = -1;
            }
        }
        if (begin >= 0) {
            lengths.add(last - begin + 1);
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    private static RandomSounds[] backgrounds(SyntheticParameters parameters) {
        SyntheticGenerator generator = new SyntheticGenerator(parameters.withNoiseStrength(0));
        return IntStream.range(0, 400)
                .mapToObj(seed -> decode(generator
                        .generate(seed % 2, seed, new boolean[SyntheticGenerator.OBJECTS])
                        .background()))
                .toArray(RandomSounds[]::new);
    }

    /**
     * A random sound is one line, or a carrier with two equal sidebands of 1/8 to 1/4 of it, 40 to 100 Hz away, since
     * (alpha sin + 2) / 3 with alpha in [0.5, 1] is never cut at 0.
     */
    private static RandomSounds decode(float[] background) {
        double[] lines = magnitudes(background);
        double weakest = 0.005 * Arrays.stream(lines).max().orElseThrow();
        int plain = 0;
        int modulated = 0;
        for (int carrier = strongest(lines); lines[carrier] > weakest; carrier = strongest(lines)) {
            int distance = 40;
            while (distance <= 100 && !areSidebands(lines, carrier, distance)) {
                distance++;
            }
            if (distance <= 100) {
                lines[fold(carrier - distance)] = 0;
                lines[fold(carrier + distance)] = 0;
                modulated++;
            } else {
                plain++;
            }
            lines[carrier] = 0;
        }
        return new RandomSounds(plain, modulated);
    }

    private static boolean areSidebands(double[] lines, int carrier, int distance) {
        double low = lines[fold(carrier - distance)] / lines[carrier];
        double high = lines[fold(carrier + distance)] / lines[carrier];
        return low > 0.12 && low < 0.26 && Math.abs(low - high) < 1e-3;
    }

    private static int fold(int frequency) {
        return frequency < 0 ? -frequency : frequency > N / 2 ? N - frequency : frequency;
    }

    private static double[] magnitudes(float[] signal) {
        double[] complex = new double[2 * N];
        for (int n = 0; n < N; n++) {
            complex[2 * n] = signal[n];
        }
        new DoubleFFT_1D(N).complexForward(complex);
        double[] magnitudes = new double[N / 2 + 1];
        for (int k = 0; k <= N / 2; k++) {
            magnitudes[k] = Math.hypot(complex[2 * k], complex[2 * k + 1]);
        }
        return magnitudes;
    }

    private static int strongest(double[] lines) {
        int best = 0;
        for (int k = 0; k < lines.length; k++) {
            best = lines[k] > lines[best] ? k : best;
        }
        return best;
    }

    private static void assertShare(double expected, double share, String what) {
        assertEquals(expected, share, expected == 0 ? 0.01 : 0.06, what);
    }

    private static double share(RandomSounds[] sounds, int count) {
        return Arrays.stream(sounds).filter(one -> one.count() == count).count() / (double) sounds.length;
    }

    private static double modulatedShare(RandomSounds[] sounds) {
        double modulated =
                Arrays.stream(sounds).mapToInt(RandomSounds::modulated).sum();
        return modulated / Arrays.stream(sounds).mapToInt(RandomSounds::count).sum();
    }
}
