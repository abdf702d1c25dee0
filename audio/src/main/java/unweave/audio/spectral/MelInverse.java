package unweave.audio.spectral;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Turns mel bands back into a non-negative magnitude spectrogram. A filter bank W has fewer filters than bins, so there
 * is no inverse; two approximations are offered (Harck 2024, section 3.3):
 *
 * <ul>
 *   <li>{@link Method#PSEUDO_INVERSE}: |X| = W+ M, where column m of W+ solves min |W x - e_m| over x >= 0 (Eq. 3.14).
 *       It is found once per filter bank.
 *   <li>{@link Method#LEAST_SQUARES}: for every frame t, min |W x - M_t| over x >= 0. Slower, and never further from M.
 * </ul>
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class MelInverse {
    /** How a magnitude spectrum is found. */
    public enum Method {
        /** A product with the non-negative pseudo-inverse. */
        PSEUDO_INVERSE,
        /** The best non-negative fit of each frame. */
        LEAST_SQUARES
    }

    private final MelFilterBank bank;
    /** W+ by columns: the non-zero entries of column m and their bins. */
    private final double[][] values;

    private final int[][] bins;

    public MelInverse(MelFilterBank bank) {
        this.bank = bank;
        this.values = new double[bank.mels()][];
        this.bins = new int[bank.mels()][];
        MelLeastSquares problem = new MelLeastSquares(bank);
        double[] unit = new double[bank.mels()];
        double[] column = new double[bank.bins()];
        for (int m = 0; m < unit.length; m++) {
            Arrays.fill(unit, 0);
            unit[m] = 1;
            problem.solve(unit, column);
            bins[m] = nonZero(column);
            values[m] = Arrays.stream(bins[m]).mapToDouble(b -> column[b]).toArray();
        }
    }

    /** Returns W+, [bins][mels]. */
    public double[][] pseudoInverse() {
        double[][] matrix = new double[bank.bins()][bank.mels()];
        for (int m = 0; m < values.length; m++) {
            for (int i = 0; i < values[m].length; i++) {
                matrix[bins[m][i]][m] = values[m][i];
            }
        }
        return matrix;
    }

    /**
     * Computes a magnitude spectrogram.
     *
     * @param mel [mels][frames], not negative. Not modified.
     * @param frames number of frames
     * @return [frames][bins], not negative
     * @throws IllegalArgumentException if the size of {@code mel} does not fit, or if it holds NaN or infinity
     */
    public float[] magnitude(float[] mel, int frames, Method method) {
        if (mel.length != bank.mels() * frames) {
            throw new IllegalArgumentException(
                    mel.length + " mel values: " + bank.mels() + " bands x " + frames + " frames are needed");
        }
        float[] magnitude = new float[frames * bank.bins()];
        FrameInverse inverse = frameInverse(method);
        for (int t = 0; t < frames; t++) {
            inverse.magnitude(mel, frames, t, magnitude, t * bank.bins());
        }
        return magnitude;
    }

    /** Returns an inverse for one frame at a time. */
    public FrameInverse frameInverse(Method method) {
        return new FrameInverse(method);
    }

    /** Inverts one frame after another. Holds working memory: for one thread at a time. */
    public final class FrameInverse {
        private final Method method;
        private final MelLeastSquares problem = new MelLeastSquares(bank);
        private final double[] bands = new double[bank.mels()];
        private final double[] spectrum = new double[bank.bins()];

        private FrameInverse(Method method) {
            this.method = method;
        }

        /**
         * Computes the magnitude spectrum of frame t.
         *
         * @param mel [mels][frames], not negative. Not modified.
         * @param magnitude the spectrum's bins are overwritten from {@code at} on, each not negative
         * @throws IllegalArgumentException if the frame holds NaN or infinity
         */
        public void magnitude(float[] mel, int frames, int t, float[] magnitude, int at) {
            if (!readFrame(mel, frames, t, bands)) {
                Arrays.fill(magnitude, at, at + spectrum.length, 0);
                return;
            }
            if (method == Method.PSEUDO_INVERSE) {
                multiply(bands, spectrum);
            } else {
                problem.solve(bands, spectrum);
            }
            for (int b = 0; b < spectrum.length; b++) {
                magnitude[at + b] = (float) spectrum[b];
            }
        }
    }

    /** Copies one frame; false if it is all zero. */
    private static boolean readFrame(float[] mel, int frames, int t, double[] bands) {
        boolean anything = false;
        for (int m = 0; m < bands.length; m++) {
            float value = mel[m * frames + t];
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "mel band " + m + ", frame " + t + " is " + value + ": every value must be a finite number");
            }
            bands[m] = value;
            anything |= value != 0;
        }
        return anything;
    }

    private void multiply(double[] bands, double[] spectrum) {
        Arrays.fill(spectrum, 0);
        for (int m = 0; m < bands.length; m++) {
            int[] rows = bins[m];
            double[] column = values[m];
            double band = bands[m];
            for (int i = 0; i < rows.length; i++) {
                spectrum[rows[i]] += band * column[i];
            }
        }
    }

    private static int[] nonZero(double[] column) {
        return IntStream.range(0, column.length).filter(b -> column[b] != 0).toArray();
    }
}
