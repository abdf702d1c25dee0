package unweave.audio.spectral;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jtransforms.fft.FloatFFT_1D;
import org.jtransforms.utils.CommonUtils;
import unweave.audio.memory.WorkingMemory;

/**
 * The short-time Fourier transform and its inverse (Harck 2024, Eq. 2.21 and 3.17), in the conventions of PyTorch's
 * {@code torch.stft} and {@code torch.istft} with a window as long as the transform:
 *
 * <pre>
 *   X[t, b] = sum over n of w[n] x[t hop + n - N/2] exp(-2 pi i b n / N),   b = 0 .. N/2,  t = 0 .. length / hop
 *   x[s]    = (sum over t of w[n] v_t[n]) / (sum over t of w[n]^2),         n = s - t hop + N/2,
 *             v_t the inverse DFT of X[t], with its factor 1/N (Eq. 3.18)
 * </pre>
 *
 * Frames are centred on the multiples of the hop, the signal is continued by reflection at both ends (the edge sample
 * is not repeated), and nothing is scaled. Other {@link Edges} can be chosen; without centring, N/2 above becomes 0.
 * The second line is the signal whose transform is nearest to X in the least-squares sense (Griffin and Lim 1984); it
 * is the original signal when X is a transform.
 *
 * <p>Immutable; several threads may use one instance at the same time. Each call computes on the calling thread only.
 */
public final class Stft {
    /** Below this sum of squared windows a sample counts as not covered by any frame. */
    private static final double NOT_COVERED = 1e-11;

    static {
        // JTransforms would split long transforms over a thread pool of its own. Callers run in parallel over signals
        // already.
        CommonUtils.setThreadsBeginN_1D_FFT_2Threads(Long.MAX_VALUE);
        CommonUtils.setThreadsBeginN_1D_FFT_4Threads(Long.MAX_VALUE);
    }

    private final int fftLength;
    private final int hop;
    private final Edges edges;
    private final int frameLength;
    /** Samples of a frame before the multiple of the hop that it belongs to. */
    private final int before;

    private final float[] window;
    private final float[] squaredWindow;
    private final FloatFFT_1D fft;
    private final WorkingMemory<Memory> memory;

    /** Makes the spectra of an inverse transform, one frame after another. */
    @FunctionalInterface
    public interface Spectra {
        /**
         * Writes the spectrum of frame t.
         *
         * @param t the frame
         * @param re [bins], real parts. To be overwritten.
         * @param im [bins], imaginary parts. To be overwritten.
         */
        void frame(int t, float[] re, float[] im);
    }

    /** The arrays of one call: a frame, its spectrum, and the sums of overlapping frames that are not yet complete. */
    private final class Memory {
        private final float[] frame = new float[fftLength];
        private final float[] re = new float[bins()];
        private final float[] im = new float[bins()];
        private final double[] sum = new double[fftLength];
        private final double[] squaredWindows = new double[fftLength];
    }

    /**
     * @param fftLength window and transform length N in samples, even
     * @param hop distance between frames in samples, at least 1
     * @throws IllegalArgumentException if either is out of range
     */
    public Stft(int fftLength, int hop, Window window) {
        this(window.samples(requireLengths(fftLength, hop)), hop, Edges.REFLECT, fftLength);
    }

    /**
     * A transform with a window of any kind.
     *
     * @param window the window among the zeros that fill the frame, as long as the transform, an even number. Not
     *     modified
     * @param hop distance between frames in samples, at least 1
     * @param frameLength samples that a frame needs where it must lie inside the signal
     * @throws IllegalArgumentException if a number is out of range
     */
    Stft(float[] window, int hop, Edges edges, int frameLength) {
        this.fftLength = requireLengths(window.length, hop);
        this.hop = hop;
        this.edges = edges;
        this.frameLength = frameLength;
        this.before = edges == Edges.NONE ? 0 : fftLength / 2;
        this.window = window.clone();
        this.squaredWindow = new float[fftLength];
        for (int n = 0; n < fftLength; n++) {
            squaredWindow[n] = this.window[n] * this.window[n];
        }
        this.fft = new FloatFFT_1D(fftLength);
        this.memory = new WorkingMemory<>(Memory::new);
    }

    private static int requireLengths(int fftLength, int hop) {
        if (fftLength < 2 || fftLength % 2 != 0) {
            throw new IllegalArgumentException(
                    "FFT length " + fftLength + ": an even number of samples, 2 or more, is needed");
        }
        if (hop < 1) {
            throw new IllegalArgumentException("hop " + hop + ": must be at least 1 sample");
        }
        return fftLength;
    }

    /** Number of frequency bins, fftLength / 2 + 1; bin b stands for b * sampleRate / fftLength Hz. */
    public int bins() {
        return fftLength / 2 + 1;
    }

    /** Number of frames that a signal of {@code samples} samples gives: 1 + samples / hop, rounded down, if centred. */
    public int frames(int samples) {
        if (edges != Edges.NONE) {
            return 1 + samples / hop;
        }
        return samples < frameLength ? 0 : 1 + (samples - frameLength) / hop;
    }

    /**
     * Transforms a signal.
     *
     * @param signal more than fftLength / 2 samples (reflection needs them). Not modified.
     * @throws IllegalArgumentException if the signal is too short
     */
    public ComplexSpectrogram forward(float[] signal) {
        requireLength(signal);
        ComplexSpectrogram spectrogram = new ComplexSpectrogram(frames(signal.length), bins());
        memory.use(own -> {
            for (int t = 0; t < spectrogram.frames; t++) {
                cut(signal, t * hop - before, own.frame);
                fft.realForward(own.frame);
                unpack(own.frame, spectrogram, t);
            }
        });
        return spectrogram;
    }

    void requireLength(float[] signal) {
        if (edges == Edges.REFLECT && signal.length <= fftLength / 2) {
            throw new IllegalArgumentException("signal of " + signal.length + " samples: a transform of length "
                    + fftLength + " needs more than " + fftLength / 2);
        }
    }

    /**
     * Transforms a signal's first frames and keeps their magnitudes only.
     *
     * @param signal more than fftLength / 2 samples, at least hop * (frames - 1) of them. Not modified.
     * @param magnitude [bins], overwritten with each frame's magnitudes, rounded to float, before {@code use} is called
     *     with the frame's number
     */
    void magnitudes(float[] signal, int frames, double[] magnitude, IntConsumer use) {
        memory.use(own -> {
            for (int t = 0; t < frames; t++) {
                cut(signal, t * hop - before, own.frame);
                fft.realForward(own.frame);
                unpackMagnitude(own.frame, magnitude);
                use.accept(t);
            }
        });
    }

    /**
     * Transforms a signal's first frames, each of them changed between signal and window, and keeps their powers only.
     *
     * @param signal as long as its frames need. Not modified.
     * @param change is given each frame before the window is laid on it, [fftLength], and may modify it
     * @param power [bins], overwritten with each frame's powers before {@code use} is called with the frame's number
     */
    void powers(float[] signal, int frames, Consumer<float[]> change, double[] power, IntConsumer use) {
        memory.use(own -> {
            for (int t = 0; t < frames; t++) {
                copy(signal, t * hop - before, own.frame);
                change.accept(own.frame);
                for (int n = 0; n < fftLength; n++) {
                    own.frame[n] *= window[n];
                }
                fft.realForward(own.frame);
                unpackPower(own.frame, power);
                use.accept(t);
            }
        });
    }

    /** Inverts a spectrogram to hop * (frames - 1) samples: up to the centre of the last frame. */
    public float[] inverse(ComplexSpectrogram spectrogram) {
        return inverse(spectrogram, hop * (spectrogram.frames - 1));
    }

    /**
     * Inverts a spectrogram. The imaginary parts of the first and last bin, zero for any real signal, are ignored.
     *
     * @param spectrogram [frames][bins], bins = fftLength / 2 + 1. Not modified.
     * @param length samples to return; those that no window covers are zero
     * @throws IllegalArgumentException if the number of bins does not fit this transform
     */
    public float[] inverse(ComplexSpectrogram spectrogram, int length) {
        if (spectrogram.bins != bins()) {
            throw new IllegalArgumentException("spectrogram of " + spectrogram.bins + " bins: a transform of length "
                    + fftLength + " needs " + bins());
        }
        int bins = spectrogram.bins;
        return inverse(spectrogram.frames, length, (t, re, im) -> {
            System.arraycopy(spectrogram.re, t * bins, re, 0, bins);
            System.arraycopy(spectrogram.im, t * bins, im, 0, bins);
        });
    }

    /**
     * Inverts spectra that are made when they are needed.
     *
     * @param frames number of frames
     * @param length samples to return; those that no window covers are zero
     * @param spectra is asked for each frame in turn
     */
    public float[] inverse(int frames, int length, Spectra spectra) {
        float[] signal = new float[length];
        memory.use(own -> {
            Arrays.fill(own.sum, 0);
            Arrays.fill(own.squaredWindows, 0);
            for (int t = 0; t < frames; t++) {
                spectra.frame(t, own.re, own.im);
                pack(own.re, own.im, own.frame);
                fft.realInverse(own.frame, true);
                overlapAdd(own);
                int complete = t + 1 < frames ? Math.min(hop, fftLength) : fftLength;
                write(own, complete, signal, t * hop - before);
                shift(own.sum, complete);
                shift(own.squaredWindows, complete);
            }
        });
        return signal;
    }

    private void cut(float[] signal, int start, float[] frame) {
        if (start >= 0 && start + fftLength <= signal.length) {
            for (int n = 0; n < fftLength; n++) {
                frame[n] = window[n] * signal[start + n];
            }
            return;
        }
        for (int n = 0; n < fftLength; n++) {
            frame[n] = window[n] * at(signal, start + n);
        }
    }

    private void copy(float[] signal, int start, float[] frame) {
        if (start >= 0 && start + fftLength <= signal.length) {
            System.arraycopy(signal, start, frame, 0, fftLength);
            return;
        }
        for (int n = 0; n < fftLength; n++) {
            frame[n] = at(signal, start + n);
        }
    }

    /** The signal, continued beyond its ends. */
    private float at(float[] signal, int s) {
        int last = signal.length - 1;
        if (s >= 0 && s <= last) {
            return signal[s];
        }
        return switch (edges) {
            case REFLECT -> signal[s < 0 ? -s : 2 * last - s];
            case REPLICATE -> signal[s < 0 ? 0 : last];
            case ZERO, NONE -> 0;
        };
    }

    private void overlapAdd(Memory own) {
        float[] frame = own.frame;
        double[] sum = own.sum;
        double[] squaredWindows = own.squaredWindows;
        for (int n = 0; n < fftLength; n++) {
            sum[n] += window[n] * frame[n];
            squaredWindows[n] += squaredWindow[n];
        }
    }

    /** Writes the samples that no later frame touches to the signal from {@code start} on, as far as they lie in it. */
    private static void write(Memory own, int complete, float[] signal, int start) {
        int end = Math.min(complete, signal.length - start);
        for (int n = Math.max(0, -start); n < end; n++) {
            signal[start + n] = own.squaredWindows[n] > NOT_COVERED ? (float) (own.sum[n] / own.squaredWindows[n]) : 0;
        }
    }

    private static void shift(double[] values, int by) {
        System.arraycopy(values, by, values, 0, values.length - by);
        Arrays.fill(values, values.length - by, values.length, 0);
    }

    /** JTransforms packs the half spectrum of a real signal as Re 0, Re N/2, Re 1, Im 1, Re 2, Im 2 ... */
    private void unpack(float[] packed, ComplexSpectrogram spectrogram, int t) {
        int row = t * spectrogram.bins;
        int nyquist = fftLength / 2;
        spectrogram.re[row] = packed[0];
        spectrogram.re[row + nyquist] = packed[1];
        for (int b = 1; b < nyquist; b++) {
            spectrogram.re[row + b] = packed[2 * b];
            spectrogram.im[row + b] = packed[2 * b + 1];
        }
    }

    private void unpackMagnitude(float[] packed, double[] magnitude) {
        unpackPower(packed, magnitude);
        ComplexSpectrogram.powerToMagnitude(magnitude);
    }

    private void unpackPower(float[] packed, double[] power) {
        int nyquist = fftLength / 2;
        power[0] = ComplexSpectrogram.power(packed[0], 0);
        power[nyquist] = ComplexSpectrogram.power(packed[1], 0);
        for (int b = 1; b < nyquist; b++) {
            power[b] = ComplexSpectrogram.power(packed[2 * b], packed[2 * b + 1]);
        }
    }

    private void pack(float[] re, float[] im, float[] packed) {
        int nyquist = fftLength / 2;
        packed[0] = re[0];
        packed[1] = re[nyquist];
        for (int b = 1; b < nyquist; b++) {
            packed[2 * b] = re[b];
            packed[2 * b + 1] = im[b];
        }
    }
}
