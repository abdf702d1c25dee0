package unweave.kernels;

/**
 * Nonlinearities f(x; a) with their definitions in float64; ReLU has operations of its own.
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
        public double value(double a, double x) {
            return x > 0 ? x : a * x;
        }

        @Override
        public double derivative(double a, double x) {
            return x > 0 ? 1 : a;
        }

        @Override
        public float usualConstant() {
            return 0.01f;
        }
    },
    /** x where x &gt; 0, else a (exp(x) - 1) (Clevert et al. 2016). */
    ELU {
        @Override
        public double value(double a, double x) {
            return x > 0 ? x : a * Math.expm1(x);
        }

        @Override
        public double derivative(double a, double x) {
            return x > 0 ? 1 : a * Math.exp(x);
        }
    },
    /** x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), the exact form; a is not used. */
    GELU {
        @Override
        public double value(double a, double x) {
            return x * NormalDistribution.of(x);
        }

        @Override
        public double derivative(double a, double x) {
            return NormalDistribution.of(x) + x * NormalDistribution.density(x);
        }
    },
    /** x / (1 + exp(-x)) (Elfwing et al. 2018), also called swish; a is not used. */
    SILU {
        @Override
        public double value(double a, double x) {
            return x * sigmoid(x);
        }

        @Override
        public double derivative(double a, double x) {
            double s = sigmoid(x);
            return s + x * s * (1 - s);
        }
    },
    /** 1 / (1 + exp(-x)); a is not used. */
    SIGMOID {
        @Override
        public double value(double a, double x) {
            return sigmoid(x);
        }

        @Override
        public double derivative(double a, double x) {
            double s = sigmoid(x);
            return s * (1 - s);
        }

        @Override
        public boolean isNonNegative() {
            return true;
        }
    },
    /** tanh(x); a is not used. */
    TANH {
        @Override
        public double value(double a, double x) {
            return Math.tanh(x);
        }

        @Override
        public double derivative(double a, double x) {
            return 1 - Math.tanh(x) * Math.tanh(x);
        }
    },
    /** log(1 + exp(a x)) / a: a ReLU smoothed by 1 / a (Dugas et al. 2001). */
    SOFTPLUS {
        @Override
        public double value(double a, double x) {
            return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(a * x))) / a;
        }

        @Override
        public double derivative(double a, double x) {
            return sigmoid(a * x);
        }

        @Override
        public boolean isNonNegative() {
            return true;
        }
    },
    /** x / 6 + 1/2, cut off below 0 and above 1 (Courbariaux et al. 2015, with PyTorch's slope); a is not used. */
    HARD_SIGMOID {
        @Override
        public double value(double a, double x) {
            return Math.max(0, Math.min(1, x / 6 + 0.5));
        }

        @Override
        public double derivative(double a, double x) {
            return x > -3 && x <= 3 ? 1.0 / 6 : 0;
        }

        @Override
        public boolean isNonNegative() {
            return true;
        }
    };

    /** f(x; a). */
    public abstract double value(double a, double x);

    /** f'(x; a), from the left where there is a kink. */
    public abstract double derivative(double a, double x);

    /** Whether no value is below zero. */
    public boolean isNonNegative() {
        return false;
    }

    /** The a that is usual. */
    public float usualConstant() {
        return 1;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
