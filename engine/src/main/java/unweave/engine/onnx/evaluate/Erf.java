package unweave.engine.onnx.evaluate;

/**
 * The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. By its series (<a
 * href="https://dlmf.nist.gov/7.6.E2">DLMF 7.6.2</a>) up to 3, and from there by the continued fraction of its
 * complement (<a href="https://dlmf.nist.gov/7.9.E1">DLMF 7.9.1</a>).
 */
final class Erf {
    private static final double LONGEST_SERIES = 3;

    private Erf() {}

    static double of(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x) || size > 6) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        return Math.copySign(size < LONGEST_SERIES ? series(size) : 1 - complement(size), x);
    }

    /** All terms are positive, so that nothing cancels. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    private static double complement(double x) {
        double fraction = x;
        for (int n = 60; n > 0; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
