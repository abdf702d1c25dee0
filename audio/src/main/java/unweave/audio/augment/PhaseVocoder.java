package unweave.audio.augment;

import java.util.Arrays;
import unweave.audio.spectral.ComplexSpectrogram;

/**
 * Changes the speed of a sound without its pitch (Flanagan and Golden 1966; the definition and the rounding of times
 * are those of {@code torchaudio.functional.phase_vocoder}). Output frame i lies at p = i rate of the input, t =
 * floor(p), a = p - t:
 *
 * <pre>
 *   |Y_i|     = (1 - a) |X_t| + a |X_t+1|
 *   arg Y_0   = arg X_0,    arg Y_i+1 = arg Y_i + arg X_t+1 - arg X_t
 * </pre>
 *
 * frames beyond the end being zero, with phase zero. Textbooks take the phase step relative to that of the bin's centre
 * frequency and wrap it into (-pi, pi]. Input and output have the same hop, so that changes the step by whole turns
 * only, and no angle is needed: with u(z) = z / |z| and u(0) = 1, the phase is the product
 *
 * <pre>
 *   u(Y_i+1) = u(Y_i) u(X_t+1) conj(u(X_t))
 * </pre>
 */
public final class PhaseVocoder {
    private final ComplexSpectrogram x;
    private final double rate;
    /** X_t and X_t+1. */
    private Frame left;

    private Frame right;
    private final double[] phaseReal;
    private final double[] phaseImaginary;
    private final double[] size;

    /** X_t = magnitude u(X_t) of all bins; t is -1 at first. */
    private static final class Frame {
        private final double[] real;
        private final double[] imaginary;
        private final double[] magnitude;
        private int t = -1;

        Frame(int bins) {
            real = new double[bins];
            imaginary = new double[bins];
            magnitude = new double[bins];
        }

        void set(ComplexSpectrogram x, int t) {
            this.t = t;
            if (t >= x.frames) {
                Arrays.fill(real, 1);
                Arrays.fill(imaginary, 0);
                Arrays.fill(magnitude, 0);
                return;
            }
            for (int bin = 0; bin < x.bins; bin++) {
                real[bin] = x.re[t * x.bins + bin];
                imaginary[bin] = x.im[t * x.bins + bin];
            }
            for (int bin = 0; bin < x.bins; bin++) {
                magnitude[bin] = Math.sqrt(real[bin] * real[bin] + imaginary[bin] * imaginary[bin]);
            }
            for (int bin = 0; bin < x.bins; bin++) {
                double scale = 1 / magnitude[bin];
                real[bin] = magnitude[bin] > 0 ? real[bin] * scale : 1;
                imaginary[bin] = magnitude[bin] > 0 ? imaginary[bin] * scale : 0;
            }
        }
    }

    /**
     * A vocoder for one spectrogram.
     *
     * @param spectrogram a short-time Fourier transform. Not modified.
     * @param rate speed; 2 is twice as fast and has half as many frames
     * @throws IllegalArgumentException unless the rate is positive and finite
     */
    PhaseVocoder(ComplexSpectrogram spectrogram, double rate) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("cannot stretch by a rate of " + rate + "; it must be positive");
        }
        this.x = spectrogram;
        this.rate = rate;
        this.left = new Frame(x.bins);
        this.right = new Frame(x.bins);
        this.size = new double[x.bins];
        left.set(x, 0);
        this.phaseReal = left.real.clone();
        this.phaseImaginary = left.imaginary.clone();
    }

    /** Number of frames that {@code frames} frames become: ceil(frames / rate). */
    public static int stretchedFrames(int frames, double rate) {
        return (int) Math.ceil(frames / rate);
    }

    /**
     * Where output frame i lies in the input. Rounded to float, as in torchaudio: 100 x 1.15 is then frame 115, not the
     * end of frame 114 with its phase step.
     */
    static float position(int i, double rate) {
        return (float) (i * rate);
    }

    /**
     * Changes the speed of a spectrogram and keeps its pitch.
     *
     * @param spectrogram a short-time Fourier transform. Not modified.
     * @param rate speed; 2 is twice as fast and has half as many frames
     * @return {@link #stretchedFrames} frames of the same bins
     * @throws IllegalArgumentException unless the rate is positive and finite
     */
    public static ComplexSpectrogram stretch(ComplexSpectrogram spectrogram, double rate) {
        PhaseVocoder vocoder = new PhaseVocoder(spectrogram, rate);
        int bins = spectrogram.bins;
        ComplexSpectrogram stretched = new ComplexSpectrogram(stretchedFrames(spectrogram.frames, rate), bins);
        float[] re = new float[bins];
        float[] im = new float[bins];
        for (int i = 0; i < stretched.frames; i++) {
            vocoder.next(i, re, im);
            System.arraycopy(re, 0, stretched.re, i * bins, bins);
            System.arraycopy(im, 0, stretched.im, i * bins, bins);
        }
        return stretched;
    }

    /**
     * Makes one frame of the result, in the order of frames. The loops run over bins, which are neighbours in memory,
     * so that the compiler can vectorise them.
     *
     * @param i the frame, 0 in the first call and one more in each
     * @param re [bins], real parts. Overwritten.
     * @param im [bins], imaginary parts. Overwritten.
     */
    void next(int i, float[] re, float[] im) {
        float position = position(i, rate);
        int t = (int) position;
        double a = position - t;
        moveTo(t);
        for (int bin = 0; bin < size.length; bin++) {
            size[bin] = (1 - a) * left.magnitude[bin] + a * right.magnitude[bin];
        }
        for (int bin = 0; bin < size.length; bin++) {
            re[bin] = (float) (size[bin] * phaseReal[bin]);
            im[bin] = (float) (size[bin] * phaseImaginary[bin]);
        }
        turn(left.real, left.imaginary, right.real, right.imaginary);
    }

    /** Most frames of the input are needed for several of the result. */
    private void moveTo(int t) {
        if (right.t == t) {
            Frame past = left;
            left = right;
            right = past;
        } else if (left.t != t) {
            left.set(x, t);
        }
        if (right.t != t + 1) {
            right.set(x, t + 1);
        }
    }

    /** Adds the phase step between two frames to the phases. */
    private void turn(double[] fromReal, double[] fromImaginary, double[] toReal, double[] toImaginary) {
        for (int bin = 0; bin < size.length; bin++) {
            double stepReal = toReal[bin] * fromReal[bin] + toImaginary[bin] * fromImaginary[bin];
            double stepImaginary = toImaginary[bin] * fromReal[bin] - toReal[bin] * fromImaginary[bin];
            double turned = phaseReal[bin] * stepReal - phaseImaginary[bin] * stepImaginary;
            phaseImaginary[bin] = phaseReal[bin] * stepImaginary + phaseImaginary[bin] * stepReal;
            phaseReal[bin] = turned;
        }
    }
}
