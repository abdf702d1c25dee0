package unweave.kernels.cpu;

/**
 * The polynomial of {@link NewtonSchulz}: q of degree 4 with q(d) = (1 + d)^(-1/2) at the five Chebyshev points of an
 * interval, found by Newton's divided differences.
 */
final class InverseRoot {
    /** Coefficients of q. */
    static final int TERMS = 5;

    /** Points at which {@link #leastAfter} looks. */
    private static final int SAMPLES = 64;

    private InverseRoot() {}

    /** The coefficients of q, whose value is (1 + d)^(-1/2) at the Chebyshev points of [least, radius]. */
    static double[] polynomial(double least, double radius) {
        double[] points = new double[TERMS];
        double[] differences = new double[TERMS];
        for (int i = 0; i < TERMS; i++) {
            points[i] = (least + radius) / 2 + (radius - least) / 2 * Math.cos((2 * i + 1) * Math.PI / (2 * TERMS));
            differences[i] = 1 / Math.sqrt(1 + points[i]);
        }
        for (int order = 1; order < TERMS; order++) {
            for (int i = TERMS - 1; i >= order; i--) {
                differences[i] = (differences[i] - differences[i - 1]) / (points[i] - points[i - order]);
            }
        }
        return powers(points, differences);
    }

    /**
     * A step turns an eigenvalue d of D into (1 + d) q(d)^2 - 1. Returns the least of these for d from {@code least} to
     * {@code radius}, at sample points.
     */
    static double leastAfter(double least, double radius, double[] terms) {
        double ratio = Math.pow((1 + radius) / (1 + least), 1.0 / (SAMPLES - 1));
        double smallest = Double.POSITIVE_INFINITY;
        double x = 1 + least;
        for (int sample = 0; sample < SAMPLES; sample++, x *= ratio) {
            double q = 0;
            for (int power = TERMS - 1; power >= 0; power--) {
                q = q * (x - 1) + terms[power];
            }
            smallest = Math.min(smallest, x * q * q);
        }
        return smallest - 1;
    }

    /**
     * The coefficients of d^0, d^1, ... of a polynomial in Newton's form: differences[0] + (d - points[0])
     * (differences[1] + (d - points[1]) (...)).
     */
    private static double[] powers(double[] points, double[] differences) {
        double[] powers = new double[TERMS];
        for (int i = TERMS - 1; i >= 0; i--) {
            for (int power = TERMS - 1; power >= 0; power--) {
                powers[power] = (power > 0 ? powers[power - 1] : differences[i]) - points[i] * powers[power];
            }
        }
        return powers;
    }
}
