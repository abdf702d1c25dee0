package unweave.bench;

import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.kernels.Ceilings;

/**
 * The bounds that no program on this machine passes (Williams, Waterman, Patterson: "Roofline", 2009): work of F additions and
 * multiplications on B bytes takes at least max(F / peak, B / bandwidth).
 *
 * @param threads how many threads worked at once
 * @param gflops peak of float32 arithmetic from registers, in 10^9 additions and multiplications per second
 * @param gigabytes bandwidth of copying large arrays, in 10^9 bytes read or written per second
 */
public record Roofline(int threads, double gflops, double gigabytes) {
  /** Measures both. */
  static Roofline measure(int threads) {
    try (Backend backend = CpuBackend.create(threads)) {
      Ceilings ceilings = backend.measureCeilings();
      return new Roofline(threads, ceilings.flopsPerSecond() * 1e-9, ceilings.bytesPerSecond() * 1e-9);
    }
  }

  /**
   * The least possible time as a part of the time taken: 1 is perfect. Work whose operands stay in the caches can exceed 1, as it does
   * not wait for memory. NaN if neither flops nor bytes are known.
   *
   * @param flops additions and multiplications
   * @param bytes read and written at least; 0 if unknown
   * @param seconds the time taken
   */
  double fraction(double flops, double bytes, double seconds) {
    double least = Math.max(flops / (gflops * 1e9), bytes / (gigabytes * 1e9));
    return least == 0 ? Double.NaN : least / seconds;
  }
}
