package unweave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of windows and divisors are those of PyTorch 1.13 (max_pool1d, avg_pool1d). */
class PoolShapeTest {
    private static PoolShape row(int width, int kernel, int stride, int left, int right, int dilation, boolean ceil) {
        return new PoolShape(1, 1, width, 1, 1, kernel, 1, stride, 0, left, 0, right, 1, dilation, ceil, true);
    }

    @ParameterizedTest
    @CsvSource({
        // width, kernel, stride, padding, dilation, windows without and with ceil
        "10, 3, 2, 0, 1, 4, 5",
        "9, 3, 2, 0, 1, 4, 4",
        "10, 3, 2, 1, 1, 5, 6",
        "10, 2, 2, 1, 1, 6, 6",
        "7, 2, 3, 1, 1, 3, 3", // the fourth window would begin in the padding behind
        "8, 2, 3, 0, 1, 3, 3",
        "5, 1, 3, 0, 1, 2, 2",
        "6, 1, 3, 0, 1, 2, 2",
        "12, 3, 2, 1, 2, 5, 6"
    })
    void windowsAreCounted(int width, int kernel, int stride, int padding, int dilation, int floor, int ceil) {
        assertEquals(
                floor,
                row(width, kernel, stride, padding, padding, dilation, false).outWidth());
        PoolShape up = row(width, kernel, stride, padding, padding, dilation, true);
        assertEquals(ceil, up.outWidth());
        assertEquals(ceil > floor, up.ceil(), "true only where it matters");
    }

    @Test
    void anAverageDividesByWhatCounts() {
        // Windows begin at -1, 1, 3, 5; width 6 and padding 1: the last ones hold cells 5, 6 (padding), 7 (beyond).
        PoolShape counted = row(6, 3, 2, 1, 1, 1, true);
        assertEquals(4, counted.outWidth());
        assertEquals(3, counted.divisor(0, 0));
        assertEquals(3, counted.divisor(0, 2));
        assertEquals(2, counted.divisor(0, 3));
        PoolShape real = new PoolShape(1, 1, 6, 1, 1, 3, 1, 2, 0, 1, 0, 1, 1, 1, true, false);
        assertEquals(2, real.divisor(0, 0));
        assertEquals(3, real.divisor(0, 1));
        assertEquals(1, real.divisor(0, 3));
        assertFalse(real.hasEqualDivisors());
    }

    @Test
    void optionsWithoutEffectAreLeftOut() {
        PoolShape plain = PoolShape.square(2, 8, 6, 4, 2);
        assertEquals(plain, new PoolShape(2, 8, 6, 4, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, true, false));
        assertTrue(plain.isTiling());
        assertFalse(new PoolShape(2, 7, 6, 4, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, true, true).isTiling());
        assertFalse(new PoolShape(2, 7, 6, 4, 2, 2, 2, 2, 0, 0, 1, 0, 1, 1, false, true).isTiling());
        assertEquals("2x8x6x4 2x2 s2", plain.toString());
        assertEquals(
                "1x1x7x1 1x3 s1,2 p0,0,0,1 d1,2 ceil uncounted",
                new PoolShape(1, 1, 7, 1, 1, 3, 1, 2, 0, 0, 0, 1, 1, 2, true, false).toString());
    }

    @Test
    void everyWindowHoldsACellOfTheImage() {
        assertEquals(5, row(3, 3, 1, 2, 2, 1, false).outWidth(), "padding may be more than half the window");
        assertEquals(
                "with this padding some pooling windows of 1x3 would hold no cell of the input 1x5",
                assertThrows(IllegalArgumentException.class, () -> row(5, 3, 1, 3, 0, 1, false))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> row(5, 3, 1, 0, 3, 1, false));
        assertThrows(IllegalArgumentException.class, () -> row(1, 2, 1, 1, 1, 2, false), "the image lies in the gap");
    }
}
