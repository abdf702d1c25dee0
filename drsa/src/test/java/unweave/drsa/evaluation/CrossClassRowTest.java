package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.drsa.Estimate;

class CrossClassRowTest {
    private static final int[] FLIPS = {1, 3};

    /** AUPC of curve a b 0 with steps of 1 and 3 of 4: (a - b) / 8 + b / 2. */
    @Test
    void deltasByHand() {
        FlippingScores standard = new FlippingScores(FLIPS, new float[][] {{8, 8, 0}, {8, 4, 0}});
        FlippingScores own = new FlippingScores(FLIPS, new float[][] {{8, 0, 0}, {8, 0, 0}});
        FlippingScores other = new FlippingScores(FLIPS, new float[][] {{8, 8, 0}, {8, 8, 0}});
        CrossClassRow row =
                CrossClassRow.of(3, List.of(0, 3), new SubspaceFlipping.Result(standard, List.of(other, own)));
        assertEquals((4 + 2.5) / 2, row.standard().mean(), 1e-12);
        assertEquals((0 - 1.5) / 2, row.delta().get(0).mean(), 1e-12);
        assertEquals((3 + 1.5) / 2, row.delta().get(1).mean(), 1e-12);
        assertEquals(3, row.bestClass());
        SubspaceFlipping.Result two = new SubspaceFlipping.Result(standard, List.of(other, own));
        assertThrows(IllegalArgumentException.class, () -> CrossClassRow.of(3, List.of(0), two));
    }

    /** Classes count alike, however many samples they have. */
    @Test
    void averagesOverClasses() {
        Estimate average = ClassAverage.of(List.of(new Estimate(1, .3, 10), new Estimate(3, .4, 90)));
        assertEquals(2, average.mean(), 1e-12);
        assertEquals(.25, average.standardError(), 1e-12);
        assertEquals(100, average.count());
    }
}
