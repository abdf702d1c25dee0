package unweave.kernels;

/**
 * What training needs beside the layers: normalisation, the loss, the optimisers. Reductions run in float64 and in a
 * fixed order.
 */
public interface Training {
    /**
     * Batch normalisation with the statistics of the batch: mean[c] and variance[c] over all rows of x [rows,
     * channels], y = gamma * (x - mean) / sqrt(variance + eps) + beta. Updates running = (1 - momentum) * running +
     * momentum * statistic, with the unbiased variance (as PyTorch).
     *
     * @param savedMean channels values, written, for the backward pass
     * @param savedInverseStd 1 / sqrt(variance + eps), written, for the backward pass
     */
    void batchNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            float momentum,
            Floats runningMean,
            Floats runningVariance,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y);

    /**
     * The backward pass of {@link #batchNormForward}: with xhat = (x - mean) * inverseStd, dgamma = sum dy * xhat,
     * dbeta = sum dy, and dx = gamma * inverseStd * (dy - dbeta / rows - xhat * dgamma / rows).
     */
    void batchNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta);

    /**
     * y[r,c] = gamma[c] * (x[r,c] - mean[c]) / sqrt(variance[c] + eps) + beta[c]: batch normalisation outside training.
     */
    void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y);

    /**
     * Layer normalisation over the last axis (Ba et al. 2016): mean[r] and variance[r] of row r of x [rows, channels],
     * y = gamma * (x - mean) / sqrt(variance + eps) + beta, gamma and beta per channel.
     *
     * @param savedMean one value per row, written, for the backward pass
     * @param savedInverseStd 1 / sqrt(variance + eps), one value per row, written
     */
    void layerNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y);

    /**
     * The backward pass of {@link #layerNormForward}: with xhat = (x - mean) * inverseStd and g = gamma * dy, dx =
     * inverseStd * (g - mean_c g - xhat * mean_c(g * xhat)), dgamma = sum over rows: dy * xhat, dbeta = sum over rows:
     * dy.
     */
    void layerNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta);

    /**
     * losses[n] = log(sum_c exp(z[n,c])) - z[n, label[n]], stable for large logits, and dz[n,c] = (softmax(z)[n,c] - [c
     * = label[n]]) / batch, the gradient of the mean loss.
     */
    void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits);

    /** g = gradient + decay * w; v = momentum * v + g; w -= rate * v (PyTorch's SGD without dampening). */
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
     * What {@link #adam} needs of step t, counted from 1: rate / (1 - beta1^t) and 1 / sqrt(1 - beta2^t), to
     * {@code values}.
     */
    static void adamStep(float rate, float beta1, float beta2, int t, float[] values) {
        values[0] = (float) (rate / (1 - Math.pow(beta1, t)));
        values[1] = (float) (1 / Math.sqrt(1 - Math.pow(beta2, t)));
    }
}
