package unweave.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What {@link Roofline} measures; every thread has memory of its own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RooflineBenchmark {
  private static final int STEPS = 100_000;
  /** Source and target are 32 MiB each, so that together they exceed a usual core's share of any cache. */
  private static final int COPIED_FLOATS = 8 << 20;

  private final MultiplyAddLoop loop = MultiplyAddLoop.choose();
  private float summand = 1e-3f;
  private float[] source;
  private float[] target;

  /** Additions and multiplications of one call of {@link #multiplyAdd}. */
  static double flops() {
    return (double) STEPS * MultiplyAddLoop.choose().flopsPerStep();
  }

  /** Bytes that one call of {@link #copy} reads and writes. */
  static double copiedBytes() {
    return 2.0 * COPIED_FLOATS * Float.BYTES;
  }

  @Benchmark
  public float multiplyAdd() {
    return loop.run(STEPS, summand);
  }

  @Benchmark
  public float[] copy() {
    if (source == null) {
      source = new float[COPIED_FLOATS];
      target = new float[COPIED_FLOATS];
    }
    System.arraycopy(source, 0, target, 0, COPIED_FLOATS);
    return target;
  }
}
