package unweave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SparseRowsTest {
    private static final float[] A = {
        9, 9, 9, 0, 2, 0, 0, -0f, 0, 1, 0, 3, Float.NaN, 0, 0,
    };
    private static final float[] C = {
        9, 9, 9,
        5, 0, 0,
        0, 0, -0f,
        0, 0, 4,
        0, 0, Float.MIN_VALUE,
    };

    @Test
    void columnsThatAreZeroInBothMatricesAreLeftOut() {
        SparseRows rows = filled();
        assertEquals(0, rows.begin(0));
        assertEquals(4, rows.begin(1));
        assertEquals(4, rows.begin(2), "a row of zeros has no entries");
        assertEquals(8, rows.begin(3));
        assertArrayEquals(new int[] {0, 10}, Arrays.copyOf(rows.places(), 2));
        assertArrayEquals(new float[] {0, 2}, Arrays.copyOf(rows.a(), 2));
        assertArrayEquals(new float[] {5, 0}, Arrays.copyOf(rows.c(), 2));
        assertArrayEquals(new int[] {0, 20}, Arrays.copyOfRange(rows.places(), 4, 6));
        assertArrayEquals(new float[] {1, 3}, Arrays.copyOfRange(rows.a(), 4, 6));
        assertArrayEquals(new float[] {0, 4}, Arrays.copyOfRange(rows.c(), 4, 6));
    }

    @Test
    void rowsAreFilledUpWithZerosOfTheFirstColumn() {
        SparseRows rows = filled();
        for (int entry : new int[] {2, 3, 6, 7}) {
            assertEquals(0, rows.places()[entry]);
            assertEquals(0f, rows.a()[entry]);
            assertEquals(0f, rows.c()[entry]);
        }
    }

    @Test
    void whatIsNotANumberAndTheSmallestNumberAreNoZeros() {
        assertEquals(2, SparseRows.count(4, 1, 3, A, C));
        assertEquals(0, SparseRows.count(2, 1, 3, A, C));
        assertEquals(4, SparseRows.count(1, 3, 3, A, C));
    }

    /** Rows 1 to 3, in memory that larger rows have used. */
    private static SparseRows filled() {
        SparseRows rows = new SparseRows();
        rows.fill(0, 5, 3, SparseRows.count(0, 5, 3, A, C), 1, A, C);
        rows.fill(1, 3, 3, SparseRows.count(1, 3, 3, A, C), 10, A, C);
        return rows;
    }
}
