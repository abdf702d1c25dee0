package unweave.kernels.cpu;

import java.util.Arrays;

/**
 * Where {@link SubspaceGradient} keeps the columns of U, H and G, so that no vector holds parts of two blocks unless it
 * holds both as a whole: the columns of every block are followed by zeros up to a power of two, or up to whole vectors
 * where a block takes more than one.
 *
 * @param dimensions D, the number of columns
 * @param subspaces K, the number of blocks
 * @param lanes columns of a vector, a power of two
 */
record BlockColumns(int dimensions, int subspaces, int lanes) {
    int blockWidth() {
        return dimensions / subspaces;
    }

    /** Places of a block. */
    private int places() {
        int width = blockWidth();
        return width >= lanes ? (width + lanes - 1) / lanes * lanes : Math.max(1, Integer.highestOneBit(2 * width - 1));
    }

    /** Places that a block takes within one vector: a power of two. */
    int blockLanes() {
        return Math.min(places(), lanes);
    }

    /** Vectors of a block, 1 where several blocks share a vector. */
    int blockVectors() {
        return places() / blockLanes();
    }

    /** Vectors of a row. */
    int vectors() {
        return (subspaces * places() + lanes - 1) / lanes;
    }

    /** Places of a row: {@link #vectors} vectors. */
    int padded() {
        return vectors() * lanes;
    }

    /** The place of a column. */
    int place(int column) {
        return column / blockWidth() * places() + column % blockWidth();
    }

    /** For each place its column, or -1 where there is a zero. */
    int[] columnsOfPlaces() {
        int[] columns = new int[padded()];
        Arrays.fill(columns, -1);
        for (int column = 0; column < dimensions; column++) {
            columns[place(column)] = column;
        }
        return columns;
    }
}
