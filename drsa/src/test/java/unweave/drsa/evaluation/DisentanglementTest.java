package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisentanglementTest {
    /**
     * 16 x 16 maps whose 90th percentile is 0, so that every positive bin is claimed. The first claims bins 0 and 1
     * (masks 1 and .5), the second bins 1 and 2 (1 and .25): the shared bin 1 has 1.5 of 2.75. Of the first map's
     * energy 1/3 is in bin 1, of the second's 4/5: 1/3 in common.
     */
    @Test
    void sharedEnergyByHand() {
        float[] a = new float[256];
        float[] b = new float[256];
        a[0] = 4;
        a[1] = 2;
        b[1] = 8;
        b[2] = 2;
        b[3] = -9;
        Disentanglement score = Disentanglement.of(new float[][] {a, b}, 16, 16);
        assertEquals(1.5 / 2.75, score.sharedEnergy(), 1e-9);
        assertEquals(1 / 3., score.commonEnergy(), 1e-6);
    }

    /** Only the top tenth of a map without zeros is claimed: 26 of 256 bins, here those at the ends. */
    @Test
    void onlyTheTopOfAMapIsClaimed() {
        float[] up = new float[256];
        float[] down = new float[256];
        for (int i = 0; i < 256; i++) {
            up[i] = i + 1;
            down[i] = 256 - i;
        }
        Disentanglement score = Disentanglement.of(new float[][] {up, down}, 16, 16);
        assertEquals(0, score.sharedEnergy());
        assertEquals(-1, score.correlation(), 1e-6);
        assertEquals(1, Disentanglement.of(new float[][] {up, up}, 16, 16).sharedEnergy());
    }

    /** Two spots in different corners are as disentangled as can be, equal maps not at all; random maps lie between. */
    @Test
    void separateSpotsScoreBestAndEqualMapsWorst() {
        float[][] spots = {spot(3, 3), spot(3, 12), spot(12, 3), spot(12, 12)};
        float[][] equal = {spot(3, 3), spot(3, 3), spot(3, 3), spot(3, 3)};
        float[][] random = new float[4][];
        Arrays.setAll(random, k -> TestModels.uniform(256, 0, 1, k));
        Disentanglement best = Disentanglement.of(spots, 16, 16);
        Disentanglement worst = Disentanglement.of(equal, 16, 16);
        Disentanglement chance = Disentanglement.of(random, 16, 16);
        assertEquals(0, best.sharedEnergy());
        assertEquals(0, best.commonEnergy());
        assertTrue(best.correlation() < 0);
        assertTrue(best.concentration() > 0.8 && best.sparseness() > 0.9);
        assertEquals(1, worst.similarity(), 1e-9);
        assertEquals(1, worst.correlation(), 1e-9);
        assertEquals(1, worst.sharedEnergy());
        assertEquals(1, worst.commonEnergy(), 1e-6);
        assertEquals(0, chance.correlation(), 0.1);
        assertEquals(0, chance.concentration(), 0.05);
        assertTrue(best.sharedEnergy() < chance.sharedEnergy() && chance.sharedEnergy() < worst.sharedEnergy());
    }

    /** 3 x 3 bins around a centre. */
    private static float[] spot(int row, int column) {
        float[] map = new float[256];
        for (int i = -1; i <= 1; i++) {
            for (int j = -1; j <= 1; j++) {
                map[(row + i) * 16 + column + j] = 1;
            }
        }
        return map;
    }

    @Test
    void uniformMapsSayTheSame() {
        float[][] uniform = new float[3][256];
        for (float[] map : uniform) {
            Arrays.fill(map, .3f);
        }
        Disentanglement score = Disentanglement.of(uniform, 16, 16);
        assertEquals(1, score.similarity(), 1e-9);
        assertEquals(1, score.correlation(), 1e-9);
        assertEquals(1, score.sharedEnergy(), 1e-9);
        assertEquals(1, score.commonEnergy(), 1e-6);
        assertEquals(0, score.concentration(), 1e-6);
    }

    @Test
    void summariesAreMeans() {
        Disentanglement.Summary summary = Disentanglement.summary(
                List.of(new Disentanglement(.1, .2, .3, .8, .4, .5), new Disentanglement(.3, .4, .5, 1, .6, .7)));
        assertEquals(.2, summary.similarity().mean(), 1e-12);
        assertEquals(.3, summary.correlation().mean(), 1e-12);
        assertEquals(.4, summary.sharedEnergy().mean(), 1e-12);
        assertEquals(.9, summary.commonEnergy().mean(), 1e-12);
        assertEquals(.5, summary.concentration().mean(), 1e-12);
        assertEquals(.6, summary.sparseness().mean(), 1e-12);
    }

    @Test
    void oneMapCannotBeDisentangled() {
        assertThrows(IllegalArgumentException.class, () -> Disentanglement.of(new float[1][256], 16, 16));
    }
}
