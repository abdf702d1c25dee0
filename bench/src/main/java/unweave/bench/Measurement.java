package unweave.bench;

/**
 * One line of the result.
 *
 * @param name of the operation or job
 * @param timing of one part of it
 * @param gflops 10^9 additions and multiplications per second; NaN if their number is unknown
 * @param gigabytes 10^9 bytes of operands per second; NaN if their number is unknown
 * @param rooflineFraction see {@link Roofline#fraction}
 */
record Measurement(String name, Timing timing, double gflops, double gigabytes, double rooflineFraction) {
  /** @param flops and bytes of one part; 0 if unknown */
  static Measurement of(String name, Timing timing, double flops, double bytes, Roofline roofline) {
    double seconds = timing.median() * 1e-3;
    return new Measurement(name, timing, rate(flops, seconds), rate(bytes, seconds), roofline.fraction(flops, bytes, seconds));
  }

  private static double rate(double count, double seconds) {
    return count == 0 ? Double.NaN : count * 1e-9 / seconds;
  }
}
