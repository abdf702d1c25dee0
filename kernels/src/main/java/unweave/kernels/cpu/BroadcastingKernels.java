package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Broadcast;
import unweave.kernels.Broadcasting;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/**
 * {@link unweave.kernels.Broadcasting} on arrays. Rows run along the innermost axis; an operand that repeats there is
 * laid out once, so that every loop is one over arrays.
 */
final class BroadcastingKernels implements Broadcasting {
    /** Rows are cut into pieces of so many values, so that long ones are shared out to the threads. */
    private static final int PIECE = 4_096;
    /** Sums that one thread holds while it goes along an axis. */
    private static final int COLUMNS = 512;

    private final WorkerPool pool;
    private final CpuMemory memory;
    private final ElementLoops loops;
    private final ElementwiseKernels elementwise;

    BroadcastingKernels(WorkerPool pool, CpuMemory memory, ElementLoops loops, ElementwiseKernels elementwise) {
        this.pool = pool;
        this.memory = memory;
        this.loops = loops;
        this.elementwise = elementwise;
    }

    @Override
    public void combine(Combination f, ImageShape shapeA, Floats a, ImageShape shapeB, Floats b, Floats c) {
        combine(f, shapeA, memory.array(a), shapeB, memory.array(b), memory.array(c));
    }

    @Override
    public void sumAxis(int length, int inner, Floats x, Floats sums) {
        sumAxis(length, inner, memory.array(x), memory.array(sums));
    }

    void combine(Combination f, ImageShape shapeA, float[] a, ImageShape shapeB, float[] b, float[] c) {
        Broadcast broadcast = new Broadcast(shapeA, shapeB);
        Elements.requireSize(Math.toIntExact(shapeA.size()), a);
        Elements.requireSize(Math.toIntExact(shapeB.size()), b);
        Elements.requireSize(Math.toIntExact(broadcast.shape().size()), c);
        int width = broadcast.length(Broadcast.AXES - 1);
        int pieces = (width + PIECE - 1) / PIECE;
        Elements.forEachRow(pool, c.length / width * pieces, Math.min(width, PIECE), (from, to) -> {
            Row rowA = new Row(a, broadcast, broadcast.repeatsA());
            Row rowB = new Row(b, broadcast, broadcast.repeatsB());
            for (int piece = from; piece < to; piece++) {
                int row = piece / pieces;
                int start = piece % pieces * PIECE;
                int length = Math.min(PIECE, width - start);
                rowA.moveTo(row, start, length);
                rowB.moveTo(row, start, length);
                combine(f, rowA.values, rowA.start, rowB.values, rowB.start, c, row * width + start, length);
            }
        });
    }

    /** Consecutive values of an operand, one for each value of a piece of the result. */
    private static final class Row {
        private final float[] x;
        private final Broadcast broadcast;
        private final int repeats;
        private final boolean repeatsInRow;
        private final float[] values;
        private int start;

        Row(float[] x, Broadcast broadcast, int repeats) {
            this.x = x;
            this.broadcast = broadcast;
            this.repeats = repeats;
            repeatsInRow = (repeats >> (Broadcast.AXES - 1) & 1) == 1;
            values = repeatsInRow ? new float[Math.min(PIECE, broadcast.length(Broadcast.AXES - 1))] : x;
        }

        void moveTo(int row, int from, int length) {
            int place = broadcast.rowStart(repeats, row);
            if (repeatsInRow) {
                Arrays.fill(values, 0, length, x[place]);
            } else {
                start = place + from;
            }
        }
    }

    /** c[k + i] = f(a[p + i], b[q + i]) for i &lt; n. */
    private void combine(Combination f, float[] a, int p, float[] b, int q, float[] c, int k, int n) {
        if ((f == Combination.ADD || f == Combination.MULTIPLY) && (p == k || q == k)) {
            combineInPlace(f == Combination.ADD, p == k ? a : b, p == k ? b : a, p == k ? q : p, c, k, n);
            return;
        }
        switch (f) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] + b[q + i];
                }
            }
            case MULTIPLY -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] * b[q + i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] - b[q + i];
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] / b[q + i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = Math.max(a[p + i], b[q + i]);
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = Math.min(a[p + i], b[q + i]);
                }
            }
            case AT_LEAST -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] >= b[q + i] ? 1f : 0f;
                }
            }
            case AT_MOST -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] <= b[q + i] ? 1f : 0f;
                }
            }
            case LEAKY -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] > 0 ? a[p + i] : a[p + i] * b[q + i];
                }
            }
            case LEAKY_SLOPE -> {
                for (int i = 0; i < n; i++) {
                    c[k + i] = a[p + i] > 0 ? 1f : b[q + i];
                }
            }
        }
    }

    /** c[k + i] = x[k + i] + y[q + i], or their product: the SIMD loops take one shift. */
    private void combineInPlace(boolean add, float[] x, float[] y, int q, float[] c, int k, int n) {
        if (add) {
            loops.add(x, y, c, k, k + n, q - k);
        } else {
            loops.multiply(x, y, c, k, k + n, q - k);
        }
    }

    void sumAxis(int length, int inner, float[] x, float[] sums) {
        Elements.requireSize(Math.multiplyExact(sums.length, length), x);
        Elements.requireSize(sums.length / inner * inner, sums);
        if (inner == 1) {
            elementwise.sumRows(length, x, sums);
            return;
        }
        int width = Math.min(inner, COLUMNS);
        int tiles = (inner + width - 1) / width;
        int work = (int) Math.min(Integer.MAX_VALUE, (long) length * width);
        Elements.forEachRow(pool, sums.length / inner * tiles, work, (from, to) -> {
            double[] totals = new double[width];
            for (int tile = from; tile < to; tile++) {
                int outer = tile / tiles;
                int first = tile % tiles * width;
                int columns = Math.min(width, inner - first);
                Arrays.fill(totals, 0);
                for (int r = 0; r < length; r++) {
                    int row = (outer * length + r) * inner + first;
                    for (int i = 0; i < columns; i++) {
                        totals[i] += x[row + i];
                    }
                }
                for (int i = 0; i < columns; i++) {
                    sums[outer * inner + first + i] = (float) totals[i];
                }
            }
        });
    }
}
