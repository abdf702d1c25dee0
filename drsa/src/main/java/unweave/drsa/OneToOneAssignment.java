package unweave.drsa;

import java.util.Arrays;

/**
 * The one-to-one assignment of rows to columns with the largest sum of scores, by the Hungarian method in its
 * shortest-augmenting-path form (Kuhn 1955; Jonker and Volgenant 1987). Exact; equal inputs give equal assignments.
 */
public final class OneToOneAssignment {
    /** Marks a row without a column. */
    public static final int NONE = -1;

    private OneToOneAssignment() {}

    /**
     * The best assignment.
     *
     * @param scores rows x columns, finite and at least 0
     * @return the column of every row, or {@link #NONE} for the surplus rows where there are more rows than columns
     */
    public static int[] best(double[][] scores) {
        int rows = scores.length;
        int columns = scores[0].length;
        int size = Math.max(rows, columns);
        double[][] cost = new double[size][size];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                cost[row][column] = -scores[row][column];
            }
        }
        int[] rowOfColumn = new Search(cost).solve();
        int[] columnOfRow = new int[rows];
        Arrays.fill(columnOfRow, NONE);
        for (int column = 0; column < columns; column++) {
            if (rowOfColumn[column] < rows) {
                columnOfRow[rowOfColumn[column]] = column;
            }
        }
        return columnOfRow;
    }

    /**
     * Least cost on a square matrix. Potentials keep every reduced cost cost[r][c] - row[r] - column[c] non-negative,
     * and 0 where assigned.
     */
    private static final class Search {
        private final double[][] cost;
        private final int size;
        private final double[] rowPotential;
        private final double[] columnPotential;
        private final int[] rowOfColumn;

        Search(double[][] cost) {
            this.cost = cost;
            size = cost.length;
            rowPotential = new double[size];
            columnPotential = new double[size];
            rowOfColumn = new int[size];
            Arrays.fill(rowOfColumn, NONE);
        }

        int[] solve() {
            for (int row = 0; row < size; row++) {
                augment(row);
            }
            return rowOfColumn;
        }

        /**
         * Assigns one more row along the path of least reduced cost to a free column (Dijkstra), moving assigned rows
         * on the way.
         */
        private void augment(int newRow) {
            double[] distance = new double[size];
            int[] previousColumn = new int[size];
            boolean[] done = new boolean[size];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            int column = NONE;
            double reached = 0;
            do {
                int row = column == NONE ? newRow : rowOfColumn[column];
                int nearest = NONE;
                for (int next = 0; next < size; next++) {
                    if (done[next]) {
                        continue;
                    }
                    double through = reached + cost[row][next] - rowPotential[row] - columnPotential[next];
                    if (through < distance[next]) {
                        distance[next] = through;
                        previousColumn[next] = column;
                    }
                    if (nearest == NONE || distance[next] < distance[nearest]) {
                        nearest = next;
                    }
                }
                column = nearest;
                reached = distance[column];
                done[column] = true;
            } while (rowOfColumn[column] != NONE);
            updatePotentials(newRow, done, distance, reached);
            while (column != NONE) {
                int before = previousColumn[column];
                rowOfColumn[column] = before == NONE ? newRow : rowOfColumn[before];
                column = before;
            }
        }

        private void updatePotentials(int newRow, boolean[] done, double[] distance, double reached) {
            rowPotential[newRow] += reached;
            for (int column = 0; column < size; column++) {
                if (done[column] && rowOfColumn[column] != NONE) {
                    rowPotential[rowOfColumn[column]] += reached - distance[column];
                    columnPotential[column] -= reached - distance[column];
                }
            }
        }
    }
}
