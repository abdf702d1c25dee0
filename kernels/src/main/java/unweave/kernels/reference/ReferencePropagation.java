package unweave.kernels.reference;

import unweave.kernels.WeightTransform;

/** The definition of {@link unweave.kernels.Propagation}. */
public final class ReferencePropagation {
    private ReferencePropagation() {}

    /** s(z) = z + eps * sign(z), sign(0) = +1: keeps a denominator away from zero without changing its sign. */
    static double stabilize(double z, double eps) {
        return z >= 0 ? z + eps : z - eps;
    }

    private static double divideOrZero(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }

    /** See {@link unweave.kernels.Propagation#transformWeights}. */
    public static void transformWeights(WeightTransform transform, double g, double[] w, double[] out) {
        for (int i = 0; i < w.length; i++) {
            double positive = Math.max(w[i], 0);
            double negative = Math.min(w[i], 0);
            out[i] = switch (transform) {
                case IDENTITY -> w[i];
                case FAVOUR_POSITIVE -> w[i] + g * positive;
                case FAVOUR_NEGATIVE -> w[i] + g * negative;
                case POSITIVE -> positive;
                case NEGATIVE -> negative;
                case SQUARE -> w[i] * w[i];
                case ONE -> 1;
            };
        }
    }

    /** See {@link unweave.kernels.Propagation#positivePart}. */
    public static void positivePart(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.max(x[i], 0);
        }
    }

    /** See {@link unweave.kernels.Propagation#negativePart}. */
    public static void negativePart(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.min(x[i], 0);
        }
    }

    /** See {@link unweave.kernels.Propagation#stabilizedDivide}. */
    public static void stabilizedDivide(double eps, double[] r, double[] z, double[] out) {
        for (int i = 0; i < r.length; i++) {
            out[i] = divideOrZero(r[i], stabilize(z[i % z.length], eps));
        }
    }

    /** See {@link unweave.kernels.Propagation#clippedDenominator}. */
    public static void clippedDenominator(double eps, double[] z, double[] out) {
        for (int i = 0; i < z.length; i++) {
            out[i] = z[i] >= 0 ? Math.max(z[i], eps) : Math.min(z[i], -eps);
        }
    }

    /** See {@link unweave.kernels.Propagation#rmsDenominator}. */
    public static void rmsDenominator(int width, double eps, double[] z, double[] out) {
        for (int n = 0; n < z.length / width; n++) {
            double meanSquare = 0;
            for (int i = n * width; i < (n + 1) * width; i++) {
                meanSquare += z[i] * z[i] / width;
            }
            for (int i = n * width; i < (n + 1) * width; i++) {
                out[i] = stabilize(z[i], eps * Math.sqrt(meanSquare));
            }
        }
    }

    /** See {@link unweave.kernels.Propagation#selectiveDivide}. */
    public static void selectiveDivide(
            double eps, double sign, double[] selector, double[] r, double[] z, double[] out) {
        for (int i = 0; i < r.length; i++) {
            boolean selected = selector[i % selector.length] * sign > 0;
            out[i] = selected ? divideOrZero(r[i], stabilize(z[i % z.length], eps)) : 0;
        }
    }

    /** See {@link unweave.kernels.Propagation#addProduct}. */
    public static void addProduct(double alpha, double[] x, double[] g, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] += alpha * x[i % x.length] * g[i];
        }
    }

    /** See {@link unweave.kernels.Propagation#contextVectors}. */
    public static void contextVectors(double[] r, double[] a, double[] c) {
        for (int i = 0; i < r.length; i++) {
            c[i] = divideOrZero(r[i], a[i % a.length]);
        }
    }
}
