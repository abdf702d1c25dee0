package unweave.kernels.cpu;

/** Divides elementwise work into chunks of a fixed number of values, and these at the ends of operands that repeat. */
final class Elements {
    /**
     * Values in one task. Three operands of this size fit the second-level cache, and one task takes longer than
     * handing it out.
     */
    static final int CHUNK = 16_384;

    /** A repeating operand is laid out at least this long, so that its runs are worth a SIMD loop. */
    private static final int SHORTEST_RUN = 1_024;

    private Elements() {}

    /** Work on the values from (inclusive) to (exclusive). */
    interface Range {
        void run(int from, int to);
    }

    /** Work on the values from to to, where value i meets the repeating operands at i + shiftA and i + shiftB. */
    interface RepeatingRange {
        void run(int from, int to, int shiftA, int shiftB);
    }

    /** Covers 0 to n in chunks. */
    static void forEach(WorkerPool pool, int n, Range range) {
        forEachRow(pool, n, 1, range);
    }

    /** Covers rows 0 to {@code rows}, each of {@code width} values, in chunks of about {@link #CHUNK} values. */
    static void forEachRow(WorkerPool pool, int rows, int width, Range range) {
        int chunkRows = rowsPerChunk(width);
        pool.run(
                chunks(rows, width),
                chunk -> range.run(chunk * chunkRows, (int) Math.min(rows, (chunk + 1L) * chunkRows)));
    }

    static int rowsPerChunk(int width) {
        return Math.max(1, CHUNK / Math.max(1, width));
    }

    /** The number of chunks that {@link #forEachRow} makes. */
    static int chunks(int rows, int width) {
        return (int) ((rows + (long) rowsPerChunk(width) - 1) / rowsPerChunk(width));
    }

    /** Covers 0 to n in chunks, further cut where operands of the given lengths begin again. */
    static void forEachRepeating(WorkerPool pool, int n, int lengthA, int lengthB, RepeatingRange range) {
        forEach(pool, n, (chunkFrom, chunkTo) -> {
            for (int from = chunkFrom; from < chunkTo; ) {
                int a = from % lengthA;
                int b = from % lengthB;
                int to = (int) Math.min(chunkTo, from + (long) Math.min(lengthA - a, lengthB - b));
                range.run(from, to, a - from, b - from);
                from = to;
            }
        });
    }

    /**
     * The repeating operand {@code x} of an operation on n values, laid out several times if it is short. The result
     * repeats as {@code x} does.
     *
     * @throws IllegalArgumentException if the size of x does not divide n
     */
    static float[] repeating(WorkerPool pool, float[] x, int n) {
        if (x.length == n) {
            return x;
        }
        if (x.length == 0 || n % x.length != 0) {
            throw new IllegalArgumentException(
                    "a repeating operand of " + x.length + " values does not divide " + n + " values");
        }
        if (x.length >= SHORTEST_RUN) {
            return x;
        }
        int copies = Math.min(n / x.length, (SHORTEST_RUN + x.length - 1) / x.length);
        float[] laidOut = new float[copies * x.length];
        pool.runAlone(() -> {
            for (int at = 0; at < laidOut.length; at += x.length) {
                System.arraycopy(x, 0, laidOut, at, x.length);
            }
        });
        return laidOut;
    }

    /** @throws IllegalArgumentException unless an operand has n values */
    static void requireSize(int n, float[]... operands) {
        for (float[] operand : operands) {
            if (operand.length != n) {
                throw new IllegalArgumentException(
                        "an operand has " + operand.length + " values where " + n + " are needed");
            }
        }
    }
}
