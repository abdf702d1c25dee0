package unweave.drsa.evaluation;

/** Probabilities from logits. */
final class Softmax {
    private Softmax() {}

    /** p[c] = exp(z[c]) / sum of exp(z). */
    static double[] of(float[] logits) {
        double[] values = new double[logits.length];
        for (int c = 0; c < values.length; c++) {
            values[c] = logits[c];
        }
        return of(values);
    }

    /** As above. */
    static double[] of(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(logits[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** The index of the largest value, the first of equals. */
    static int largest(double[] values) {
        int best = 0;
        for (int c = 1; c < values.length; c++) {
            if (values[c] > values[best]) {
                best = c;
            }
        }
        return best;
    }
}
