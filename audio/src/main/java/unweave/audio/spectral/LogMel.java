package unweave.audio.spectral;

import java.util.Arrays;
import unweave.audio.memory.WorkingMemory;
import unweave.audio.resample.ResamplingFilter;

/**
 * The front end of the networks: turns a waveform into the image that they see (Harck 2024, section 2.3 and A.1; the
 * peak by thesis Eq. A.1, the logarithm by thesis Eq. A.2, which is a twentieth of the decibels of Eq. 2.28).
 *
 * <pre>
 *   x / max |x|  ->  X = STFT  ->  M = W |X|  ->  max(floor, log10(M + offset)), the first frames kept
 * </pre>
 *
 * Images are [mels][frames], row after row; row 0 is the lowest frequency.
 *
 * <p>Immutable; several threads may use one instance at the same time.
 */
public final class LogMel implements FrontEnd {
    private final SpectrogramSettings settings;
    private final Stft stft;
    private final MelFilterBank filterBank;
    private final WorkingMemory<Memory> memory;

    /**
     * The arrays of one call: the normalised signal, the magnitudes of a frame and its mel bands, one band in all
     * frames.
     */
    private final class Memory {
        private final float[] signal = new float[settings.samples()];
        private final double[] magnitude = new double[stft.bins()];
        private final double[] bands = new double[settings.mels()];
        private final double[] row = new double[settings.frames()];
    }

    public LogMel(SpectrogramSettings settings) {
        this.settings = settings;
        this.stft = new Stft(settings.fftLength(), settings.hop(), settings.window());
        this.filterBank = new MelFilterBank(
                stft.bins(), settings.lowHz(), settings.highHz(), settings.mels(), settings.sampleRate());
        this.memory = new WorkingMemory<>(Memory::new);
    }

    @Override
    public int sampleRate() {
        return settings.sampleRate();
    }

    @Override
    public int samples() {
        return settings.samples();
    }

    @Override
    public int rows() {
        return settings.mels();
    }

    @Override
    public int columns() {
        return settings.frames();
    }

    @Override
    public double[] centreHz() {
        return filterBank.centreHz();
    }

    @Override
    public double secondsPerColumn() {
        return settings.secondsAt(1);
    }

    @Override
    public float[] input(float[] signal) {
        return logMel(signal);
    }

    @Override
    public float[] inputAtItsSize(float[] signal) {
        return logMel(stft.forward(signal));
    }

    @Override
    public ResamplingFilter resampling() {
        return settings.resampling();
    }

    /** The floor, to which silence is clamped. */
    @Override
    public float silence() {
        return (float) settings.floor();
    }

    /** Zero, as in the thesis (4.2.3). */
    @Override
    public float flipped() {
        return 0;
    }

    @Override
    public String unit() {
        return "log_{10} magnitude";
    }

    /** The settings that this front end was made with. */
    public SpectrogramSettings settings() {
        return settings;
    }

    /** The transform between signal and complex spectrogram. */
    public Stft stft() {
        return stft;
    }

    /** The filters between magnitude spectrum and mel bands. */
    public MelFilterBank filterBank() {
        return filterBank;
    }

    /**
     * Computes a network's input.
     *
     * @param signal at the settings' sample rate; if shorter than the settings' length zeros are appended, if longer it
     *     is cut. Not modified.
     * @return log-mel spectrogram, [mels][frames]
     * @throws IllegalArgumentException if the excerpt is silent or holds a value that is not a finite number
     */
    public float[] logMel(float[] signal) {
        float peak = peak(signal);
        int kept = settings.frames();
        float[] mel = new float[settings.mels() * kept];
        memory.use(own -> {
            normalise(signal, peak, own.signal);
            stft.magnitudes(own.signal, kept, own.magnitude, t -> {
                filterBank.apply(own.magnitude, own.bands);
                writeColumn(own.bands, mel, kept, t);
            });
        });
        return logarithm(mel);
    }

    /** As {@link #logMel(float[])}, keeping the intermediate results. */
    @Override
    public Analysis analyse(float[] signal) {
        float peak = peak(signal);
        float[] normalised = new float[settings.samples()];
        normalise(signal, peak, normalised);
        ComplexSpectrogram spectrogram = stft.forward(normalised);
        float[] mel = mel(spectrogram);
        return new Analysis(normalised, peak, spectrogram, mel, logarithm(mel.clone()));
    }

    /** Computes a network's input from a spectrogram, which may have been altered; see {@link #mel}. */
    public float[] logMel(ComplexSpectrogram spectrogram) {
        return logarithm(mel(spectrogram));
    }

    /**
     * Computes mel magnitudes.
     *
     * @param spectrogram [frames][bins]; frames beyond those kept are ignored, missing ones count as silence. Not
     *     modified.
     * @return M = W |X|, [mels][frames kept]
     */
    public float[] mel(ComplexSpectrogram spectrogram) {
        int kept = settings.frames();
        float[] mel = new float[settings.mels() * kept];
        memory.use(own -> {
            for (int t = 0; t < Math.min(kept, spectrogram.frames); t++) {
                spectrogram.magnitude(t, own.magnitude);
                filterBank.apply(own.magnitude, own.bands);
                writeColumn(own.bands, mel, kept, t);
            }
        });
        return mel;
    }

    /**
     * Computes mel magnitudes of a signal as it is, neither normalised nor cut.
     *
     * @param signal more than fftLength / 2 samples. Not modified.
     * @return M = W |X|, [mels][all frames of the signal]
     * @throws IllegalArgumentException if the signal is too short
     */
    public float[] mel(float[] signal) {
        stft.requireLength(signal);
        int frames = stft.frames(signal.length);
        float[] mel = new float[settings.mels() * frames];
        memory.use(own -> stft.magnitudes(signal, frames, own.magnitude, t -> {
            filterBank.apply(own.magnitude, own.bands);
            writeColumn(own.bands, mel, frames, t);
        }));
        return mel;
    }

    private static void writeColumn(double[] bands, float[] mel, int frames, int t) {
        for (int m = 0; m < bands.length; m++) {
            mel[m * frames + t] = (float) bands[m];
        }
    }

    /**
     * Makes a network's input of mel magnitudes: max(floor, log10(M + offset)).
     *
     * @param mel [mels][frames kept]. Overwritten.
     * @return {@code mel}
     */
    public float[] logarithm(float[] mel) {
        memory.use(own -> {
            for (int first = 0; first < mel.length; first += own.row.length) {
                logarithm(mel, first, own.row);
            }
        });
        return mel;
    }

    /** One row, in loops that the compiler can vectorise or overlap. */
    private void logarithm(float[] mel, int first, double[] row) {
        double offset = settings.logOffset();
        double floor = settings.floor();
        for (int t = 0; t < row.length; t++) {
            row[t] = mel[first + t];
        }
        for (int t = 0; t < row.length; t++) {
            row[t] = Math.log10(row[t] + offset);
        }
        for (int t = 0; t < row.length; t++) {
            mel[first + t] = (float) (row[t] < floor ? floor : row[t]);
        }
    }

    private float peak(float[] signal) {
        int length = Math.min(signal.length, settings.samples());
        float peak = 0;
        for (int s = 0; s < length; s++) {
            float size = Math.abs(signal[s]);
            if (!(size <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "sample " + s + " is " + signal[s] + ": every sample must be a finite number");
            }
            if (size > peak) {
                peak = size;
            }
        }
        if (peak == 0) {
            throw new IllegalArgumentException("silent: all " + length + " samples are zero");
        }
        return peak;
    }

    /** Scales the excerpt to a peak of 1; a short signal is padded with zeros. */
    private static void normalise(float[] signal, float peak, float[] normalised) {
        int length = Math.min(signal.length, normalised.length);
        for (int s = 0; s < length; s++) {
            normalised[s] = signal[s] / peak;
        }
        Arrays.fill(normalised, length, normalised.length, 0);
    }
}
