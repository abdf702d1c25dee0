package unweave.engine.model;

import java.util.Locale;
import unweave.kernels.BadInputException;

/** What the logits of a network mean. The decision is the largest logit in either case. */
public enum Probabilities {
    /** One class applies: p_c = exp(z_c) / sum_k exp(z_k) (thesis Eq. A.4). */
    SOFTMAX {
        @Override
        public double[] of(double[] logits) {
            double largest = Double.NEGATIVE_INFINITY;
            for (double logit : logits) {
                largest = Math.max(largest, logit);
            }
            double[] probabilities = new double[logits.length];
            double sum = 0;
            for (int c = 0; c < logits.length; c++) {
                probabilities[c] = Math.exp(logits[c] - largest);
                sum += probabilities[c];
            }
            for (int c = 0; c < logits.length; c++) {
                probabilities[c] /= sum;
            }
            return probabilities;
        }
    },
    /** Each class applies or not by itself, as tags do: p_c = 1 / (1 + exp(-z_c)). */
    SIGMOID {
        @Override
        public double[] of(double[] logits) {
            double[] probabilities = new double[logits.length];
            for (int c = 0; c < logits.length; c++) {
                probabilities[c] = 1 / (1 + Math.exp(-logits[c]));
            }
            return probabilities;
        }
    };

    /** The probability of every class. {@code logits}, one per class, are not modified. */
    public abstract double[] of(double[] logits);

    /** As written in JSON: "softmax" or "sigmoid". */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Those that JSON calls so.
     *
     * @throws BadInputException if there is none of this name
     */
    public static Probabilities named(String keyword) {
        for (Probabilities one : values()) {
            if (one.keyword().equals(keyword)) {
                return one;
            }
        }
        throw new BadInputException("unknown probabilities \"" + keyword + "\"; they are softmax (one class applies) or"
                + " sigmoid (each class by itself)");
    }
}
