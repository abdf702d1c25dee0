package unweave.kernels.cuda;

import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** {@link Elementwise} on the GPU. */
final class CudaElementwise implements Elementwise {
    private static final int BLOCK = 256;

    private final ElementLaunches elements;
    private final RowSums rowSums;

    CudaElementwise(CudaDevice device) {
        elements = new ElementLaunches(device);
        rowSums = new RowSums(device);
    }

    @Override
    public void relu(Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(elements.kernel("relu").in(x).in(y), x.size(), 1, 2);
    }

    @Override
    public void reluBackward(Floats y, Floats dy, Floats dx) {
        ElementLaunches.requireSize(y.size(), dy, dx);
        elements.run(elements.kernel("reluBackward").in(y).in(dy).in(dx), y.size(), 1, 3);
    }

    @Override
    public void add(Floats a, Floats b, Floats c) {
        combine("add", a, b, c);
    }

    @Override
    public void addScaled(float alpha, Floats x, Floats y) {
        long period = ElementLaunches.period(x, y.size());
        elements.run(elements.kernel("addScaled").value(alpha).in(x).in(y), y.size(), period, 2, 2, 1);
    }

    @Override
    public void multiply(Floats a, Floats b, Floats c) {
        combine("multiply", a, b, c);
    }

    private void combine(String kernel, Floats a, Floats b, Floats c) {
        ElementLaunches.requireSize(a.size(), c);
        long period = ElementLaunches.period(b, a.size());
        elements.run(elements.kernel(kernel).in(a).in(b).in(c), a.size(), period, 1, 2, 1);
    }

    @Override
    public void scale(float alpha, Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(elements.kernel("scale").value(alpha).in(x).in(y), x.size(), 1, 2);
    }

    @Override
    public void dropout(float p, Ints seed, int stream, Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(
                elements.kernel("dropout")
                        .value(p)
                        .value(1 / (1 - p))
                        .in(seed)
                        .value(stream)
                        .in(x)
                        .in(y),
                x.size(),
                1,
                2);
    }

    @Override
    public void gatherRows(int width, Floats x, Ints rows, Floats y) {
        ElementLaunches.requireSize(rows.size() * width, y);
        Launch launch = elements.kernel("gatherRows")
                .value(width)
                .in(x)
                .value(x.size() / width)
                .in(rows)
                .in(y);
        copyRows(
                launch,
                Math.toIntExact(rows.size()),
                width % 4 == 0 ? width / 4 : width,
                Float.BYTES * (2.0 * y.size() + rows.size()));
    }

    @Override
    public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
        int rows = ElementLaunches.rows(xWidth, x);
        ElementLaunches.requireSize((long) rows * yWidth, y);
        if (columns < 0 || xColumn < 0 || yColumn < 0 || xColumn + columns > xWidth || yColumn + columns > yWidth) {
            throw new IllegalArgumentException(columns + " columns from " + xColumn + " of " + xWidth
                    + " do not fit at " + yColumn + " of " + yWidth);
        }
        Launch launch = elements.kernel("copyColumns")
                .value(columns)
                .in(x)
                .value(xWidth)
                .value(xColumn)
                .in(y)
                .value(yWidth)
                .value(yColumn);
        int groups = (columns | xWidth | xColumn | yWidth | yColumn) % 4 == 0 ? columns / 4 : columns;
        copyRows(launch, rows, groups, 2.0 * Float.BYTES * rows * columns);
    }

    /**
     * Runs a kernel that copies rows, each of {@code groups} loads: up to a warp along a row, the rest of a block over
     * rows.
     */
    private static void copyRows(Launch launch, int rows, int groups, double bytes) {
        int threadsAlongRow = Math.min(32, ElementLaunches.powerOfTwoFrom(groups));
        int rowsOfBlock = BLOCK / threadsAlongRow;
        launch.value(rows)
                .grid((rows + rowsOfBlock - 1L) / rowsOfBlock)
                .block(threadsAlongRow, rowsOfBlock, 1)
                .work(0, bytes)
                .run();
    }

    @Override
    public void sumRows(int width, Floats x, Floats sums) {
        ElementLaunches.requireSize(sums.size() * width, x);
        rowSums.sum(width, x, sums);
    }
}
