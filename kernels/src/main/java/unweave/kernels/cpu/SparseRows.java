package unweave.kernels.cpu;

/**
 * Rows of two matrices A and C of equal size, without the columns in which both are zero. After a ReLU these are most
 * columns: activations a are positive in a quarter to a half of the channels. A context c = R / a is zero wherever a
 * is, and wherever the following pooling passes no relevance back. An instance keeps its memory.
 */
final class SparseRows {
    /** The entries of a row are a multiple of this; zeros in column 0 fill it up. */
    static final int GROUP = 4;

    private int[] begins = {0};
    private int[] places = {};
    private float[] a = {};
    private float[] c = {};

    /** How many columns of some rows are not zero in both matrices. Row n lies at n * dimensions. */
    static int count(int firstRow, int rows, int dimensions, float[] a, float[] c) {
        int count = 0;
        for (int i = firstRow * dimensions; i < (firstRow + rows) * dimensions; i++) {
            count += active(a[i], c[i]);
        }
        return count;
    }

    /** 1 if a or c is not zero, else 0. Without a branch, which would be mispredicted every other time. */
    private static int active(float a, float c) {
        int magnitudes = (Float.floatToRawIntBits(a) | Float.floatToRawIntBits(c)) << 1;
        return (magnitudes | -magnitudes) >>> 31;
    }

    /**
     * Takes some rows in. Row n lies at n * dimensions.
     *
     * @param count what {@link #count} says of these rows
     * @param stride column j becomes place j * stride
     */
    void fill(int firstRow, int rows, int dimensions, int count, int stride, float[] a, float[] c) {
        reserve(rows, count + GROUP * rows);
        int entry = 0;
        for (int n = 0; n < rows; n++) {
            begins[n] = entry;
            int from = (firstRow + n) * dimensions;
            for (int j = 0; j < dimensions; j++) { // writes the zeros too, which the next overwrites
                places[entry] = j * stride;
                this.a[entry] = a[from + j];
                this.c[entry] = c[from + j];
                entry += active(a[from + j], c[from + j]);
            }
            while ((entry - begins[n]) % GROUP != 0) {
                places[entry] = 0;
                this.a[entry] = 0;
                this.c[entry] = 0;
                entry++;
            }
        }
        begins[rows] = entry;
    }

    private void reserve(int rows, int entries) {
        if (begins.length < rows + 1) {
            begins = new int[rows + 1];
        }
        if (places.length < entries) {
            places = new int[entries];
            a = new float[entries];
            c = new float[entries];
        }
    }

    /** Where the entries of row n begin; those of row n - 1 end there. */
    int begin(int n) {
        return begins[n];
    }

    /** For each entry, its column times the stride. */
    int[] places() {
        return places;
    }

    /** For each entry, its value in A. */
    float[] a() {
        return a;
    }

    /** For each entry, its value in C. */
    float[] c() {
        return c;
    }
}
