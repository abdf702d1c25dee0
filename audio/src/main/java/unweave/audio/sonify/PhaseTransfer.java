package unweave.audio.sonify;

import java.util.Arrays;
import unweave.audio.spectral.ComplexSpectrogram;

/**
 * Gives magnitudes the phases of another spectrum, |Y| X / |X| (Harck 2024, Eq. 3.16; X / |X| is exp(i phase) with the
 * phase of Eq. 2.24). Where X is zero there is no phase, and the result is zero.
 *
 * <p>Most magnitudes of a mel inverse are zero, so the others are gathered first. Roots and quotients then run in loops
 * that the compiler vectorises. Conversions between float and double have loops of their own: on JDK 17 each of them
 * depends on the one before.
 *
 * <p>Holds working memory: one instance per thread.
 */
final class PhaseTransfer {
    private final int[] bin;
    private final double[] size;
    private final double[] x;
    private final double[] y;
    private final double[] length;

    PhaseTransfer(int bins) {
        bin = new int[bins];
        size = new double[bins];
        x = new double[bins];
        y = new double[bins];
        length = new double[bins];
    }

    /**
     * @param magnitude |Y|, [bins], not negative. Not modified.
     * @param phases X is its frame t. Not modified.
     * @param re [bins], real parts. Overwritten.
     * @param im [bins], imaginary parts. Overwritten.
     */
    void apply(float[] magnitude, ComplexSpectrogram phases, int t, float[] re, float[] im) {
        int count = 0;
        for (int b = 0; b < magnitude.length; b++) {
            bin[count] = b;
            count += magnitude[b] > 0 ? 1 : 0;
        }
        int row = t * phases.bins;
        for (int i = 0; i < count; i++) {
            size[i] = magnitude[bin[i]];
            x[i] = phases.re[row + bin[i]];
            y[i] = phases.im[row + bin[i]];
        }
        divide(count);
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        for (int i = 0; i < count; i++) {
            if (length[i] > 0) {
                re[bin[i]] = (float) x[i];
                im[bin[i]] = (float) y[i];
            }
        }
    }

    /** {@code x, y <- size x / length, size y / length}: not a number where the length is zero. */
    private void divide(int count) {
        for (int i = 0; i < count; i++) {
            length[i] = Math.sqrt(x[i] * x[i] + y[i] * y[i]);
        }
        for (int i = 0; i < count; i++) {
            x[i] = size[i] * x[i] / length[i];
            y[i] = size[i] * y[i] / length[i];
        }
    }
}
