package unweave.kernels.cpu;

import unweave.kernels.Activation;
import unweave.kernels.Activations;
import unweave.kernels.Floats;

/**
 * {@link unweave.kernels.Activations} on arrays. Exponentials cost far more than the rest, so the loops are plain and
 * run on all threads.
 */
final class ActivationKernels implements Activations {
    private static final double INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

    private final WorkerPool pool;
    private final CpuMemory memory;

    ActivationKernels(WorkerPool pool, CpuMemory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    @Override
    public void activate(Activation f, float a, Floats x, Floats y) {
        activate(f, a, memory.array(x), memory.array(y));
    }

    @Override
    public void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx) {
        activationBackward(f, a, memory.array(x), memory.array(dy), memory.array(dx));
    }

    void activate(Activation f, float a, float[] x, float[] y) {
        Elements.requireSize(x.length, y);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = value(f, a, x[i]);
            }
        });
    }

    void activationBackward(Activation f, float a, float[] x, float[] dy, float[] dx) {
        Elements.requireSize(x.length, dy, dx);
        Elements.forEach(pool, x.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                dx[i] = dy[i] * derivative(f, a, x[i]);
            }
        });
    }

    private static float value(Activation f, float a, float x) {
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? x : a * x;
            case ELU -> x > 0 ? x : a * (float) Math.expm1(x);
            case GELU -> (float) (x * normalDistribution(x));
            case SILU -> (float) (x * sigmoid(x));
            case SIGMOID -> (float) sigmoid(x);
            case TANH -> (float) Math.tanh(x);
            case SOFTPLUS -> Math.max(x, 0f) + (float) (Math.log1p(Math.exp(-Math.abs((double) a * x))) / a);
            case HARD_SIGMOID -> Math.max(0f, Math.min(1f, x / 6 + 0.5f));
        };
    }

    private static float derivative(Activation f, float a, float x) {
        return switch (f) {
            case LEAKY_RELU -> x > 0 ? 1f : a;
            case ELU -> x > 0 ? 1f : (float) (a * Math.exp(x));
            case GELU -> (float) (normalDistribution(x) + x * density(x));
            case SILU -> (float) (sigmoid(x) * (1 + x * (1 - sigmoid(x))));
            case SIGMOID -> (float) (sigmoid(x) * (1 - sigmoid(x)));
            case TANH -> (float) (1 - Math.tanh(x) * Math.tanh(x));
            case SOFTPLUS -> (float) sigmoid((double) a * x);
            case HARD_SIGMOID -> x > -3 && x <= 3 ? 1f / 6 : 0f;
        };
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
