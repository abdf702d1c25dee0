package unweave.kernels.cpu;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Training;

/** The loss and the optimisers of {@link unweave.kernels.Training} on arrays; C2 vectorises the optimisers' loops. */
final class TrainingKernels implements Training {
    private final WorkerPool pool;
    private final CpuMemory memory;

    TrainingKernels(WorkerPool pool, CpuMemory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    @Override
    public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
        softmaxCrossEntropy(
                classes, memory.array(logits), memory.array(labels), memory.array(losses), memory.array(dlogits));
    }

    @Override
    public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
        sgd(rate, momentum, decay, memory.array(gradient), memory.array(velocity), memory.target(w));
    }

    @Override
    public void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            Floats step,
            Floats gradient,
            Floats m,
            Floats v,
            Floats w) {
        adam(
                beta1,
                beta2,
                eps,
                decay,
                memory.array(step),
                memory.array(gradient),
                memory.array(m),
                memory.array(v),
                memory.target(w));
    }

    void softmaxCrossEntropy(int classes, float[] logits, int[] labels, float[] losses, float[] dlogits) {
        int batch = labels.length;
        Elements.requireSize(batch, losses);
        Elements.requireSize(batch * classes, logits, dlogits);
        Elements.forEachRow(pool, batch, classes, (from, to) -> {
            for (int n = from; n < to; n++) {
                losses[n] = (float) softmaxCrossEntropy(classes, logits, n * classes, labels[n], batch, dlogits);
            }
        });
    }

    /**
     * One sample, whose logits begin at {@code at}. The largest logit is taken out first, so no exponential overflows;
     * each is computed twice, which needs no memory.
     */
    private static double softmaxCrossEntropy(
            int classes, float[] logits, int at, int label, int batch, float[] dlogits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, logits[at + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits[at + c] - largest);
        }
        double loss = largest + Math.log(sum) - logits[at + label];
        for (int c = 0; c < classes; c++) {
            dlogits[at + c] = (float) ((Math.exp(logits[at + c] - largest) / sum - (c == label ? 1 : 0)) / batch);
        }
        return loss;
    }

    void sgd(float rate, float momentum, float decay, float[] gradient, float[] velocity, float[] w) {
        Elements.requireSize(w.length, gradient, velocity);
        Elements.forEach(pool, w.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float v = momentum * velocity[i] + (gradient[i] + decay * w[i]);
                velocity[i] = v;
                w[i] -= rate * v;
            }
        });
    }

    void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            float[] step,
            float[] gradient,
            float[] m,
            float[] v,
            float[] w) {
        Elements.requireSize(w.length, gradient, m, v);
        Elements.requireSize(2, step);
        float oneMinusBeta1 = 1 - beta1;
        float oneMinusBeta2 = 1 - beta2;
        Elements.forEach(pool, w.length, (from, to) -> {
            float stepSize = step[0];
            float inverseRoot = step[1];
            for (int i = from; i < to; i++) {
                float g = gradient[i] + decay * w[i];
                float mean = beta1 * m[i] + oneMinusBeta1 * g;
                float square = beta2 * v[i] + oneMinusBeta2 * g * g;
                m[i] = mean;
                v[i] = square;
                w[i] -= stepSize * mean / ((float) Math.sqrt(square) * inverseRoot + eps);
            }
        });
    }
}
