package unweave.explain.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import unweave.engine.layer.ReceptiveField;
import unweave.explain.TimeFrequencyAxes;

class RegionTest {
    private static final TimeFrequencyAxes AXES = new TimeFrequencyAxes(new double[] {100, 200, 400, 800}, 10, 0.02);

    @Test
    void goesFromTheFirstBinToTheLast() {
        Region region = Region.of(new ReceptiveField.Box(1, 5, 3, 9), AXES, 2.5);
        assertEquals(new Region(2.6, 2.66, 200, 400), region);
        assertEquals("2.60\u20132.66\u00a0s, 200\u2013400\u00a0Hz", region.toString());
    }

    @Test
    void ofOneBinIsAPoint() {
        assertEquals(new Region(0, 0, 800, 800), Region.of(new ReceptiveField.Box(3, 0, 4, 1), AXES, 0));
    }
}
