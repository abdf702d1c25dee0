package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EstimateTest {
    /** Values 1 2 3 6: mean 3, squared deviations 4 + 1 + 0 + 9, standard error sqrt(14 / 3 / 4). */
    @Test
    void meanAndStandardErrorByHand() {
        Estimate estimate = Estimate.of(1, 2, 3, 6);
        assertEquals(3, estimate.mean(), 1e-15);
        assertEquals(Math.sqrt(14. / 12), estimate.standardError(), 1e-15);
        assertEquals(4, estimate.count());
    }

    @Test
    void fewValuesHaveNoError() {
        assertEquals(0, Estimate.of(7).standardError(), 0);
        assertTrue(Double.isNaN(Estimate.of().mean()));
    }
}
