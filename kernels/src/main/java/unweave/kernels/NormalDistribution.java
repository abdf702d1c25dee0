package unweave.kernels;

/** The standard normal distribution in float64. */
final class NormalDistribution {
    private NormalDistribution() {}

    /** exp(-x^2 / 2) / sqrt(2 pi). */
    static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /**
     * The distribution function, 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...) (Marsaglia 2004); beyond 8 the rest is
     * below the precision of a double.
     */
    static double of(double x) {
        if (Math.abs(x) > 8) {
            return x > 0 ? 1 : 0;
        }
        double sum = x;
        double term = x;
        for (int i = 3; sum + term != sum || i == 3; i += 2) {
            term *= x * x / i;
            sum += term;
            if (term == 0) {
                break;
            }
        }
        return 0.5 + sum * density(x);
    }
}
