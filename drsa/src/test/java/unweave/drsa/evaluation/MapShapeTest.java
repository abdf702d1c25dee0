package unweave.drsa.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MapShapeTest {
    /** Sorted 0 1 3: (-2 * 0 + 0 * 1 + 2 * 3) / (3 * 4). */
    @Test
    void sparsenessByHand() {
        assertEquals(0.5, MapShape.sparseness(new float[] {3, 0, 1}), 1e-12);
    }

    /** Shares 1/2, 1/4, 1/4: ln 2 / 2 + ln 4 / 2. */
    @Test
    void complexityByHand() {
        assertEquals(1.5 * Math.log(2), MapShape.complexity(new float[] {2, 1, 0, 1}), 1e-12);
    }

    /** Two equal values at the ends of a row of 3: distance 1 from the middle; evenly spread, sqrt(8/12). */
    @Test
    void concentrationByHand() {
        assertEquals(1 - 1 / Math.sqrt(8. / 12), MapShape.concentration(new float[] {5, 0, 5}, 1, 3), 1e-6);
    }

    @Test
    void oneBinIsTheMostConcentratedMap() {
        float[] map = new float[40];
        map[13] = 0.2f;
        assertEquals(1 - 1. / 40, MapShape.sparseness(map), 1e-6);
        assertEquals(0, MapShape.complexity(map), 1e-12);
        assertEquals(1, MapShape.concentration(map, 5, 8), 1e-6);
    }

    @Test
    void aUniformMapAndAnEmptyOneAreTheLeast() {
        float[] uniform = new float[40];
        Arrays.fill(uniform, 0.7f);
        for (float[] map : new float[][] {uniform, new float[40]}) {
            assertEquals(0, MapShape.sparseness(map), 1e-6);
            assertEquals(Math.log(40), MapShape.complexity(map), 1e-6);
            assertEquals(0, MapShape.concentration(map, 5, 8), 1e-6);
        }
    }

    @Test
    void scalingAMapChangesNothing() {
        float[] map = {1, 0, 4, 2, 0, 1};
        float[] scaled = {3, 0, 12, 6, 0, 3};
        assertEquals(MapShape.sparseness(map), MapShape.sparseness(scaled), 1e-12);
        assertEquals(MapShape.complexity(map), MapShape.complexity(scaled), 1e-12);
        assertEquals(MapShape.concentration(map, 2, 3), MapShape.concentration(scaled, 2, 3), 1e-12);
    }

    @Test
    void masksLieBetweenZeroAndOne() {
        float[] map = {-4, 2, 0, 1};
        assertArrayEquals(new float[] {0, 1, 0, 0.5f}, MapPart.POSITIVE.mask(map));
        assertArrayEquals(new float[] {1, 0.5f, 0, 0.25f}, MapPart.MAGNITUDE.mask(map));
        assertArrayEquals(new float[] {0, 1, 1, 0.5f}, MapPart.POSITIVE.united(map, new float[] {-1, 0, 8, 2}));
        assertArrayEquals(new float[2], MapPart.POSITIVE.mask(new float[] {-1, -2}));
    }
}
