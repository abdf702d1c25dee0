package unweave.audio.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import unweave.audio.random.SeededRandom;

class SyntheticSetTest {
    private final SyntheticSet set = new SyntheticSet(new SyntheticGenerator(), 300, 1);

    @Test
    void theSignalIsTheSumOfItsPartsAndPeaksAtOne() {
        for (int i = 0; i < set.size(); i += 20) {
            SyntheticSample sample = set.sample(i);
            float peak = 0;
            for (int n = 0; n < SyntheticGenerator.LENGTH; n++) {
                double sum = sample.background()[n];
                for (int k = 0; k < 4; k++) {
                    sum += sample.used()[k] ? sample.objects()[k][n] : 0;
                }
                assertEquals(sum, sample.signal()[n], 1e-6);
                peak = Math.max(peak, Math.abs(sample.signal()[n]));
            }
            assertEquals(1, peak);
        }
    }

    @Test
    void theSignalAloneIsTheSameBytes() {
        IntStream.range(0, set.size())
                .parallel()
                .filter(i -> i % 7 == 0)
                .forEach(i -> assertArrayEquals(set.sample(i).signal(), set.signal(i), "sample " + i));
        assertThrows(IllegalArgumentException.class, () -> new SyntheticGenerator().signal(2, 1));
    }

    @Test
    void samplesHoldOneToFourObjectsWithTheStatedProbabilities() {
        SyntheticGenerator generator = new SyntheticGenerator();
        int[] counts = new int[5];
        int[] uses = new int[4];
        int samples = 1500;
        for (int i = 0; i < samples; i++) {
            SyntheticSample sample = generator.generate(i % 2, i);
            int count = 0;
            for (int k = 0; k < 4; k++) {
                assertEquals(sample.used()[k], sample.objects()[k] != null);
                count += sample.used()[k] ? 1 : 0;
                uses[k] += sample.used()[k] ? 1 : 0;
            }
            counts[count]++;
        }
        double[] expected = {0, 0.5, 0.2, 0.2, 0.1};
        for (int c = 0; c <= 4; c++) {
            assertEquals(expected[c], (double) counts[c] / samples, 0.04, c + " objects");
        }
        for (int use : uses) {
            assertEquals(1.9 / 4, (double) use / samples, 0.045, "every object is used equally often");
        }
    }

    @Test
    void theNoiseHasTheStatedStrength() {
        SyntheticParameters quiet = SyntheticParameters.DEFAULT.withSounds(0, 0);
        SyntheticSample sample =
                new SyntheticGenerator(quiet).generate(0, 5, new boolean[] {false, false, false, true});
        double sum = 0;
        for (float x : sample.background()) {
            sum += x * x;
        }
        // The object's amplitude is unknown here; without noise it stands alone, and its peak tells the scale.
        float[] alone = new SyntheticGenerator(quiet.withNoiseStrength(0))
                .generate(0, 5, sample.used())
                .signal();
        double scale = Math.sqrt(dot(sample.objects()[3], sample.objects()[3]) / dot(alone, alone));
        float[] drawn = SoundObjects.of(quiet.objects()).get(0).get(3).draw(SeededRandom.of(5, 3, 3));
        double peak = 0;
        for (float x : drawn) {
            peak = Math.max(peak, Math.abs(x));
        }
        assertEquals(0.01, Math.sqrt(sum / 16000) / scale * peak, 3e-4);
    }

    @Test
    void randomSoundsStayAwayFromTheCarriersOfTheirClass() {
        int[][][] ranges = {
            {{100, 150}, {500, 600}, {800, 1000}, {3500, 4000}}, {{100, 150}, {500, 600}, {800, 1000}, {4000, 4500}}
        };
        SyntheticGenerator generator = new SyntheticGenerator();
        SeededRandom random = new SeededRandom(3);
        for (int c = 0; c < 2; c++) {
            int atTheTop = 0;
            int above2000 = 0;
            for (int i = 0; i < 20_000; i++) {
                int frequency = generator.randomFrequency(
                        SoundObjects.of(SyntheticParameters.Objects.OF_TEXT).get(c), random);
                assertTrue(frequency >= 1 && frequency <= 8000);
                for (int[] range : ranges[c]) {
                    assertFalse(frequency >= range[0] - 50 && frequency <= range[1] + 50, frequency + " Hz");
                }
                atTheTop += frequency == 8000 ? 1 : 0;
                above2000 += frequency > 2000 ? 1 : 0;
            }
            // P(f >= 8000) = exp(-4) and P(f > 2000) = exp(-1), both among the frequencies that are allowed.
            double[] limits = {50, 200, 450, 650, 750, 1050, ranges[c][3][0] - 50, ranges[c][3][1] + 50};
            double forbidden = IntStream.range(0, 4)
                    .mapToDouble(k -> Math.exp(-limits[2 * k] / 2000) - Math.exp(-limits[2 * k + 1] / 2000))
                    .sum();
            double forbiddenAbove = Math.exp(-limits[6] / 2000) - Math.exp(-limits[7] / 2000);
            assertEquals(Math.exp(-4) / (1 - forbidden), atTheTop / 20_000.0, 0.004);
            assertEquals((Math.exp(-1) - forbiddenAbove) / (1 - forbidden), above2000 / 20_000.0, 0.012);
        }
    }

    @Test
    void forcedObjectsLeaveTheRestAsItIs() {
        SyntheticGenerator generator = new SyntheticGenerator();
        boolean[] all = {true, true, true, true};
        SyntheticSample complete = generator.generate(1, 9, all);
        SyntheticSample two = generator.generate(1, 9, new boolean[] {false, true, false, true});
        assertNull(two.objects()[0]);
        double ratio = dot(complete.background(), two.background()) / dot(two.background(), two.background());
        for (int n = 0; n < 16000; n++) {
            assertEquals(complete.background()[n], ratio * two.background()[n], 1e-6);
            assertEquals(complete.objects()[3][n], ratio * two.objects()[3][n], 1e-6);
        }
        assertArrayEquals(all, set.completeSample(0, 3).used());
        assertFalse(Arrays.equals(
                set.completeSample(0, 3).signal(), set.completeSample(0, 4).signal()));
    }

    @Test
    void theSetIsTheSameInAnyOrderAndOnAnyNumberOfThreads() {
        int[] inOrder = IntStream.range(0, 60)
                .map(i -> Arrays.hashCode(set.sample(i * 10).signal()))
                .toArray();
        int[] inParallel = IntStream.range(0, 60)
                .parallel()
                .map(i -> Arrays.hashCode(set.sample(i * 10).signal()))
                .toArray();
        assertArrayEquals(inOrder, inParallel);
        assertEquals(60, Arrays.stream(inOrder).distinct().count());
        assertFalse(Arrays.equals(
                new SyntheticSet(2).sample(0).signal(),
                new SyntheticSet(1).sample(0).signal()));
    }

    @Test
    void theBytesAreTheSameOnEveryJdk() {
        int hash = 0;
        for (int i = 0; i < set.size(); i += 50) {
            hash = 31 * hash + Arrays.hashCode(set.sample(i).signal());
        }
        assertEquals(111176052, hash);
    }

    @Test
    void theSplitIsSeventyTenTwentyInEachClass() {
        SyntheticSet whole = new SyntheticSet(1);
        assertEquals(4000, whole.size());
        assertEquals(2800, whole.train().length);
        assertEquals(400, whole.validation().length);
        assertEquals(800, whole.test().length);
        boolean[] seen = new boolean[whole.size()];
        for (int[] part : new int[][] {whole.train(), whole.validation(), whole.test()}) {
            int ofClassOne = 0;
            for (int i : part) {
                assertFalse(seen[i]);
                seen[i] = true;
                ofClassOne += whole.classIndex(i);
            }
            assertEquals(part.length / 2, ofClassOne);
        }
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SyntheticGenerator().generate(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new SyntheticGenerator().generate(0, 0, new boolean[3]));
        assertThrows(IllegalArgumentException.class, () -> new SyntheticSet(new SyntheticGenerator(), 9, 0));
        assertThrows(IllegalArgumentException.class, () -> SyntheticParameters.DEFAULT.withNoiseStrength(-1));
        assertThrows(IllegalArgumentException.class, () -> SyntheticParameters.DEFAULT.withSounds(4, 3));
        assertThrows(IllegalArgumentException.class, () -> parameters(List.of(0.5, 0.5), 0.5));
        assertThrows(IllegalArgumentException.class, () -> parameters(List.of(0.5, 0.2, 0.2, 0.1), 1.5));
        assertThrows(IndexOutOfBoundsException.class, () -> set.sample(600));
    }

    private static SyntheticParameters parameters(List<Double> objectCounts, double modulatedShare) {
        return new SyntheticParameters(
                SyntheticParameters.Objects.OF_TEXT, objectCounts, 3, 5, modulatedShare, 2000, true, 50, 0.01);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int n = 0; n < a.length; n++) {
            sum += (double) a[n] * b[n];
        }
        return sum;
    }
}
