package unweave.kernels.cpu;

import java.util.Arrays;
import java.util.Objects;
import unweave.kernels.Counter;
import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/**
 * {@link unweave.kernels.Elementwise} on arrays. Where no {@link ElementLoops} is called, C2 vectorises the loop by
 * itself.
 */
final class ElementwiseKernels implements Elementwise {
    private final WorkerPool pool;
    private final CpuMemory memory;
    private final ElementLoops loops;

    ElementwiseKernels(WorkerPool pool, CpuMemory memory, ElementLoops loops) {
        this.pool = pool;
        this.memory = memory;
        this.loops = loops;
    }

    @Override
    public void relu(Floats x, Floats y) {
        relu(memory.array(x), memory.array(y));
    }

    @Override
    public void reluBackward(Floats y, Floats dy, Floats dx) {
        reluBackward(memory.array(y), memory.array(dy), memory.array(dx));
    }

    @Override
    public void add(Floats a, Floats b, Floats c) {
        add(memory.array(a), memory.array(b), memory.array(c));
    }

    @Override
    public void addScaled(float alpha, Floats x, Floats y) {
        addScaled(alpha, memory.array(x), memory.array(y));
    }

    @Override
    public void multiply(Floats a, Floats b, Floats c) {
        multiply(memory.array(a), memory.array(b), memory.array(c));
    }

    @Override
    public void scale(float alpha, Floats x, Floats y) {
        scale(alpha, memory.array(x), memory.array(y));
    }

    @Override
    public void dropout(float p, Ints seed, int stream, Floats x, Floats y) {
        dropout(p, memory.array(seed), stream, memory.array(x), memory.array(y));
    }

    @Override
    public void gatherRows(int width, Floats x, Ints rows, Floats y) {
        gatherRows(width, memory.array(x), memory.array(rows), memory.array(y));
    }

    @Override
    public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
        copyColumns(columns, memory.array(x), xWidth, xColumn, memory.array(y), yWidth, yColumn);
    }

    @Override
    public void sumRows(int width, Floats x, Floats sums) {
        sumRows(width, memory.array(x), memory.array(sums));
    }

    /** One thread alone: it nearly reaches the speed of the memory. */
    void copy(float[] source, int from, float[] target, int to, int length) {
        Objects.checkFromIndexSize(from, length, source.length);
        Objects.checkFromIndexSize(to, length, target.length);
        pool.runAlone(() -> System.arraycopy(source, from, target, to, length));
    }

    void fill(float[] x, float value) {
        pool.runAlone(() -> Arrays.fill(x, value));
    }

    void relu(float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Math.max(0f, x[i]);
            }
        });
    }

    void reluBackward(float[] y, float[] dy, float[] dx) {
        Elements.requireSize(y.length, dy, dx);
        Elements.forEach(pool, y.length, (from, to) -> loops.reluBackward(y, dy, dx, from, to, 0));
    }

    void add(float[] a, float[] b, float[] c) {
        int n = a.length;
        Elements.requireSize(n, c);
        float[] operand = Elements.repeating(pool, b, n);
        Elements.forEachRepeating(
                pool,
                n,
                operand.length,
                operand.length,
                (from, to, shift, same) -> loops.add(a, operand, c, from, to, shift));
    }

    void addScaled(float alpha, float[] x, float[] y) {
        int n = y.length;
        float[] operand = Elements.repeating(pool, x, n);
        Elements.forEachRepeating(
                pool,
                n,
                operand.length,
                operand.length,
                (from, to, shift, same) -> loops.addScaled(alpha, operand, y, from, to, shift));
    }

    void multiply(float[] a, float[] b, float[] c) {
        int n = a.length;
        Elements.requireSize(n, c);
        float[] operand = Elements.repeating(pool, b, n);
        Elements.forEachRepeating(
                pool,
                n,
                operand.length,
                operand.length,
                (from, to, shift, same) -> loops.multiply(a, operand, c, from, to, shift));
    }

    /** sums[i] = the sum of |x[m * n + i]| over m, for the n values of {@code sums}. */
    void sumMagnitudes(float[] x, float[] sums) {
        int n = sums.length;
        Elements.forEach(pool, n, (from, to) -> {
            for (int i = from; i < to; i++) {
                sums[i] = Math.abs(x[i]);
            }
            for (int map = n; map < x.length; map += n) {
                for (int i = from; i < to; i++) {
                    sums[i] += Math.abs(x[map + i]);
                }
            }
        });
    }

    void scale(float alpha, float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = alpha * x[i];
            }
        });
    }

    void dropout(float p, int[] seed, int stream, float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        float factor = 1 / (1 - p);
        Elements.forEach(pool, x.length, (from, to) -> {
            long ofStream = Counter.derive(Counter.seed(seed), stream);
            for (int i = from; i < to; i++) {
                y[i] = Counter.uniform(ofStream, i) >= p ? x[i] * factor : 0;
            }
        });
    }

    void gatherRows(int width, float[] x, int[] rows, float[] y) {
        Elements.requireSize(rows.length * width, y);
        Elements.forEachRow(pool, rows.length, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                System.arraycopy(x, rows[r] * width, y, r * width, width);
            }
        });
    }

    void copyColumns(int columns, float[] x, int xWidth, int xColumn, float[] y, int yWidth, int yColumn) {
        int rows = x.length / xWidth;
        Elements.requireSize(rows * xWidth, x);
        Elements.requireSize(rows * yWidth, y);
        if (columns < 0 || xColumn < 0 || yColumn < 0 || xColumn + columns > xWidth || yColumn + columns > yWidth) {
            throw new IllegalArgumentException(columns + " columns from " + xColumn + " of " + xWidth
                    + " do not fit at " + yColumn + " of " + yWidth);
        }
        Elements.forEachRow(pool, rows, columns, (from, to) -> {
            for (int r = from; r < to; r++) {
                System.arraycopy(x, r * xWidth + xColumn, y, r * yWidth + yColumn, columns);
            }
        });
    }

    void sumRows(int width, float[] x, float[] sums) {
        Elements.requireSize(sums.length * width, x);
        if (width == 1) {
            copy(x, 0, sums, 0, sums.length);
            return;
        }
        Elements.forEachRow(pool, sums.length, width, (from, to) -> {
            for (int r = from; r < to; r++) {
                sums[r] = (float) loops.sum(x, r * width, (r + 1) * width);
            }
        });
    }
}
