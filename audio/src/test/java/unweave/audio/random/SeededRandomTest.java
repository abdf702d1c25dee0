package unweave.audio.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededRandomTest {

    /** The first numbers of the reference implementation (Vigna, splitmix64.c) for the seed 1234567. */
    @Test
    void theSourceIsSplitMix64() {
        SeededRandom random = new SeededRandom(1234567);
        assertEquals(6457827717110365317L, random.nextLong());
        assertEquals(3203168211198807973L, random.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), random.nextLong());
    }

    @Test
    void derivedNumbersAreTheSameOnEveryJdk() {
        SeededRandom random = SeededRandom.of(42, 3, 17);
        assertEquals(0.026894369135235574, random.uniform());
        assertEquals(-0.8697943767531434, random.gaussian());
        assertEquals(421.43914244024245, random.exponential(2000));
        assertEquals(229, random.integer(0, 999));
    }

    @Test
    void integersCoverTheirRangeEvenly() {
        SeededRandom random = new SeededRandom(5);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.integer(-3, 3) + 3]++;
        }
        for (int count : counts) {
            assertEquals(10_000, count, 400);
        }
    }

    @Test
    void momentsAreThoseOfTheDistributions() {
        SeededRandom random = new SeededRandom(6);
        int n = 200_000;
        double[] sums = new double[5];
        for (int i = 0; i < n; i++) {
            double g = random.gaussian();
            sums[0] += g;
            sums[1] += g * g;
            sums[2] += g * g * g * g;
            sums[3] += random.exponential(2000);
            sums[4] += random.uniform(-12, 3);
        }
        assertEquals(0, sums[0] / n, 0.01);
        assertEquals(1, sums[1] / n, 0.015);
        assertEquals(3, sums[2] / n, 0.1);
        assertEquals(2000, sums[3] / n, 20);
        assertEquals(-4.5, sums[4] / n, 0.05);
    }

    @Test
    void permutationsHoldEveryNumberOnce() {
        int[] order = new SeededRandom(7).permutation(100);
        assertNotEquals(0, Arrays.compare(order, IntStream.range(0, 100).toArray()));
        Arrays.sort(order);
        assertArrayEquals(IntStream.range(0, 100).toArray(), order);
    }

    @Test
    void streamsOfNeighbouringIndicesDiffer() {
        assertNotEquals(SeededRandom.seed(1, 2, 3), SeededRandom.seed(1, 3, 2));
        assertNotEquals(SeededRandom.seed(1, 0), SeededRandom.seed(1, 1));
        assertNotEquals(SeededRandom.seed(1, 0), SeededRandom.seed(2, 0));
        double correlation = 0;
        for (int i = 0; i < 10_000; i++) {
            correlation += (SeededRandom.of(9, i).uniform() - 0.5)
                    * (SeededRandom.of(9, i + 1).uniform() - 0.5);
        }
        assertTrue(Math.abs(correlation / 10_000) < 0.003, "correlation " + correlation);
    }
}
