package unweave.kernels;

/**
 * What two values become, f(a, b), with the definition in float64. {@code BroadcastingKernels} of the CPU backend and
 * {@code broadcasting.cu} have a case for each; the order is the same in all three.
 */
public enum Combination {
    /** a + b. */
    ADD {
        @Override
        public double of(double a, double b) {
            return a + b;
        }
    },
    /** a - b. */
    SUBTRACT {
        @Override
        public double of(double a, double b) {
            return a - b;
        }
    },
    /** a b. */
    MULTIPLY {
        @Override
        public double of(double a, double b) {
            return a * b;
        }
    },
    /** a / b. */
    DIVIDE {
        @Override
        public double of(double a, double b) {
            return a / b;
        }
    },
    /** The larger of both; NaN if one is. */
    MAXIMUM {
        @Override
        public double of(double a, double b) {
            return Math.max(a, b);
        }
    },
    /** The smaller of both; NaN if one is. */
    MINIMUM {
        @Override
        public double of(double a, double b) {
            return Math.min(a, b);
        }
    },
    /** 1 where a &gt;= b, else 0: where {@link #MAXIMUM} takes a. */
    AT_LEAST {
        @Override
        public double of(double a, double b) {
            return a >= b ? 1 : 0;
        }
    },
    /** 1 where a &lt;= b, else 0: where {@link #MINIMUM} takes a. */
    AT_MOST {
        @Override
        public double of(double a, double b) {
            return a <= b ? 1 : 0;
        }
    },
    /** a where a &gt; 0, else a b: the leaky ReLU whose slope b is learnt (He et al. 2015). */
    LEAKY {
        @Override
        public double of(double a, double b) {
            return a > 0 ? a : a * b;
        }
    },
    /** 1 where a &gt; 0, else b: the derivative of {@link #LEAKY}. */
    LEAKY_SLOPE {
        @Override
        public double of(double a, double b) {
            return a > 0 ? 1 : b;
        }
    };

    /** f(a, b). */
    public abstract double of(double a, double b);
}
