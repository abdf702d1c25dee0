package unweave.kernels;

/** Batch and layer normalisation. Reductions run in float64 and in a fixed order. */
public interface Normalization {
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
}
