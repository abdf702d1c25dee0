package unweave.kernels.cpu;

import unweave.kernels.Activation;
import unweave.kernels.Activation.Constants;
import unweave.kernels.Activations;
import unweave.kernels.Floats;

/**
 * {@link unweave.kernels.Activations} on arrays. Exponentials cost far more than the rest, so the loops are plain and
 * run on all threads.
 */
final class ActivationKernels implements Activations {
    private static final double ROOT_TWO = Math.sqrt(2);
    private static final double ROOT_TWO_BY_PI = Math.sqrt(2 / Math.PI);
    private static final double INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

    private final WorkerPool pool;
    private final CpuMemory memory;
    private final ElementLoops loops;

    ActivationKernels(WorkerPool pool, CpuMemory memory, ElementLoops loops) {
        this.pool = pool;
        this.memory = memory;
        this.loops = loops;
    }

    @Override
    public void activate(Activation f, Constants c, Floats x, Floats y) {
        activate(f, c, memory.array(x), memory.array(y));
    }

    @Override
    public void activationBackward(Activation f, Constants c, Floats x, Floats dy, Floats dx) {
        activationBackward(f, c, memory.array(x), memory.array(dy), memory.array(dx));
    }

    void activate(Activation f, Constants c, float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> activate(f, c, x, y, from, to, 0));
    }

    /** y[i] = f(x[i + shift]; c) for i = from to to - 1, on the calling thread. */
    void activate(Activation f, Constants c, float[] x, float[] y, int from, int to, int shift) {
        if (f == Activation.CLIP) {
            loops.clip(c.a(), c.b(), x, y, from, to, shift);
            return;
        }
        float a = c.a();
        float b = c.b();
        for (int i = from; i < to; i++) {
            y[i] = value(f, a, b, x[i + shift]);
        }
    }

    void activationBackward(Activation f, Constants c, float[] x, float[] dy, float[] dx) {
        Elements.requireSize(x.length, dy, dx);
        Elements.forEach(pool, x.length, (from, to) -> {
            if (f == Activation.CLIP) {
                loops.clipBackward(c.a(), c.b(), x, dy, dx, from, to);
                return;
            }
            for (int i = from; i < to; i++) {
                dx[i] = dy[i] * derivative(f, c.a(), c.b(), x[i]);
            }
        });
    }

    private static float value(Activation f, float a, float b, float x) {
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? x : a * x;
            case ELU -> x > 0 ? x : a * (float) Math.expm1(x);
            case GELU -> (float) (x * normalDistribution(x));
            case SILU -> (float) (x * sigmoid(x));
            case SIGMOID -> (float) sigmoid(x);
            case TANH -> (float) Math.tanh(x);
            case SOFTPLUS -> Math.max(x, 0f) + (float) (Math.log1p(Math.exp(-Math.abs((double) a * x))) / a);
            case HARD_SIGMOID -> Math.max(0f, Math.min(1f, a * x + b));
            case CLIP -> Math.max(a, Math.min(b, x));
            case HARD_SWISH -> x * Math.max(0f, Math.min(1f, x / 6 + 0.5f));
            case THRESHOLDED_RELU -> x <= a ? 0f : x;
            case ABS -> Math.abs(x);
            case MISH, GELU_TANH, SELU, CELU, SOFTSIGN, EXP, LOG, SQRT, ERF, POWER -> seldomValue(f, a, b, x);
        };
    }

    /** Those that few networks have, apart, so that C2 still inlines the others into the loop. */
    private static float seldomValue(Activation f, float a, float b, float x) {
        return switch (f) {
            case MISH -> (float) (x * Math.tanh(softplus(x)));
            case GELU_TANH -> (float) (x * (1 + Math.tanh(geluTanhArgument(x))) / 2);
            case SELU -> b * (x > 0 ? x : a * (float) Math.expm1(x));
            case CELU -> x > 0 ? x : a * (float) Math.expm1((double) x / a);
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case EXP -> (float) Math.exp(x);
            case LOG -> (float) Math.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case ERF -> (float) (2 * normalDistribution(ROOT_TWO * x) - 1);
            case POWER -> (float) Math.pow(x, a);
            default -> throw new IllegalArgumentException(f + " is not a function that is seldom used");
        };
    }

    private static float derivative(Activation f, float a, float b, float x) {
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? 1f : a;
            case ELU -> x > 0 ? 1f : (float) (a * Math.exp(x));
            case GELU -> (float) (normalDistribution(x) + x * density(x));
            case SILU -> (float) (sigmoid(x) * (1 + x * (1 - sigmoid(x))));
            case SIGMOID -> (float) (sigmoid(x) * (1 - sigmoid(x)));
            case TANH -> (float) (1 - Math.tanh(x) * Math.tanh(x));
            case SOFTPLUS -> (float) sigmoid((double) a * x);
            case HARD_SIGMOID -> a * x + b > 0 && a * x + b <= 1 ? a : 0f;
            case CLIP -> x > a && x <= b ? 1f : 0f;
            case HARD_SWISH -> x <= -3 ? 0f : x <= 3 ? x / 3 + 0.5f : 1f;
            case THRESHOLDED_RELU -> x > a ? 1f : 0f;
            case ABS -> x > 0 ? 1f : -1f;
            case MISH, GELU_TANH, SELU, CELU, SOFTSIGN, EXP, LOG, SQRT, ERF, POWER -> seldomDerivative(f, a, b, x);
        };
    }

    /** As {@link #seldomValue}. */
    private static float seldomDerivative(Activation f, float a, float b, float x) {
        return switch (f) {
            case MISH -> {
                double t = Math.tanh(softplus(x));
                yield (float) (t + x * (1 - t * t) * sigmoid(x));
            }
            case GELU_TANH -> {
                double t = Math.tanh(geluTanhArgument(x));
                yield (float) ((1 + t + x * (1 - t * t) * ROOT_TWO_BY_PI * (1 + 3 * 0.044715 * x * x)) / 2);
            }
            case SELU -> x > 0 ? b : (float) (b * a * Math.exp(x));
            case CELU -> x > 0 ? 1f : (float) Math.exp((double) x / a);
            case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
            case EXP -> (float) Math.exp(x);
            case LOG -> 1 / x;
            case SQRT -> (float) (0.5 / Math.sqrt(x));
            case ERF -> (float) (2 * ROOT_TWO * density(ROOT_TWO * x));
            case POWER -> a == 0 ? 0f : (float) (a * Math.pow(x, a - 1.0));
            default -> throw new IllegalArgumentException(f + " is not a function that is seldom used");
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double geluTanhArgument(double x) {
        return ROOT_TWO_BY_PI * (x + 0.044715 * x * x * x);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double density(double x) {
        return INVERSE_ROOT_TWO_PI * Math.exp(-x * x / 2);
    }

    /** To 7.5e-8, which is below float32: Abramowitz and Stegun 26.2.17. */
    private static double normalDistribution(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = density(x)
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
