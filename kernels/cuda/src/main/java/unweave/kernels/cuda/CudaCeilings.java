package unweave.kernels.cuda;

import unweave.kernels.Ceilings;
import unweave.kernels.cuda.driver.Event;

/**
 * Measures what the device reaches: multiplying and adding in registers, and copying memory that no cache holds
 * ({@code ceilings.cu}). The work doubles until it takes a millisecond, so that the cost of a launch does not count;
 * then the best of several runs counts.
 */
final class CudaCeilings {
    private static final double LONG_ENOUGH_MILLISECONDS = 1;
    private static final int RUNS = 5;
    private static final int BLOCK = 256;
    /** Blocks of 256 threads that fill a multiprocessor. */
    private static final int BLOCKS_PER_MULTIPROCESSOR = 8;

    private static final int FLOPS_PER_STEP = 32;
    private static final int MOST_STEPS = 1 << 16;
    /** Several times the largest cache. */
    private static final long MOST_COPIED_BYTES = 256L << 20;

    private static final int VECTOR_BYTES = 16;

    private final CudaDevice device;

    CudaCeilings(CudaDevice device) {
        this.device = device;
    }

    Ceilings measure() {
        return new Ceilings(flopsPerSecond(), bytesPerSecond());
    }

    private double flopsPerSecond() {
        long blocks = (long) device.properties().multiprocessors() * BLOCKS_PER_MULTIPROCESSOR;
        double flopsPerStep = (double) FLOPS_PER_STEP * blocks * BLOCK;
        try (CudaFloats out = device.floats(blocks * BLOCK)) {
            return perSecond(64, MOST_STEPS, flopsPerStep, steps -> device.kernel("multiply_add_ceiling")
                    .grid(blocks)
                    .block(BLOCK)
                    .value((int) steps)
                    .value(1e-3f)
                    .in(out)
                    .work(flopsPerStep * steps, 0)
                    .run());
        }
    }

    private double bytesPerSecond() {
        long bytes = Math.min(MOST_COPIED_BYTES, device.context().memory()[0] / 8);
        long most = Math.max(1, bytes / VECTOR_BYTES);
        try (CudaFloats source = device.floats(4 * most);
                CudaFloats target = device.floats(4 * most)) {
            device.stream().fill(source.address(), 0, 4 * most);
            return perSecond(Math.min(most, 1 << 14), most, 2.0 * VECTOR_BYTES, vectors -> device.kernel("copy_ceiling")
                    .over(vectors)
                    .in(source)
                    .in(target)
                    .value(vectors)
                    .work(0, 2.0 * VECTOR_BYTES * vectors)
                    .run());
        }
    }

    /** Queues an amount of work. */
    private interface Work {
        void queue(long amount);
    }

    private double perSecond(long least, long most, double perAmount, Work work) {
        work.queue(least); // loads the kernel
        long amount = least;
        double milliseconds = milliseconds(amount, work);
        while (milliseconds < LONG_ENOUGH_MILLISECONDS && amount < most) {
            amount = Math.min(most, 2 * amount);
            milliseconds = milliseconds(amount, work);
        }
        for (int run = 1; run < RUNS; run++) {
            milliseconds = Math.min(milliseconds, milliseconds(amount, work));
        }
        return perAmount * amount / (milliseconds * 1e-3);
    }

    private double milliseconds(long amount, Work work) {
        try (Event before = Event.timing(device.context());
                Event after = Event.timing(device.context())) {
            before.record(device.stream());
            work.queue(amount);
            after.record(device.stream());
            after.synchronize();
            return after.millisecondsSince(before);
        }
    }
}
