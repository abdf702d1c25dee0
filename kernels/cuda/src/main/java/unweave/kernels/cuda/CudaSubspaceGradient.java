package unweave.kernels.cuda;

import unweave.kernels.Floats;

/**
 * The objective and its gradient by two matrix products and the kernels of {@code subspaceGradient.cu}, whose head says
 * how.
 */
final class CudaSubspaceGradient {
    /** Rows of the data that one block of {@code subspaceRelevance} takes. */
    private static final int ROWS_PER_BLOCK = 256;

    private static final int MOST_CHUNKS = 64;
    private static final int LEAST_CHUNK_ROWS = 256;
    private static final int WARP = 32;

    private final CudaDevice device;

    CudaSubspaceGradient(CudaDevice device) {
        this.device = device;
    }

    /** The sizes of a problem, and how it is cut, which depends on them alone. */
    record Shape(int starts, int rows, int window, int dimensions, int subspaces) {
        int width() {
            return dimensions / subspaces;
        }

        long basisSize() {
            return (long) starts * dimensions * dimensions;
        }

        /** Values in a row of [H; G]. */
        int columns() {
            return Math.multiplyExact(starts, dimensions);
        }

        /** Chunks of the sum over the rows of [A; C]. */
        int chunks() {
            return Math.min(MOST_CHUNKS, blocks(2L * rows, LEAST_CHUNK_ROWS));
        }

        int chunkRows() {
            return blocks(2L * rows, chunks());
        }

        /** Rows of [A; C] with the zeros behind it. */
        int stackedRows() {
            return Math.multiplyExact(chunks(), chunkRows());
        }

        /** Sums of squared relevances for each segment: of so many rows each, or of one window each. */
        int rowBlocks() {
            return window == 1 ? blocks(rows, ROWS_PER_BLOCK) : windows();
        }

        int windows() {
            return rows / window;
        }

        private static int blocks(long count, int size) {
            return Math.toIntExact((count + size - 1) / size);
        }
    }

    /** [A; C] and zeros; to be closed by the caller. */
    CudaFloats stack(Shape shape, Floats a, Floats c) {
        CudaFloats stacked = device.floats((long) shape.stackedRows() * shape.dimensions());
        stackInto(shape, a, c, stacked);
        return stacked;
    }

    void stackInto(Shape shape, Floats a, Floats c, CudaFloats stacked) {
        long size = (long) shape.rows() * shape.dimensions();
        device.stream().copy(device.own(a, size).address(), stacked.address(), size * Float.BYTES);
        device.stream().copy(device.own(c, size).address(), stacked.address(size), size * Float.BYTES);
        if (stacked.size() > 2 * size) {
            device.stream().fill(stacked.address(2 * size), 0, stacked.size() - 2 * size);
        }
    }

    /** The gradients, and the objectives at [position] and after. */
    void evaluate(Shape shape, CudaFloats data, Floats u, Floats objective, CudaInts position, Floats gradient) {
        try (CudaFloats weights = doubles((long) shape.starts() * shape.subspaces());
                CudaFloats partial = device.floats(shape.chunks() * shape.basisSize())) {
            evaluatePartially(shape, data, u, objective, position, weights, partial);
            device.kernel("subspaceCombine")
                    .over(shape.basisSize())
                    .value(shape.starts())
                    .value(shape.dimensions())
                    .value(shape.subspaces())
                    .value(shape.chunks())
                    .in(partial)
                    .in(weights)
                    .in(gradient)
                    .work(partial.size(), Float.BYTES * (double) partial.size())
                    .run();
        }
    }

    /** {@link #evaluate}, then U &lt;- U + stepSize * gradient; the position moves on by the number of starts. */
    void step(
            Shape shape,
            float stepSize,
            CudaFloats data,
            Floats u,
            Floats objective,
            CudaInts position,
            Floats gradient) {
        try (CudaFloats weights = doubles((long) shape.starts() * shape.subspaces());
                CudaFloats partial = device.floats(shape.chunks() * shape.basisSize())) {
            evaluatePartially(shape, data, u, objective, position, weights, partial);
            device.kernel("subspaceStep")
                    .over(shape.basisSize())
                    .value(shape.starts())
                    .value(shape.dimensions())
                    .value(shape.subspaces())
                    .value(shape.chunks())
                    .value(stepSize)
                    .in(partial)
                    .in(weights)
                    .in(gradient)
                    .in(u)
                    .in(position)
                    .work(partial.size(), Float.BYTES * (double) partial.size())
                    .run();
        }
    }

    private void evaluatePartially(
            Shape shape,
            CudaFloats data,
            Floats u,
            Floats objective,
            CudaInts position,
            CudaFloats weights,
            CudaFloats partial) {
        int d = shape.dimensions();
        int columns = shape.columns();
        try (CudaFloats projections = device.floats((long) shape.stackedRows() * columns);
                CudaFloats energy = doubles((long) shape.starts() * shape.subspaces() * shape.rowBlocks())) {
            device.blas()
                    .sgemmStridedBatched(
                            false,
                            false,
                            shape.stackedRows(),
                            d,
                            d,
                            1f,
                            data.address(),
                            d,
                            0,
                            device.own(u).address(),
                            d,
                            (long) d * d,
                            0f,
                            projections.address(),
                            columns,
                            d,
                            shape.starts());
            relevance(shape, projections, energy);
            device.kernel("subspaceObjective")
                    .grid(shape.starts())
                    .value(shape.windows())
                    .value(shape.subspaces())
                    .value(shape.rowBlocks())
                    .in(energy)
                    .in(position)
                    .in(objective)
                    .in(weights)
                    .run();
            device.blas()
                    .sgemmStridedBatched(
                            true,
                            false,
                            d,
                            columns,
                            shape.chunkRows(),
                            1f,
                            data.address(),
                            d,
                            (long) shape.chunkRows() * d,
                            projections.address(),
                            columns,
                            (long) shape.chunkRows() * columns,
                            0f,
                            partial.address(),
                            columns,
                            (long) d * columns,
                            shape.chunks());
        }
    }

    private void relevance(Shape shape, CudaFloats projections, CudaFloats energy) {
        int width = shape.width();
        boolean windows = shape.window() > 1;
        boolean vector = !windows && width % 4 == 0 && width <= 4 * WARP && Integer.bitCount(width) == 1;
        String kernel = windows ? "subspaceRelevanceWindow" : vector ? "subspaceRelevanceVector" : "subspaceRelevance";
        Launch launch = device.kernel(kernel)
                .grid(shape.rowBlocks(), (long) shape.starts() * shape.subspaces(), 1)
                .value(shape.rows())
                .value(shape.columns())
                .value(width);
        if (windows) {
            launch.value(shape.window());
        } else if (!vector) {
            launch.value(Math.min(WARP, Integer.highestOneBit(width)));
        }
        double values = 2.0 * shape.rows() * shape.columns();
        launch.in(projections)
                .in(energy)
                .work(2 * values, 2 * Float.BYTES * values)
                .run();
    }

    private CudaFloats doubles(long count) {
        return device.floats(2 * count);
    }
}
