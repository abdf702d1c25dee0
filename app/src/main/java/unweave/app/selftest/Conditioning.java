package unweave.app.selftest;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferenceConvolutions;
import unweave.kernels.reference.ReferencePooling;

/**
 * How far the rounding of its operands to float32 can move the result of a rule that divides by z = x * w + b. A sum of terms t_i that nearly cancel is
 * known only to about u * sum |t_i| with u = 2^-23, so R / s(z) only to u * kappa relative, kappa = max over outputs of sum |t_i| / |s(z)|. No float32
 * computation can agree with a float64 one more closely than that; where terms do not cancel, kappa is small and the tolerance hardly moves.
 */
final class Conditioning {
  private static final double ROUNDING = 0x1p-23;

  private Conditioning() {}

  /**
   * What to add to the tolerance of a rule that divides by s(z), z = x * w + b.
   *
   * @param bias null if the rule leaves it out
   */
  static double ofLinear(ConvShape shape, double[] x, double[] w, double[] bias, double stabilizer) {
    double[] z = new double[Math.toIntExact(shape.outputSize())];
    double[] magnitude = new double[z.length];
    ReferenceConvolutions.convForward(shape, x, w, bias, false, z);
    ReferenceConvolutions.convForward(shape, absolute(x), absolute(w), bias == null ? null : absolute(bias), false, magnitude);
    return ROUNDING * largestRatio(magnitude, z, stabilizer);
  }

  /** What to add to the tolerance of x / s(sum x) over the windows of an average pooling. */
  static double ofAverage(PoolShape shape, double[] x, double stabilizer) {
    double[] z = new double[Math.toIntExact(shape.outputSize())];
    double[] magnitude = new double[z.length];
    ReferencePooling.avgPoolForward(shape, x, z);
    ReferencePooling.avgPoolForward(shape, absolute(x), magnitude);
    return ROUNDING * largestRatio(magnitude, z, stabilizer);
  }

  private static double largestRatio(double[] magnitude, double[] z, double stabilizer) {
    double largest = 0;
    for (int i = 0; i < z.length; i++) {
      largest = Math.max(largest, magnitude[i] / Math.abs(z[i] + (z[i] < 0 ? -stabilizer : stabilizer)));
    }
    return largest;
  }

  private static double[] absolute(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Math.abs(values[i]);
    }
    return result;
  }
}
