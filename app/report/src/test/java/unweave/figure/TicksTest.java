package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.explain.TimeFrequencyAxes;

class TicksTest {

    @Test
    void linearMarksAreRoundNumbersInsideTheRange() {
        assertArrayEquals(
                new String[] {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"},
                Ticks.linear(0, 1, 6).labels());
        assertArrayEquals(
                new String[] {"\u22124", "\u22122", "0", "2"},
                Ticks.linear(-4.2, 2.1, 5).labels());
        assertArrayEquals(
                new String[] {"0", "1000", "2000", "3000", "4000", "5000"},
                Ticks.linear(0, 5000, 6).labels());
    }

    @Test
    void verySmallAndLargeNumbersShareAPowerOfTen() {
        Ticks ticks = Ticks.linear(0, 2e-4, 5);
        assertEquals(-4, ticks.exponent());
        assertArrayEquals(new String[] {"0.0", "0.5", "1.0", "1.5", "2.0"}, ticks.labels());
        assertEquals(1e-4, ticks.values()[2], 1e-16);
        assertEquals(5, Ticks.linear(0, 3e5, 4).exponent());
    }

    @Test
    void anAxisHasAtLeastTwoMarksHoweverShort() {
        assertTrue(Ticks.linear(0, 0.95, 2).values().length >= 2);
        assertTrue(Ticks.linear(0.31, 0.38, 1).values().length >= 2);
    }

    @Test
    void logarithmicMarksArePowersOfTenAndFinerOnShortAxes() {
        assertArrayEquals(
                new String[] {"10^{\u22124}", "10^{\u22123}", "10^{\u22122}", "10^{\u22121}", "10^{0}"},
                Ticks.logarithmic(1e-4, 1).labels());
        assertArrayEquals(
                new String[] {"0.1", "0.2", "0.5", "1", "2"},
                Ticks.logarithmic(0.09, 3).labels());
        assertArrayEquals(
                new String[] {"0.31", "0.32", "0.33", "0.34"},
                Ticks.logarithmic(0.31, 0.34).labels());
    }

    @Test
    void frequenciesLieAtTheirMelRowAndKeepTheirDistance() {
        TimeFrequencyAxes axes = ExampleMaps.axes();
        Ticks ticks = Ticks.frequencies(axes, 3);
        assertArrayEquals(new String[] {"100", "200", "500", "1000", "2000", "4000", "8000"}, ticks.labels());
        assertEquals(64, ticks.values()[6], "the upper end of the last triangle is the upper edge");
        int row = (int) ticks.values()[3];
        assertTrue(axes.centreHz()[row - 1] < 1000 && 1000 < axes.centreHz()[row + 1], "1000 Hz is drawn at its row");
        assertEquals("200", Ticks.frequencies(axes, 4).labels()[0], "100 Hz would be too close to 200 Hz");
    }

    @Test
    void aFrequencyBetweenTwoCentresLiesBetweenTheirRows() {
        TimeFrequencyAxes axes = new TimeFrequencyAxes(new double[] {100, 200, 400}, 10, 0.1);
        assertEquals(0.5, axes.row(100), 1e-12);
        assertEquals(2.0, axes.row(300), 1e-12);
        assertEquals(2.5, axes.row(400), 1e-12);
        assertEquals(0.5, axes.column(0), 1e-12);
        assertEquals(3.5, axes.column(0.3), 1e-12);
    }

    @Test
    void axesMustIncrease() {
        assertThrows(IllegalArgumentException.class, () -> new TimeFrequencyAxes(new double[] {100, 100}, 4, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new TimeFrequencyAxes(new double[] {100, 200}, 0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new TimeFrequencyAxes(new double[] {100, 200}, 4, 0));
    }
}
