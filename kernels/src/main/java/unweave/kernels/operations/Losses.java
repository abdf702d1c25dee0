package unweave.kernels.operations;

/** Scalar functions of an operation's output, for finite differences. */
final class Losses {
    private Losses() {}

    /** sum over i: weights[i] * y[i], whose derivative with respect to y is {@code weights}. */
    static double weightedSum(double[] weights, double[] y) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += weights[i] * y[i];
        }
        return sum;
    }
}
