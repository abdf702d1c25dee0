package unweave.audio.sonify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderStatisticTest {
    /** Zeros and ties among values over the whole range of floats, down to the smallest that is not zero. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 500})
    void isWhatSortingFindsAtEveryRank(int count) {
        Random random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(4);
            values[i] = kind == 0
                    ? 0
                    : kind == 1
                            ? random.nextInt(5)
                            : Float.intBitsToFloat(random.nextInt(Float.floatToIntBits(Float.MAX_VALUE) + 1));
        }
        values[count / 2] = Float.MIN_VALUE;
        values[count - 1] = Float.MAX_VALUE;
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        for (int rank = 0; rank < count; rank++) {
            assertEquals(sorted[rank], OrderStatistic.of(values, rank), "rank " + rank);
        }
    }
}
