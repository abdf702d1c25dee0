package unweave.kernels.cpu;

/**
 * How a matrix lies in panels, the form in which {@link PanelProduct} takes its right factor: the columns are cut into
 * panels of {@code width}, and each panel holds its rows one after the other. The last panel is filled up with columns
 * of zeros.
 */
record Panels(int columns, int width) {
    int count() {
        return (columns + width - 1) / width;
    }

    /** Columns of all panels together. */
    int padded() {
        return count() * width;
    }

    /** Columns of one panel, without the zeros. */
    int columnsOf(int panel) {
        return Math.min(width, columns - panel * width);
    }

    /**
     * Writes the row-major matrix that begins at {@code from} as panels. The zeros of {@code packed} are taken to be
     * there.
     */
    void pack(int rows, float[] matrix, int from, float[] packed) {
        for (int panel = 0; panel < count(); panel++) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        matrix,
                        from + row * columns + panel * width,
                        packed,
                        (panel * rows + row) * width,
                        columnsOf(panel));
            }
        }
    }

    /** The row-major matrix as panels. */
    float[] pack(int rows, float[] matrix) {
        float[] packed = new float[rows * padded()];
        pack(rows, matrix, 0, packed);
        return packed;
    }
}
