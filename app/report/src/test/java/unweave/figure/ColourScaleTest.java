package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ColourScaleTest {

    @Test
    void zeroOfTheDivergingScaleIsWhiteAndItsEndsAreRedAndBlue() {
        assertEquals(0xffffff, ColourScale.DIVERGING.rgb(0.5));
        assertEquals(0xa8001c, ColourScale.DIVERGING.rgb(1));
        assertEquals(0x053a8c, ColourScale.DIVERGING.rgb(0));
        for (double position = 0.51; position <= 1; position += 0.01) {
            assertTrue(
                    red(ColourScale.DIVERGING.rgb(position)) > blue(ColourScale.DIVERGING.rgb(position)),
                    "red above zero");
            assertTrue(
                    blue(ColourScale.DIVERGING.rgb(1 - position)) > red(ColourScale.DIVERGING.rgb(1 - position)),
                    "blue below zero");
        }
    }

    @Test
    void theSequentialScaleGrowsLighterFromEndToEnd() {
        double before = -1;
        for (int step = 0; step <= 200; step++) {
            double lightness = lightness(ColourScale.SEQUENTIAL.rgb(step / 200.0));
            assertTrue(lightness > before, "step " + step);
            before = lightness;
        }
    }

    @Test
    void positionsOutsideAreClampedAndNotANumberIsNeutral() {
        assertEquals(ColourScale.SEQUENTIAL.rgb(0), ColourScale.SEQUENTIAL.rgb(-3));
        assertEquals(ColourScale.SEQUENTIAL.rgb(1), ColourScale.SEQUENTIAL.rgb(Double.POSITIVE_INFINITY));
        int neutral = ColourScale.DIVERGING.rgb(Double.NaN);
        assertNotEquals(0xffffff, neutral);
        assertTrue(Math.abs(red(neutral) - blue(neutral)) < 16);
    }

    @Test
    void gammaBelowOneEmphasisesSmallValuesOfBothSignsAndKeepsZeroAndTheEnds() {
        ColourRange linear = ColourRange.symmetric(2, 1, "relevance");
        ColourRange emphasised = ColourRange.symmetric(2, 0.5, "relevance");
        assertEquals(0.625, linear.position(0.5), 1e-12);
        assertEquals(0.75, emphasised.position(0.5), 1e-12);
        assertEquals(0.25, emphasised.position(-0.5), 1e-12);
        assertEquals(0.5, emphasised.position(0), 0);
        assertEquals(1, emphasised.position(2), 0);
        assertEquals(0, emphasised.position(-2), 0);
    }

    @Test
    void aRangeMustIncreaseAndBeFinite() {
        assertThrows(IllegalArgumentException.class, () -> ColourRange.sequential(1, 1, ""));
        assertThrows(IllegalArgumentException.class, () -> ColourRange.sequential(0, Double.NaN, ""));
        assertThrows(IllegalArgumentException.class, () -> ColourRange.symmetric(1, 0, ""));
    }

    private static int red(int rgb) {
        return rgb >> 16 & 0xff;
    }

    private static int blue(int rgb) {
        return rgb & 0xff;
    }

    private static double lightness(int rgb) {
        return 0.2126 * Math.pow(red(rgb) / 255.0, 2.2)
                + 0.7152 * Math.pow((rgb >> 8 & 0xff) / 255.0, 2.2)
                + 0.0722 * Math.pow(blue(rgb) / 255.0, 2.2);
    }
}
