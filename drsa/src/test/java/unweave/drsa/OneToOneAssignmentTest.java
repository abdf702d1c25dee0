package unweave.drsa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OneToOneAssignmentTest {
    @Test
    void takesTheBestSumRatherThanTheBestPair() {
        // The best pair, 0.9, would leave 0.1: 1.0 in all; the other way gives 0.8 + 0.7.
        assertArrayEquals(new int[] {1, 0}, OneToOneAssignment.best(new double[][] {{0.9, 0.8}, {0.7, 0.1}}));
    }

    @Test
    void leavesRowsOverWhereColumnsAreShort() {
        assertArrayEquals(new int[] {-1, 0, -1}, OneToOneAssignment.best(new double[][] {{0.2}, {0.5}, {0.4}}));
    }

    @Test
    void leavesColumnsOverWhereRowsAreShort() {
        assertArrayEquals(new int[] {2}, OneToOneAssignment.best(new double[][] {{0.2, 0.1, 0.6, 0.5}}));
    }

    @RepeatedTest(60)
    void equalsTheSearchThroughAllPermutations(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double[][] scores = new double[1 + random.nextInt(6)][1 + random.nextInt(6)];
        for (double[] row : scores) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(8) / 8.;
            }
        }
        int[] found = OneToOneAssignment.best(scores);
        double sum = 0;
        for (int row = 0; row < scores.length; row++) {
            sum += found[row] < 0 ? 0 : scores[row][found[row]];
        }
        assertEquals(bestSum(scores, 0, 0), sum, 1e-12);
        assertEquals(
                Math.min(scores.length, scores[0].length),
                Arrays.stream(found).filter(c -> c >= 0).distinct().count());
    }

    private static double bestSum(double[][] scores, int row, int used) {
        if (row == scores.length) {
            return 0;
        }
        double best = bestSum(scores, row + 1, used);
        for (int column = 0; column < scores[row].length; column++) {
            if ((used >> column & 1) == 0) {
                best = Math.max(best, scores[row][column] + bestSum(scores, row + 1, used | 1 << column));
            }
        }
        return best;
    }
}
