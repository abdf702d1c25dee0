package unweave.kernels.cpu;

import java.util.function.IntConsumer;
import unweave.kernels.Ceilings;

/**
 * Measures what all threads of a pool reach together: multiplying and adding in registers, and copying arrays that no cache holds. The best of
 * many short rounds counts, since other programs can only slow them down.
 */
final class CpuCeilings {
  private static final long MEASURED_NANOS = 250_000_000;
  /** A few milliseconds of arithmetic. */
  private static final int STEPS = 500_000;
  /** Source and target of a thread are 32 MiB each, so that together they exceed a usual core's share of any cache. */
  private static final int COPIED_FLOATS = 8 << 20;

  private final WorkerPool pool;
  private final float[] sink;

  CpuCeilings(WorkerPool pool) {
    this.pool = pool;
    sink = new float[pool.threads()];
  }

  /** @param vectors whether SIMD counts as possible */
  Ceilings measure(boolean vectors) {
    MultiplyAddLoop loop = MultiplyAddLoop.choose(vectors);
    double arithmetic = bestSeconds(task -> sink[task] = loop.run(STEPS, 1e-3f));
    return new Ceilings((double) pool.threads() * STEPS * loop.flopsPerStep() / arithmetic, copiedBytesPerSecond());
  }

  private double copiedBytesPerSecond() {
    long mostOfHeap = Runtime.getRuntime().maxMemory() / 4 / (2 * Float.BYTES) / pool.threads();
    int length = (int) Math.min(COPIED_FLOATS, mostOfHeap);
    float[][] sources = new float[pool.threads()][length];
    float[][] targets = new float[pool.threads()][length];
    double seconds = bestSeconds(task -> System.arraycopy(sources[task], 0, targets[task], 0, length));
    return 2.0 * Float.BYTES * length * pool.threads() / seconds;
  }

  /** One task for each thread, again and again; the time of the fastest round. */
  private double bestSeconds(IntConsumer task) {
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + MEASURED_NANOS;
    while (System.nanoTime() < end) {
      long begin = System.nanoTime();
      pool.run(pool.threads(), task);
      best = Math.min(best, System.nanoTime() - begin);
    }
    return best * 1e-9;
  }
}
