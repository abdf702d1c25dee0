package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;

/**
 * {@link unweave.kernels.Pooling} on arrays. Tasks are blocks of output rows, or images where windows of different rows
 * share cells.
 */
final class PoolingKernels implements Pooling {
    /** Values read by one task of a forward pass, some tens of microseconds of memory traffic. */
    private static final int TASK_VALUES = 64 * 1024;

    private final WorkerPool pool;
    private final CpuMemory memory;
    private final MaxPoolLoops scalarLoops = new ScalarMaxPoolLoops();
    private final MaxPoolLoops preferredLoops;
    private final ElementLoops elements;
    private final Scratch rowScratch = new Scratch();
    private final Scratch denominatorScratch = new Scratch();

    PoolingKernels(WorkerPool pool, CpuMemory memory, boolean vectors) {
        this.pool = pool;
        this.memory = memory;
        preferredLoops = vectors ? new VectorMaxPoolLoops(scalarLoops) : scalarLoops;
        elements = ElementLoops.choose(vectors);
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        maxPoolForward(
                shape, memory.array(x, shape.inputSize()), memory.array(y, shape.outputSize()), memory.array(winners));
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        maxPoolBackward(
                shape,
                memory.array(dy, shape.outputSize()),
                memory.array(winners),
                memory.array(dx, shape.inputSize()));
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        avgPoolForward(shape, memory.array(x, shape.inputSize()), memory.array(y, shape.outputSize()));
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        avgPoolBackward(shape, memory.array(dy, shape.outputSize()), memory.array(dx, shape.inputSize()));
    }

    @Override
    public void lpPoolForward(PoolShape shape, float exponent, Floats x, Floats y) {
        float[] in = memory.array(x, shape.inputSize());
        float[] out = memory.array(y, shape.outputSize());
        forEachRow(shape, (image, row) -> SummingLoops.norm(shape, exponent, image, row, in, out));
    }

    @Override
    public void lpPoolBackward(PoolShape shape, float exponent, Floats x, Floats y, Floats dy, Floats dx) {
        float[] in = memory.array(x);
        float[] norms = memory.array(y);
        float[] gradient = memory.array(dy, shape.outputSize());
        float[] result = memory.array(dx, shape.inputSize());
        int recordedBatch = in.length / (shape.inHeight() * shape.inWidth() * shape.channels());
        pool.run(shape.batch(), image -> {
            int imageValues = shape.inHeight() * shape.inWidth() * shape.channels();
            Arrays.fill(result, image * imageValues, (image + 1) * imageValues, 0f);
            for (int row = 0; row < shape.outHeight(); row++) {
                SummingLoops.spreadNorm(
                        shape, exponent, image, image % recordedBatch, row, in, norms, gradient, result);
            }
        });
    }

    /** One output row. */
    private interface Row {
        void compute(int image, int row);
    }

    void maxPoolForward(PoolShape shape, float[] x, float[] y, int[] winners) {
        MaxPoolLoops loops = preferredLoops.supports(shape) ? preferredLoops : scalarLoops;
        forEachRow(shape, (image, row) -> loops.forward(shape, image, row, 0, x, 0, y, winners));
    }

    /**
     * The windows of {@link #maxPoolForward} that lie in some rows of its input, for windows that neither overlap nor
     * leave gaps nor reach into padding.
     *
     * @param x holds input value i at [i - xStart]
     * @param firstRow the first row, counted over all images; a multiple of the window's height in its image
     * @param rows how many: to the end of an image, or a multiple of the window's height
     */
    void maxPoolRows(PoolShape shape, float[] x, int xStart, int firstRow, int rows, float[] y, int[] winners) {
        MaxPoolLoops loops = preferredLoops.supports(shape) ? preferredLoops : scalarLoops;
        for (int row = firstRow; row < firstRow + rows; ) {
            int first = row % shape.inHeight();
            int end = Math.min(shape.inHeight(), first + firstRow + rows - row);
            for (int window = first / shape.kernelHeight(); window < end / shape.kernelHeight(); window++) {
                loops.forward(shape, row / shape.inHeight(), window, 0, x, xStart, y, winners);
            }
            row += end - first;
        }
    }

    void maxPoolBackward(PoolShape shape, float[] dy, int[] winners, float[] dx) {
        int recordedBatch = winners.length / (shape.outHeight() * shape.outWidth() * shape.channels());
        if (!shape.isTiling()) {
            pool.run(shape.batch(), image -> scatterImage(shape, dy, winners, image % recordedBatch, dx, image));
            return;
        }
        MaxPoolLoops loops = preferredLoops.supports(shape) ? preferredLoops : scalarLoops;
        forEachRow(shape, (image, row) -> {
            clearUncovered(shape, image, row, dx);
            loops.backward(shape, image, row, 0, dy, 0, winners, image % recordedBatch, dx, 0);
        });
    }

    /**
     * The gradient of the input of a ReLU and pooling, for some rows of it and for windows that neither overlap nor
     * leave gaps nor reach into padding.
     *
     * @param y the output of the pooling
     * @param firstRow the first row, counted over all images; a multiple of the window's height in its image
     * @param rows how many: to the end of an image, or a multiple of the window's height
     * @param dx receives the gradient of input value i at [i - dxStart]; nothing but these rows is touched
     */
    void reluMaxPoolBackwardRows(
            PoolShape shape, float[] y, float[] dy, int[] winners, int firstRow, int rows, float[] dx, int dxStart) {
        MaxPoolLoops loops = preferredLoops.supports(shape) ? preferredLoops : scalarLoops;
        int rowValues = shape.inWidth() * shape.channels();
        if (shape.outWidth() * shape.kernelWidth() < shape.inWidth()
                || shape.outHeight() * shape.kernelHeight() < shape.inHeight()) {
            Arrays.fill(dx, firstRow * rowValues - dxStart, (firstRow + rows) * rowValues - dxStart, 0f);
        }
        int recordedBatch = winners.length / (shape.outHeight() * shape.outWidth() * shape.channels());
        int outValues = shape.outWidth() * shape.channels();
        float[] positive = rowScratch.atLeast(outValues);
        for (int row = firstRow; row < firstRow + rows; ) {
            int image = row / shape.inHeight();
            int first = row % shape.inHeight();
            int end = Math.min(shape.inHeight(), first + firstRow + rows - row);
            for (int window = first / shape.kernelHeight(); window < end / shape.kernelHeight(); window++) {
                int from = (image * shape.outHeight() + window) * outValues;
                elements.reluBackward(y, dy, positive, from, from + outValues, from);
                loops.backward(shape, image, window, 0, positive, from, winners, image % recordedBatch, dx, dxStart);
            }
            row += end - first;
        }
    }

    /**
     * q = dy / s(z of the winner) for the windows that lie in some rows of the input, whose denominators lie in a tile.
     * For windows that neither overlap nor leave gaps nor reach into padding.
     *
     * @param shape of the batch of the winners
     * @param map which of several maps of dy and q
     * @param z holds the denominator of input value i at [i - zStart]
     * @param firstRow the first row, counted over all images; a multiple of the window's height in its image
     * @param rows how many: to the end of an image, or a multiple of the window's height
     */
    void divideWindowRows(
            PoolShape shape,
            int map,
            float[] dy,
            int[] winners,
            float eps,
            float[] z,
            int zStart,
            int firstRow,
            int rows,
            float[] q) {
        int imageValues = shape.inHeight() * shape.inWidth() * shape.channels();
        int outValues = shape.outWidth() * shape.channels();
        for (int row = firstRow; row < firstRow + rows; ) {
            int image = row / shape.inHeight();
            int first = row % shape.inHeight();
            int end = Math.min(shape.inHeight(), first + firstRow + rows - row);
            for (int window = first / shape.kernelHeight(); window < end / shape.kernelHeight(); window++) {
                int at = ((map * shape.batch() + image) * shape.outHeight() + window) * outValues;
                divideWindows(
                        shape,
                        map * shape.batch() + image,
                        window,
                        dy,
                        winners,
                        image,
                        eps,
                        z,
                        zStart - image * imageValues,
                        q,
                        at);
            }
            row += end - first;
        }
    }

    /**
     * q = dy / s(z of the winner) for all windows, of any kind.
     *
     * @param shape of any batch
     * @param dy of a multiple of the images that there are winners of
     * @param z denominators of as many images as there are winners of, or of one
     * @param ofOneImage which of both
     */
    void divideWindows(
            PoolShape shape, float[] dy, int[] winners, float eps, float[] z, boolean ofOneImage, float[] q) {
        int imageValues = shape.inHeight() * shape.inWidth() * shape.channels();
        int outValues = shape.outWidth() * shape.channels();
        int recordedBatch = winners.length / (shape.outHeight() * outValues);
        forEachRow(shape.withBatch(dy.length / (shape.outHeight() * outValues)), (image, row) -> {
            int winnersImage = image % recordedBatch;
            divideWindows(
                    shape,
                    image,
                    row,
                    dy,
                    winners,
                    winnersImage,
                    eps,
                    z,
                    ofOneImage ? 0 : -winnersImage * imageValues,
                    q,
                    (image * shape.outHeight() + row) * outValues);
        });
    }

    /**
     * One row of windows of {@link #divideWindows(PoolShape, float[], int[], float, float[], boolean, float[])}.
     *
     * @param image the image of dy
     * @param winnersImage the image of the winners
     * @param z holds the denominator of value i of an image at [i - zStart]
     * @param q receives the quotients from {@code at} on
     */
    void divideWindows(
            PoolShape shape,
            int image,
            int row,
            float[] dy,
            int[] winners,
            int winnersImage,
            float eps,
            float[] z,
            int zStart,
            float[] q,
            int at) {
        MaxPoolLoops loops = shape.isTiling() && preferredLoops.supports(shape) ? preferredLoops : scalarLoops;
        int outValues = shape.outWidth() * shape.channels();
        float[] denominators = denominatorScratch.atLeast(outValues);
        int from = (image * shape.outHeight() + row) * outValues;
        loops.pick(shape, winnersImage, row, 0, winners, z, zStart, denominators);
        elements.stabilizedDivide(eps, dy, denominators, q, from, from + outValues, -from, from - at);
    }

    void avgPoolForward(PoolShape shape, float[] x, float[] y) {
        forEachRow(shape, (image, row) -> SummingLoops.average(shape, image, row, x, y));
    }

    void avgPoolBackward(PoolShape shape, float[] dy, float[] dx) {
        pool.run(shape.batch(), image -> {
            int imageValues = shape.inHeight() * shape.inWidth() * shape.channels();
            Arrays.fill(dx, image * imageValues, (image + 1) * imageValues, 0f);
            for (int row = 0; row < shape.outHeight(); row++) {
                SummingLoops.spreadAverage(shape, image, row, dy, dx);
            }
        });
    }

    private void forEachRow(PoolShape shape, Row work) {
        int rowValues = shape.inWidth() * shape.channels() * shape.strideY();
        int rowsPerTask = Math.max(1, TASK_VALUES / rowValues);
        int rows = shape.batch() * shape.outHeight();
        pool.run(ConvTiles.ceilDivide(rows, rowsPerTask), task -> {
            int end = Math.min(rows, (task + 1) * rowsPerTask);
            for (int row = task * rowsPerTask; row < end; row++) {
                work.compute(row / shape.outHeight(), row % shape.outHeight());
            }
        });
    }

    /**
     * Zeros where the input is no multiple of the window: the columns right of a row of windows, and below the last one
     * the other rows.
     */
    private static void clearUncovered(PoolShape shape, int image, int row, float[] dx) {
        int covered = shape.outWidth() * shape.kernelWidth();
        int firstRow = row * shape.kernelHeight();
        for (int iy = firstRow; iy < firstRow + shape.kernelHeight() && covered < shape.inWidth(); iy++) {
            int rowStart = (image * shape.inHeight() + iy) * shape.inWidth();
            Arrays.fill(
                    dx, (rowStart + covered) * shape.channels(), (rowStart + shape.inWidth()) * shape.channels(), 0f);
        }
        if (row == shape.outHeight() - 1) {
            int rowStart = (image * shape.inHeight() + firstRow + shape.kernelHeight()) * shape.inWidth();
            int imageEnd = (image + 1) * shape.inHeight() * shape.inWidth();
            Arrays.fill(dx, rowStart * shape.channels(), imageEnd * shape.channels(), 0f);
        }
    }

    private static void scatterImage(
            PoolShape shape, float[] dy, int[] winners, int winnersImage, float[] dx, int image) {
        int channels = shape.channels();
        int imageStart = image * shape.inHeight() * shape.inWidth() * channels;
        int outValues = shape.outHeight() * shape.outWidth() * channels;
        Arrays.fill(dx, imageStart, imageStart + shape.inHeight() * shape.inWidth() * channels, 0f);
        for (int i = 0; i < outValues; i++) {
            dx[imageStart + winners[winnersImage * outValues + i] * channels + i % channels] +=
                    dy[image * outValues + i];
        }
    }
}
