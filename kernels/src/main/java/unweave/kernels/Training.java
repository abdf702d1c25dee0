package unweave.kernels;

/** The loss and the optimisers. Reductions run in float64 and in a fixed order. */
public interface Training {
    /**
     * losses[n] = log(sum_c exp(z[n,c])) - z[n, label[n]], stable for large logits, and dz[n,c] = (softmax(z)[n,c] - [c
     * = label[n]]) / batch, the gradient of the mean loss (thesis Eq. A.3, the softmax Eq. A.4).
     */
    void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits);

    /**
     * g = gradient + decay * w; v = momentum * v + g; w -= rate * v (PyTorch's SGD without dampening; with momentum and
     * decay 0 thesis Eq. 2.5).
     */
    void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w);

    /**
     * Adam (Kingma and Ba 2015) as PyTorch computes it: g = gradient + decay * w; m = beta1 m + (1 - beta1) g; v =
     * beta2 v + (1 - beta2) g^2; w -= step[0] * m / (sqrt(v) * step[1] + eps).
     *
     * @param step the two values of {@link #adamStep}, which lie in memory since they change from step to step of a
     *     {@link Recording}
     */
    void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            Floats step,
            Floats gradient,
            Floats m,
            Floats v,
            Floats w);

    /**
     * The factors of step t of {@link #adam}, counted from 1: rate / (1 - beta1^t) and 1 / sqrt(1 - beta2^t), to
     * {@code values}.
     */
    static void adamStep(float rate, float beta1, float beta2, int t, float[] values) {
        values[0] = (float) (rate / (1 - Math.pow(beta1, t)));
        values[1] = (float) (1 / Math.sqrt(1 - Math.pow(beta2, t)));
    }
}
