package unweave.kernels.cpu;

import java.util.function.IntConsumer;
import unweave.kernels.Ceilings;

/**
 * Measures the highest speed of all threads of a pool together: of multiplying and adding in registers, and of copying
 * arrays larger than the caches. The best of many short rounds counts, since other programs can only slow them down.
 */
final class CpuCeilings {
    /** The measurement ends when no round has been faster for so long. Other programs pause now and then. */
    private static final long PATIENCE_NANOS = 300_000_000;

    private static final long LONGEST_NANOS = 10_000_000_000L;
    /** The longest time of a step once C2 has compiled the loop; before, a step takes several times as long. */
    private static final double COMPILED_STEP_NANOS = 40;
    /** A round takes about as long: many times the cost of waking the threads. */
    private static final long ROUND_NANOS = 2_000_000;
    /** Steps of a call. Calls are short, since C2 compiles a method best that is called often. */
    private static final int STEPS = 1000;
    /**
     * Source and target of a thread are 32 MiB each, so that together they exceed a usual core's share of any cache.
     */
    private static final int COPIED_FLOATS = 8 << 20;

    private final WorkerPool pool;
    private final float[] sink;
    private boolean compiled;

    CpuCeilings(WorkerPool pool) {
        this.pool = pool;
        sink = new float[pool.threads()];
    }

    /** @param vectors whether SIMD counts as possible */
    Ceilings measure(boolean vectors) {
        MultiplyAddLoop loop = MultiplyAddLoop.choose(vectors);
        return new Ceilings(
                (double) pool.threads() * STEPS * loop.flopsPerStep() / secondsOf(loop), copiedBytesPerSecond());
    }

    /** The least time for {@value #STEPS} steps of every thread. */
    private double secondsOf(MultiplyAddLoop loop) {
        return bestSeconds(STEPS * COMPILED_STEP_NANOS, task -> sink[task] = loop.run(STEPS, 1e-3f));
    }

    /**
     * The speed of arithmetic right now, however busy the machine is.
     *
     * @param vectors whether SIMD counts as possible
     * @param nanos how long to measure; a first call takes long enough for C2 to compile the loop
     * @return additions and multiplications per second
     */
    double arithmeticNow(boolean vectors, long nanos) {
        MultiplyAddLoop loop = MultiplyAddLoop.choose(vectors);
        if (!compiled) {
            secondsOf(loop);
            compiled = true;
        }
        int repeats = 50;
        long rounds = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            pool.run(pool.threads(), task -> repeat(repeats, same -> sink[same] = loop.run(STEPS, 1e-3f), task));
            rounds++;
            now = System.nanoTime();
        }
        return (double) rounds * repeats * pool.threads() * STEPS * loop.flopsPerStep() / ((now - start) * 1e-9);
    }

    private double copiedBytesPerSecond() {
        long mostOfHeap = Runtime.getRuntime().maxMemory() / 4 / (2 * Float.BYTES) / pool.threads();
        int length = (int) Math.min(COPIED_FLOATS, mostOfHeap);
        float[][] sources = new float[pool.threads()][length];
        float[][] targets = new float[pool.threads()][length];
        double seconds = bestSeconds(
                Double.POSITIVE_INFINITY, task -> System.arraycopy(sources[task], 0, targets[task], 0, length));
        return 2.0 * Float.BYTES * length * pool.threads() / seconds;
    }

    /**
     * The time for every thread to do {@code work} once. In a round every thread does it several times; the fastest
     * round counts.
     *
     * @param enoughNanos a slower time does not end the search
     */
    private double bestSeconds(double enoughNanos, IntConsumer work) {
        double best = Double.POSITIVE_INFINITY;
        int times = 1;
        long start = System.nanoTime();
        long improved = start;
        long now = start;
        while ((best > enoughNanos || now - improved < PATIENCE_NANOS) && now - start < LONGEST_NANOS) {
            long begin = now;
            int repeats = times;
            pool.run(pool.threads(), task -> repeat(repeats, work, task));
            now = System.nanoTime();
            if ((double) (now - begin) / times < best) {
                best = (double) (now - begin) / times;
                improved = now;
            }
            times = (int) Math.max(1, Math.min(2.0 * times, ROUND_NANOS / best));
        }
        return best * 1e-9;
    }

    private static void repeat(int times, IntConsumer work, int task) {
        for (int i = 0; i < times; i++) {
            work.accept(task);
        }
    }
}
