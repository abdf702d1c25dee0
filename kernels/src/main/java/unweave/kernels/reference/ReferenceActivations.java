package unweave.kernels.reference;

import unweave.kernels.Activation;

/** The definition of {@link unweave.kernels.Activations}. */
public final class ReferenceActivations {
    private ReferenceActivations() {}

    /** See {@link unweave.kernels.Activations#activate}. */
    public static void activate(Activation f, double a, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = value(f, a, x[i]);
        }
    }

    /** See {@link unweave.kernels.Activations#activationBackward}. */
    public static void activationBackward(Activation f, double a, double[] x, double[] dy, double[] dx) {
        for (int i = 0; i < x.length; i++) {
            dx[i] = dy[i] * derivative(f, a, x[i]);
        }
    }

    private static double value(Activation f, double a, double x) {
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? x : a * x;
            case ELU -> x > 0 ? x : a * Math.expm1(x);
            case GELU -> x * normalDistribution(x);
            case SILU -> x * sigmoid(x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(a * x))) / a;
        };
    }

    private static double derivative(Activation f, double a, double x) {
        double s = sigmoid(x);
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? 1 : a;
            case ELU -> x > 0 ? 1 : a * Math.exp(x);
            case GELU -> normalDistribution(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case SILU -> s + x * s * (1 - s);
            case SIGMOID -> s * (1 - s);
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
            case SOFTPLUS -> sigmoid(a * x);
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /**
     * The distribution function of the standard normal distribution, 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...)
     * (Marsaglia 2004); beyond 8 the rest is below the precision of a double.
     */
    private static double normalDistribution(double x) {
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
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
