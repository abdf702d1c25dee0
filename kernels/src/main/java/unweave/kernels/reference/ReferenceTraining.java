package unweave.kernels.reference;

import java.util.Arrays;

/** The definitions of {@link unweave.kernels.Normalization} and {@link unweave.kernels.Training}. */
public final class ReferenceTraining {
    private ReferenceTraining() {}

    /** See {@link unweave.kernels.Normalization#batchNormForward}. */
    public static void batchNormForward(
            int channels,
            double[] x,
            double[] gamma,
            double[] beta,
            double eps,
            double momentum,
            double[] runningMean,
            double[] runningVariance,
            double[] savedMean,
            double[] savedInverseStd,
            double[] y) {
        int rows = x.length / channels;
        for (int c = 0; c < channels; c++) {
            double mean = 0;
            for (int r = 0; r < rows; r++) {
                mean += x[r * channels + c] / rows;
            }
            double variance = 0;
            for (int r = 0; r < rows; r++) {
                variance += Math.pow(x[r * channels + c] - mean, 2) / rows;
            }
            runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean;
            runningVariance[c] = (1 - momentum) * runningVariance[c] + momentum * variance * rows / (rows - 1);
            savedMean[c] = mean;
            savedInverseStd[c] = 1 / Math.sqrt(variance + eps);
            for (int r = 0; r < rows; r++) {
                y[r * channels + c] = gamma[c] * (x[r * channels + c] - mean) * savedInverseStd[c] + beta[c];
            }
        }
    }

    /** See {@link unweave.kernels.Normalization#batchNormBackward}. */
    public static void batchNormBackward(
            int channels,
            double[] x,
            double[] gamma,
            double[] savedMean,
            double[] savedInverseStd,
            double[] dy,
            double[] dx,
            double[] dgamma,
            double[] dbeta) {
        int rows = x.length / channels;
        for (int c = 0; c < channels; c++) {
            dgamma[c] = 0;
            dbeta[c] = 0;
            for (int r = 0; r < rows; r++) {
                double xhat = (x[r * channels + c] - savedMean[c]) * savedInverseStd[c];
                dgamma[c] += dy[r * channels + c] * xhat;
                dbeta[c] += dy[r * channels + c];
            }
            for (int r = 0; r < rows; r++) {
                double xhat = (x[r * channels + c] - savedMean[c]) * savedInverseStd[c];
                dx[r * channels + c] = gamma[c]
                        * savedInverseStd[c]
                        * (dy[r * channels + c] - dbeta[c] / rows - xhat * dgamma[c] / rows);
            }
        }
    }

    /** See {@link unweave.kernels.Normalization#batchNormInference}. */
    public static void batchNormInference(
            int channels,
            double[] x,
            double[] gamma,
            double[] beta,
            double eps,
            double[] mean,
            double[] variance,
            double[] y) {
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            y[i] = gamma[c] * (x[i] - mean[c]) / Math.sqrt(variance[c] + eps) + beta[c];
        }
    }

    /** See {@link unweave.kernels.Normalization#layerNormForward}. */
    public static void layerNormForward(
            int channels,
            double[] x,
            double[] gamma,
            double[] beta,
            double eps,
            double[] savedMean,
            double[] savedInverseStd,
            double[] y) {
        for (int r = 0; r < x.length / channels; r++) {
            double[] row = Arrays.copyOfRange(x, r * channels, (r + 1) * channels);
            double mean = Arrays.stream(row).sum() / channels;
            double variance =
                    Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / channels;
            savedMean[r] = mean;
            savedInverseStd[r] = 1 / Math.sqrt(variance + eps);
            for (int c = 0; c < channels; c++) {
                y[r * channels + c] = gamma[c] * (row[c] - mean) * savedInverseStd[r] + beta[c];
            }
        }
    }

    /** See {@link unweave.kernels.Normalization#layerNormBackward}. */
    public static void layerNormBackward(
            int channels,
            double[] x,
            double[] gamma,
            double[] savedMean,
            double[] savedInverseStd,
            double[] dy,
            double[] dx,
            double[] dgamma,
            double[] dbeta) {
        Arrays.fill(dgamma, 0);
        Arrays.fill(dbeta, 0);
        for (int r = 0; r < x.length / channels; r++) {
            double meanG = 0;
            double meanGx = 0;
            for (int c = 0; c < channels; c++) {
                int i = r * channels + c;
                double xhat = (x[i] - savedMean[r]) * savedInverseStd[r];
                meanG += gamma[c] * dy[i] / channels;
                meanGx += gamma[c] * dy[i] * xhat / channels;
                dgamma[c] += dy[i] * xhat;
                dbeta[c] += dy[i];
            }
            for (int c = 0; c < channels; c++) {
                int i = r * channels + c;
                double xhat = (x[i] - savedMean[r]) * savedInverseStd[r];
                dx[i] = savedInverseStd[r] * (gamma[c] * dy[i] - meanG - xhat * meanGx);
            }
        }
    }

    /** See {@link unweave.kernels.Training#softmaxCrossEntropy}. */
    public static void softmaxCrossEntropy(
            int classes, double[] logits, int[] labels, double[] losses, double[] dlogits) {
        for (int n = 0; n < labels.length; n++) {
            double[] z = Arrays.copyOfRange(logits, n * classes, (n + 1) * classes);
            double largest = Arrays.stream(z).max().getAsDouble();
            double sum = Arrays.stream(z).map(v -> Math.exp(v - largest)).sum();
            losses[n] = largest + Math.log(sum) - z[labels[n]];
            for (int c = 0; c < classes; c++) {
                dlogits[n * classes + c] = (Math.exp(z[c] - largest) / sum - (c == labels[n] ? 1 : 0)) / labels.length;
            }
        }
    }

    /** See {@link unweave.kernels.Training#sgd}. */
    public static void sgd(
            double rate, double momentum, double decay, double[] gradient, double[] velocity, double[] w) {
        for (int i = 0; i < w.length; i++) {
            double g = gradient[i] + decay * w[i];
            velocity[i] = momentum * velocity[i] + g;
            w[i] -= rate * velocity[i];
        }
    }

    /** See {@link unweave.kernels.Training#adam}, of step t. */
    public static void adam(
            double rate,
            double beta1,
            double beta2,
            double eps,
            double decay,
            int t,
            double[] gradient,
            double[] m,
            double[] v,
            double[] w) {
        for (int i = 0; i < w.length; i++) {
            double g = gradient[i] + decay * w[i];
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            double unbiasedMean = m[i] / (1 - Math.pow(beta1, t));
            double unbiasedSquare = v[i] / (1 - Math.pow(beta2, t));
            w[i] -= rate * unbiasedMean / (Math.sqrt(unbiasedSquare) + eps);
        }
    }
}
