package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    @Test
    void everyEpochIsAPermutationOfItsOwn() {
        int[] first = new EpochOrder(1, 1).permutation(1000);
        int[] second = new EpochOrder(1, 2).permutation(1000);
        assertArrayEquals(first, new EpochOrder(1, 1).permutation(1000));
        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(
                IntStream.range(0, 1000).toArray(), IntStream.of(first).sorted().toArray());
    }

    @Test
    void everyPlaceIsEquallyLikely() {
        int[] count = new int[5];
        for (int epoch = 0; epoch < 5000; epoch++) {
            int[] order = new EpochOrder(3, epoch).permutation(5);
            count[
                    IntStream.range(0, 5)
                            .filter(place -> order[place] == 2)
                            .findFirst()
                            .orElseThrow()]++;
        }
        for (int n : count) {
            assertEquals(1000, n, 120);
        }
    }

    @Test
    void seedsDoNotRepeat() {
        Set<Long> seeds = new HashSet<>();
        for (int epoch = 1; epoch <= 10; epoch++) {
            EpochOrder order = new EpochOrder(1, epoch);
            for (int i = 0; i < 100; i++) {
                seeds.add(order.augmentationSeed(i));
                seeds.add(order.dropoutSeed(i));
            }
        }
        assertEquals(2000, seeds.size());
    }
}
