package unweave.cli.selftest;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferenceConvolutions;
import unweave.kernels.reference.ReferencePooling;

/**
 * How far the rounding of its operands to float32 can move the result of a rule that divides by z = x * w + b. A sum of
 * terms t_i that nearly cancel is known only to about u * sum |t_i| with u = 2^-23, so R / s(z) only to u * kappa
 * relative, kappa = max over outputs of sum |t_i| / |s(z)|. No float32 computation can agree with a float64 one more
 * closely than that; where terms do not cancel, kappa is small and the tolerance hardly moves.
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
        ReferenceConvolutions.convForward(
                shape, absolute(x), absolute(w), bias == null ? null : absolute(bias), false, magnitude);
        return ROUNDING * largestRatio(magnitude, z, stabilizer);
    }

    /**
     * What to add to the tolerance of the gamma rule, whose sums (where z &gt; 0: x+ (w + g w+) + x- (w + g w-) + b + g
     * b+; where z &lt; 0 with the signs of the weights exchanged) may nearly cancel where the bias is left out.
     *
     * @param bias decides the branch in any case
     * @param withBias whether it also counts in the sums
     */
    static double ofGamma(
            ConvShape shape, double[] x, double[] w, double[] bias, boolean withBias, double gamma, double stabilizer) {
        double[] z = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(shape, x, w, bias, false, z);
        double[][] sums = new double[2][];
        double[][] magnitudes = new double[2][];
        for (int branch = 0; branch < 2; branch++) {
            int sign = branch == 0 ? 1 : -1;
            double[] modifiedBias = withBias ? favoured(bias, gamma, sign) : null;
            sums[branch] = sum(shape, x, favoured(w, gamma, sign), favoured(w, gamma, -sign), modifiedBias, false);
            magnitudes[branch] = sum(shape, x, favoured(w, gamma, sign), favoured(w, gamma, -sign), modifiedBias, true);
        }
        for (int i = 0; i < z.length; i++) {
            int branch = z[i] > 0 ? 0 : 1;
            sums[0][i] = sums[branch][i];
            magnitudes[0][i] = magnitudes[branch][i];
        }
        return ROUNDING * largestRatio(magnitudes[0], sums[0], stabilizer);
    }

    /** x+ * a + x- * b + bias, or the sum of the magnitudes of its terms. */
    private static double[] sum(
            ConvShape shape, double[] x, double[] a, double[] b, double[] bias, boolean magnitudes) {
        double[] positive = new double[x.length];
        double[] negative = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            positive[i] = Math.max(0, x[i]);
            negative[i] = Math.min(0, x[i]);
        }
        double[] first = new double[Math.toIntExact(shape.outputSize())];
        double[] second = new double[first.length];
        double[] shift = bias == null || !magnitudes ? bias : absolute(bias);
        ReferenceConvolutions.convForward(shape, positive, magnitudes ? absolute(a) : a, shift, false, first);
        ReferenceConvolutions.convForward(
                shape, magnitudes ? absolute(negative) : negative, magnitudes ? absolute(b) : b, null, false, second);
        for (int i = 0; i < first.length; i++) {
            first[i] += second[i];
        }
        return first;
    }

    /** v + g v+ for sign 1, v + g v- for sign -1. */
    private static double[] favoured(double[] values, double gamma, int sign) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i] * sign > 0 ? values[i] * (1 + gamma) : values[i];
        }
        return result;
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
