package unweave.audio.spectral;

import java.util.Arrays;

/**
 * The discrete cosine transform that makes MFCCs of log-mel bands, as a matrix: a network that reads MFCCs becomes one
 * that reads the bands when this matrix is its first layer, and a relevance map then lies on the bands.
 *
 * <pre>
 *   c[n] = l[n] sum over m of s[n] cos(pi n (2 m + 1) / (2 M)) x[m],    n = 0 .. coefficients - 1
 *   y[n] = (c[n] - mean[n]) / deviation[n]
 * </pre>
 *
 * This is type II. Orthonormal, s[0] = sqrt(1 / M) and s[n] = sqrt(2 / M); otherwise s = 2, as SciPy and torchaudio
 * have it. The lifter l[n] = 1 + L / 2 sin(pi n / L) is that of HTK and Kaldi; l = 1 where L is 0.
 *
 * @param mels M, number of bands
 * @param coefficients number of coefficients kept, from the first on
 * @param orthonormal whether the rows have length 1
 * @param lifter L, 0 for none
 * @param mean of each coefficient, or one for all, or none. Not modified
 * @param deviation of each coefficient, or one for all, or none. Not modified
 */
public record Dct(int mels, int coefficients, boolean orthonormal, double lifter, double[] mean, double[] deviation) {
    /** @throws IllegalArgumentException if a number is out of range */
    public Dct {
        if (coefficients < 1 || coefficients > mels) {
            throw new IllegalArgumentException(
                    coefficients + " DCT coefficients: from " + mels + " bands 1 to " + mels + " can be had");
        }
        Limits.require(coefficients + " coefficients of " + mels + " bands", coefficients, mels);
        if (!(lifter >= 0) || Double.isInfinite(lifter)) {
            throw new IllegalArgumentException("lifter " + lifter + ": 0 for none, or a positive number is needed");
        }
        mean = Levels.perBin("mean", mean, coefficients, "coefficients");
        deviation = Levels.deviations(deviation, coefficients, "coefficients");
    }

    /** Returns the matrix with lifter and deviations in it, [coefficients][mels]. */
    public float[][] matrix() {
        float[][] matrix = new float[coefficients][mels];
        for (int n = 0; n < coefficients; n++) {
            double scale = orthonormal ? Math.sqrt((n == 0 ? 1.0 : 2.0) / mels) : 2;
            double lift = lifter == 0 ? 1 : 1 + lifter / 2 * Math.sin(Math.PI * n / lifter);
            for (int m = 0; m < mels; m++) {
                double cosine = Math.cos(Math.PI * n * (2 * m + 1) / (2.0 * mels));
                matrix[n][m] = (float) (lift * scale * cosine / Levels.at(deviation, n, 1));
            }
        }
        return matrix;
    }

    /** Returns what is added to the product, - mean / deviation, [coefficients]. */
    public float[] bias() {
        float[] bias = new float[coefficients];
        for (int n = 0; n < coefficients; n++) {
            double value = Levels.at(mean, n, 0) / Levels.at(deviation, n, 1);
            bias[n] = value == 0 ? 0 : (float) -value;
        }
        return bias;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dct dct
                && mels == dct.mels
                && coefficients == dct.coefficients
                && orthonormal == dct.orthonormal
                && lifter == dct.lifter
                && Arrays.equals(mean, dct.mean)
                && Arrays.equals(deviation, dct.deviation);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(mean) + 31 * Arrays.hashCode(deviation) + 17 * coefficients + mels;
    }

    @Override
    public String toString() {
        return "DCT to " + coefficients + " of " + mels + " bands";
    }
}
