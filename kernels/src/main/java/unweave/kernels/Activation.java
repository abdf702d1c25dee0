package unweave.kernels;

import java.util.List;

/**
 * Nonlinearities f(x; a, b) with their definitions in float64; ReLU has operations of its own. a and b are constants of
 * the function, {@link Constants}.
 *
 * <p><b>To add an activation</b>, touch three files; each keeps the order of the constants:
 *
 * <ol>
 *   <li>here: a constant with its formula, its source, {@link #value} and {@link #derivative};
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
    LEAKY_RELU {
        @Override
        public double value(Constants c, double x) {
            return x > 0 ? x : c.a() * x;
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > 0 ? 1 : c.a();
        }

        @Override
        public Constants usualConstants() {
            return Constants.of(0.01f);
        }
    },
    /** x where x &gt; 0, else a (exp(x) - 1) (Clevert et al. 2016). */
    ELU {
        @Override
        public double value(Constants c, double x) {
            return x > 0 ? x : c.a() * Math.expm1(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > 0 ? 1 : c.a() * Math.exp(x);
        }
    },
    /** x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), the exact form. */
    GELU {
        @Override
        public double value(Constants c, double x) {
            return x * NormalDistribution.of(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return NormalDistribution.of(x) + x * NormalDistribution.density(x);
        }
    },
    /** x / (1 + exp(-x)) (Elfwing et al. 2018), also called swish. */
    SILU {
        @Override
        public double value(Constants c, double x) {
            return x * sigmoid(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            double s = sigmoid(x);
            return s + x * s * (1 - s);
        }
    },
    /** 1 / (1 + exp(-x)). */
    SIGMOID {
        @Override
        public double value(Constants c, double x) {
            return sigmoid(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            double s = sigmoid(x);
            return s * (1 - s);
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }
    },
    /** tanh(x). */
    TANH {
        @Override
        public double value(Constants c, double x) {
            return Math.tanh(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return 1 - Math.tanh(x) * Math.tanh(x);
        }
    },
    /** log(1 + exp(a x)) / a: a ReLU smoothed by 1 / a (Dugas et al. 2001). */
    SOFTPLUS {
        @Override
        public double value(Constants c, double x) {
            return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(c.a() * x))) / c.a();
        }

        @Override
        public double derivative(Constants c, double x) {
            return sigmoid(c.a() * x);
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }
    },
    /** a x + b, cut off below 0 and above 1 (Courbariaux et al. 2015); a = 1/6 and b = 1/2 as in PyTorch, a &gt; 0. */
    HARD_SIGMOID {
        @Override
        public double value(Constants c, double x) {
            return Math.max(0, Math.min(1, c.a() * x + c.b()));
        }

        @Override
        public double derivative(Constants c, double x) {
            double t = c.a() * x + c.b();
            return t > 0 && t <= 1 ? c.a() : 0;
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }

        @Override
        public List<String> constantNames() {
            return List.of("constant", "offset");
        }

        @Override
        public Constants usualConstants() {
            return new Constants(1 / 6f, 0.5f);
        }
    },
    /** x, cut off below a and above b; 0 and 6 give ReLU6 (Krizhevsky 2010). */
    CLIP {
        @Override
        public double value(Constants c, double x) {
            return Math.max(c.a(), Math.min(c.b(), x));
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > c.a() && x <= c.b() ? 1 : 0;
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return c.a() >= 0;
        }

        @Override
        public List<String> constantNames() {
            return List.of("low", "high");
        }

        @Override
        public Constants usualConstants() {
            return new Constants(0, 6);
        }
    },
    /** x times the hard sigmoid of x, x / 6 + 1/2 cut off below 0 and above 1 (Howard et al. 2019). */
    HARD_SWISH {
        @Override
        public double value(Constants c, double x) {
            return x * Math.max(0, Math.min(1, x / 6 + 0.5));
        }

        @Override
        public double derivative(Constants c, double x) {
            return x <= -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1;
        }
    },
    /** x tanh(log(1 + exp(x))) (Misra 2020). */
    MISH {
        @Override
        public double value(Constants c, double x) {
            return x * Math.tanh(softplus(x));
        }

        @Override
        public double derivative(Constants c, double x) {
            double t = Math.tanh(softplus(x));
            return t + x * (1 - t * t) * sigmoid(x);
        }
    },
    /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (Hendrycks and Gimpel 2016), GELU's approximation. */
    GELU_TANH {
        @Override
        public double value(Constants c, double x) {
            return x * (1 + Math.tanh(inner(x))) / 2;
        }

        @Override
        public double derivative(Constants c, double x) {
            double t = Math.tanh(inner(x));
            double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            return (1 + t) / 2 + x * (1 - t * t) * slope / 2;
        }

        private double inner(double x) {
            return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        }
    },
    /** b x where x &gt; 0, else b a (exp(x) - 1) (Klambauer et al. 2017). */
    SELU {
        @Override
        public double value(Constants c, double x) {
            return c.b() * (x > 0 ? x : c.a() * Math.expm1(x));
        }

        @Override
        public double derivative(Constants c, double x) {
            return c.b() * (x > 0 ? 1 : c.a() * Math.exp(x));
        }

        @Override
        public List<String> constantNames() {
            return List.of("constant", "scale");
        }

        @Override
        public Constants usualConstants() {
            return new Constants(1.6732632f, 1.050701f);
        }
    },
    /** x where x &gt; 0, else a (exp(x / a) - 1) (Barron 2017). */
    CELU {
        @Override
        public double value(Constants c, double x) {
            return x > 0 ? x : c.a() * Math.expm1(x / c.a());
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > 0 ? 1 : Math.exp(x / c.a());
        }
    },
    /** x / (1 + |x|) (Turian et al. 2009). */
    SOFTSIGN {
        @Override
        public double value(Constants c, double x) {
            return x / (1 + Math.abs(x));
        }

        @Override
        public double derivative(Constants c, double x) {
            return 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
        }
    },
    /** x where x &gt; a, else 0 (Konda et al. 2015). */
    THRESHOLDED_RELU {
        @Override
        public double value(Constants c, double x) {
            return x <= c.a() ? 0 : x;
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > c.a() ? 1 : 0;
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return c.a() >= 0;
        }
    },
    /** exp(x). */
    EXP {
        @Override
        public double value(Constants c, double x) {
            return Math.exp(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return Math.exp(x);
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }
    },
    /** The natural logarithm of x; NaN below 0. */
    LOG {
        @Override
        public double value(Constants c, double x) {
            return Math.log(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return 1 / x;
        }
    },
    /** The square root of x; NaN below 0. */
    SQRT {
        @Override
        public double value(Constants c, double x) {
            return Math.sqrt(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return 0.5 / Math.sqrt(x);
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }
    },
    /** |x|. */
    ABS {
        @Override
        public double value(Constants c, double x) {
            return Math.abs(x);
        }

        @Override
        public double derivative(Constants c, double x) {
            return x > 0 ? 1 : -1;
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return true;
        }
    },
    /** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
    ERF {
        @Override
        public double value(Constants c, double x) {
            return 2 * NormalDistribution.of(x * Math.sqrt(2)) - 1;
        }

        @Override
        public double derivative(Constants c, double x) {
            return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
        }
    },
    /** x^a; NaN below 0 unless a is whole. */
    POWER {
        @Override
        public double value(Constants c, double x) {
            return Math.pow(x, c.a());
        }

        @Override
        public double derivative(Constants c, double x) {
            return c.a() == 0 ? 0 : c.a() * Math.pow(x, c.a() - 1.0);
        }

        @Override
        public boolean isNonNegative(Constants c) {
            return c.a() % 2 == 0 || c.a() != Math.rint(c.a());
        }
    };

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
    public abstract double value(Constants c, double x);

    /** f'(x; a, b), from the left where there is a kink. */
    public abstract double derivative(Constants c, double x);

    /** Whether no value is below zero. */
    public boolean isNonNegative(Constants c) {
        return false;
    }

    /** What model files call a and, if there is a second name, b. */
    public List<String> constantNames() {
        return switch (this) {
            case HARD_SWISH, MISH, GELU_TANH, SOFTSIGN, EXP, LOG, SQRT, ABS, ERF -> List.of();
            default -> List.of("constant");
        };
    }

    /** The constants that are usual. */
    public Constants usualConstants() {
        return Constants.of(1);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
