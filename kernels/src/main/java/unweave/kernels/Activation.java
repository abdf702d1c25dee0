package unweave.kernels;

import java.util.List;

/**
 * Nonlinearities f(x; a, b) with their definitions in float64; ReLU has operations of its own. a and b are constants of
 * the function, {@link Constants}.
 *
 * <p><b>To add an activation</b>, touch three files; each keeps the order of the constants:
 *
 * <ol>
 *   <li>here: a constant with its formula and its source, and a case in {@link #value} and {@link #derivative};
 *   <li>{@code ActivationKernels} of the CPU backend: a case in {@code value} and one in {@code derivative};
 *   <li>{@code activations.cu}: the same two cases, then {@code kernels/cuda/compile-ptx}.
 * </ol>
 *
 * Model files name it by its constant ("hard-sigmoid"). The table of operations makes its cases of all constants:
 * {@code OperationsTest} and {@code CudaOperationsTest} compare both backends with the definitions here, and the
 * derivative with differences of the value.
 */
public enum Activation {
    /** x where x &gt; 0, else a x (Maas et al. 2013). */
    LEAKY_RELU,
    /** x where x &gt; 0, else a (exp(x) - 1) (Clevert et al. 2016). */
    ELU,
    /** x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), the exact form. */
    GELU,
    /** x / (1 + exp(-x)) (Elfwing et al. 2018), also called swish. */
    SILU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** tanh(x). */
    TANH,
    /** log(1 + exp(a x)) / a: a ReLU smoothed by 1 / a (Dugas et al. 2001). */
    SOFTPLUS,
    /** a x + b, cut off below 0 and above 1 (Courbariaux et al. 2015); a = 1/6 and b = 1/2 as in PyTorch, a &gt; 0. */
    HARD_SIGMOID,
    /** x, cut off below a and above b; 0 and 6 give ReLU6 (Krizhevsky 2010). */
    CLIP,
    /** x times the hard sigmoid of x, x / 6 + 1/2 cut off below 0 and above 1 (Howard et al. 2019). */
    HARD_SWISH,
    /** x tanh(log(1 + exp(x))) (Misra 2020). */
    MISH,
    /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (Hendrycks and Gimpel 2016), GELU's approximation. */
    GELU_TANH,
    /** b x where x &gt; 0, else b a (exp(x) - 1) (Klambauer et al. 2017). */
    SELU,
    /** x where x &gt; 0, else a (exp(x / a) - 1) (Barron 2017). */
    CELU,
    /** x / (1 + |x|) (Turian et al. 2009). */
    SOFTSIGN,
    /** x where x &gt; a, else 0 (Konda et al. 2015). */
    THRESHOLDED_RELU,
    /** exp(x). */
    EXP,
    /** The natural logarithm of x; NaN below 0. */
    LOG,
    /** The square root of x; NaN below 0. */
    SQRT,
    /** |x|. */
    ABS,
    /** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
    ERF,
    /** x^a; NaN below 0 unless a is whole. */
    POWER;

    /**
     * What a function needs beside x; functions take the first, both, or none.
     *
     * @param a the a of the formulas
     * @param b their b
     */
    public record Constants(float a, float b) {
        /** For functions of one constant. */
        public static Constants of(float a) {
            return new Constants(a, 0);
        }
    }

    /** f(x; a, b). */
    public double value(Constants c, double x) {
        return switch (this) {
            case LEAKY_RELU -> x > 0 ? x : c.a() * x;
            case ELU -> x > 0 ? x : c.a() * Math.expm1(x);
            case GELU -> x * NormalDistribution.of(x);
            case SILU -> x * sigmoid(x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(c.a() * x))) / c.a();
            case HARD_SIGMOID -> Math.max(0, Math.min(1, c.a() * x + c.b()));
            case CLIP -> Math.max(c.a(), Math.min(c.b(), x));
            case HARD_SWISH -> x * Math.max(0, Math.min(1, x / 6 + 0.5));
            case MISH -> x * Math.tanh(softplus(x));
            case GELU_TANH -> x * (1 + Math.tanh(inner(x))) / 2;
            case SELU -> c.b() * (x > 0 ? x : c.a() * Math.expm1(x));
            case CELU -> x > 0 ? x : c.a() * Math.expm1(x / c.a());
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case THRESHOLDED_RELU -> x <= c.a() ? 0 : x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case ABS -> Math.abs(x);
            case ERF -> 2 * NormalDistribution.of(x * Math.sqrt(2)) - 1;
            case POWER -> Math.pow(x, c.a());
        };
    }

    /** f'(x; a, b), from the left where there is a kink. */
    public double derivative(Constants c, double x) {
        return switch (this) {
            case LEAKY_RELU -> x > 0 ? 1 : c.a();
            case ELU -> x > 0 ? 1 : c.a() * Math.exp(x);
            case GELU -> NormalDistribution.of(x) + x * NormalDistribution.density(x);
            case SILU -> {
                double s = sigmoid(x);
                yield s + x * s * (1 - s);
            }
            case SIGMOID -> {
                double s = sigmoid(x);
                yield s * (1 - s);
            }
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
            case SOFTPLUS -> sigmoid(c.a() * x);
            case HARD_SIGMOID -> {
                double t = c.a() * x + c.b();
                yield t > 0 && t <= 1 ? c.a() : 0;
            }
            case CLIP -> x > c.a() && x <= c.b() ? 1 : 0;
            case HARD_SWISH -> x <= -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1;
            case MISH -> {
                double t = Math.tanh(softplus(x));
                yield t + x * (1 - t * t) * sigmoid(x);
            }
            case GELU_TANH -> {
                double t = Math.tanh(inner(x));
                double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
                yield (1 + t) / 2 + x * (1 - t * t) * slope / 2;
            }
            case SELU -> c.b() * (x > 0 ? 1 : c.a() * Math.exp(x));
            case CELU -> x > 0 ? 1 : Math.exp(x / c.a());
            case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
            case THRESHOLDED_RELU -> x > c.a() ? 1 : 0;
            case EXP -> Math.exp(x);
            case LOG -> 1 / x;
            case SQRT -> 0.5 / Math.sqrt(x);
            case ABS -> x > 0 ? 1 : -1;
            case ERF -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
            case POWER -> c.a() == 0 ? 0 : c.a() * Math.pow(x, c.a() - 1.0);
        };
    }

    /** Whether no value is below zero. */
    public boolean isNonNegative(Constants c) {
        return switch (this) {
            case SIGMOID, SOFTPLUS, HARD_SIGMOID, EXP, SQRT, ABS -> true;
            case CLIP, THRESHOLDED_RELU -> c.a() >= 0;
            case POWER -> c.a() % 2 == 0 || c.a() != Math.rint(c.a());
            default -> false;
        };
    }

    /** What model files call a and, if there is a second name, b. */
    public List<String> constantNames() {
        return switch (this) {
            case HARD_SWISH, MISH, GELU_TANH, SOFTSIGN, EXP, LOG, SQRT, ABS, ERF -> List.of();
            case HARD_SIGMOID -> List.of("constant", "offset");
            case CLIP -> List.of("low", "high");
            case SELU -> List.of("constant", "scale");
            default -> List.of("constant");
        };
    }

    /** The constants that are usual. */
    public Constants usualConstants() {
        return switch (this) {
            case LEAKY_RELU -> Constants.of(0.01f);
            case HARD_SIGMOID -> new Constants(1 / 6f, 0.5f);
            case CLIP -> new Constants(0, 6);
            case SELU -> new Constants(1.6732632f, 1.050701f);
            default -> Constants.of(1);
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** What the tanh of the approximate GELU is taken of. */
    private static double inner(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }
}
