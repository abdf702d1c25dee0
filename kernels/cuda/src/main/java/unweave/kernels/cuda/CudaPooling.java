package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;

/** {@link Pooling} on the GPU. */
final class CudaPooling implements Pooling {
    private static final int BLOCK = 128;
    /** The kernels count the values of one image in 32 bits. */
    private static final long LARGEST_IMAGE = 1 << 30;

    private final CudaDevice device;

    CudaPooling(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
        requireSizes(shape, x, y);
        requireWinners(winners, shape.outputSize());
        Launch launch = device.kernel("maxPoolForward").in(x).in(y).in(winners);
        run(launch, shape, outputs(shape), Float.BYTES * (double) (shape.inputSize() + 2 * shape.outputSize()));
    }

    @Override
    public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
        requireSizes(shape, dx, dy);
        long perSample = shape.outputSize() / shape.batch();
        long recordedBatch = winners.size() / perSample;
        if (recordedBatch == 0 || shape.batch() % recordedBatch != 0) {
            throw new IllegalArgumentException(
                    "the winners of " + recordedBatch + " samples do not serve " + shape.batch() + " maps");
        }
        requireWinners(winners, recordedBatch * perSample);
        Launch launch = device.kernel("maxPoolBackward")
                .in(dy)
                .in(winners)
                .value(Math.toIntExact(recordedBatch))
                .in(dx);
        long threads = shape.isTiling() ? windows(shape) : inputs(shape);
        run(launch, shape, threads, Float.BYTES * (double) (shape.inputSize() + shape.outputSize() + winners.size()));
    }

    @Override
    public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
        requireSizes(shape, x, y);
        run(
                device.kernel("avgPoolForward").in(x).in(y),
                shape,
                outputs(shape),
                Float.BYTES * (double) (shape.inputSize() + shape.outputSize()));
    }

    @Override
    public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
        requireSizes(shape, dx, dy);
        run(
                device.kernel("avgPoolBackward").in(dy).in(dx),
                shape,
                inputs(shape),
                Float.BYTES * (double) (shape.inputSize() + shape.outputSize()));
    }

    @Override
    public void lpPoolForward(PoolShape shape, float exponent, Floats x, Floats y) {
        requireSizes(shape, x, y);
        run(
                device.kernel("lpPoolForward").in(x).in(y).value(exponent),
                shape,
                (long) shape.outHeight() * shape.outWidth() * shape.channels(),
                Float.BYTES * (double) (shape.inputSize() + shape.outputSize()));
    }

    @Override
    public void lpPoolBackward(PoolShape shape, float exponent, Floats x, Floats y, Floats dy, Floats dx) {
        requireSizes(shape, dx, dy);
        int recordedBatch = Math.toIntExact(x.size() / (shape.inputSize() / shape.batch()));
        if (recordedBatch == 0 || shape.batch() % recordedBatch != 0) {
            throw new IllegalArgumentException(
                    "the inputs of " + recordedBatch + " samples do not serve " + shape.batch() + " maps");
        }
        requireSizes(shape.withBatch(recordedBatch), x, y);
        Launch launch = device.kernel("lpPoolBackward")
                .in(x)
                .in(y)
                .in(dy)
                .in(dx)
                .value(exponent)
                .value(recordedBatch);
        run(
                launch,
                shape,
                (long) shape.inHeight() * shape.inWidth() * shape.channels(),
                Float.BYTES * (double) (shape.inputSize() + shape.outputSize() + x.size() + y.size()));
    }

    private static void requireSizes(PoolShape shape, Floats inputSized, Floats outputSized) {
        ElementLaunches.requireSize(shape.inputSize(), inputSized);
        ElementLaunches.requireSize(shape.outputSize(), outputSized);
        if (shape.inputSize() / shape.batch() >= LARGEST_IMAGE) {
            throw new IllegalArgumentException("pooling on the GPU takes images of less than " + LARGEST_IMAGE
                    + " values, not " + shape.inputSize() / shape.batch());
        }
    }

    private static void requireWinners(Ints winners, long size) {
        if (winners.size() != size) {
            throw new IllegalArgumentException(
                    "winners have " + winners.size() + " values where " + size + " are needed");
        }
    }

    /** Values of y in one image, counted in what a thread takes. */
    private static long outputs(PoolShape shape) {
        return (long) shape.outHeight() * shape.outWidth() * groups(shape);
    }

    /** Values of x in one image, counted in what a thread takes. */
    private static long inputs(PoolShape shape) {
        return (long) shape.inHeight() * shape.inWidth() * groups(shape);
    }

    /** Windows that cover one image, those that reach over its edge among them, counted in what a thread takes. */
    private static long windows(PoolShape shape) {
        long rows = ((long) shape.inHeight() + shape.kernelHeight() - 1) / shape.kernelHeight();
        long columns = ((long) shape.inWidth() + shape.kernelWidth() - 1) / shape.kernelWidth();
        return rows * columns * groups(shape);
    }

    private static int groups(PoolShape shape) {
        return shape.channels() % 4 == 0 ? shape.channels() / 4 : shape.channels();
    }

    private static void run(Launch launch, PoolShape s, long threadsOfImage, double bytes) {
        launch.value(s.batch())
                .value(s.inHeight())
                .value(s.inWidth())
                .value(s.channels())
                .value(s.outHeight())
                .value(s.outWidth())
                .value(s.kernelHeight())
                .value(s.kernelWidth())
                .value(s.strideY())
                .value(s.strideX())
                .value(s.padY())
                .value(s.padX())
                .value(s.padBottom())
                .value(s.padRight())
                .value(s.dilationY())
                .value(s.dilationX())
                .value(s.countPadding() ? 1 : 0)
                .value(s.hasEqualDivisors() ? 1 : 0)
                .grid((threadsOfImage + BLOCK - 1) / BLOCK, Math.min(s.batch(), 65_535), 1)
                .block(BLOCK)
                .work((double) s.outputSize() * s.kernelHeight() * s.kernelWidth(), bytes)
                .run();
    }
}
