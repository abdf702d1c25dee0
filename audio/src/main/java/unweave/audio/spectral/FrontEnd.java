package unweave.audio.spectral;

import java.util.Optional;
import unweave.audio.resample.ResamplingFilter;

/**
 * How a sound becomes a network's input, an image of {@link #rows} x {@link #columns} values, row after row, row 0 the
 * lowest frequency. A relevance map has the same size.
 *
 * <p>Implementations are immutable; several threads may use one at the same time.
 */
public interface FrontEnd {
    /**
     * A sound on its way to the network's input.
     *
     * @param signal what is transformed, as long as the input: cut, padded and divided by its size where the front end
     *     does so
     * @param peak the excerpt's largest absolute value before it was divided
     * @param spectrogram the short-time Fourier transform of {@code signal}, all frames
     * @param mel band values before the logarithm, [rows][columns]; the signal itself where there are no bands
     * @param input the network's input, [rows][columns]
     */
    record Analysis(float[] signal, float peak, ComplexSpectrogram spectrogram, float[] mel, float[] input) {}

    /** Rate of the sounds, in Hz. */
    int sampleRate();

    /** Length of one input, in samples; longer sounds are cut, shorter ones padded with zeros. */
    int samples();

    /** Rows of the input: mel bands or frequency bins, 1 for a waveform. */
    int rows();

    /** Columns of the input: frames, samples for a waveform. */
    int columns();

    /** Centre frequency of each row in Hz, increasing. */
    double[] centreHz();

    /** Distance of two columns, in seconds. */
    double secondsPerColumn();

    /** Centre of column 0, in seconds from the start of the input. */
    default double firstSeconds() {
        return 0;
    }

    /**
     * Computes a network's input.
     *
     * @param signal at the front end's rate; cut or padded to its length. Not modified.
     * @return [rows][columns]
     * @throws IllegalArgumentException if a sample is not a finite number, or the sound is silent and would be divided
     *     by its size
     */
    float[] input(float[] signal);

    /**
     * As {@link #input}, but the signal is not divided by its own size: for parts of a sound that keep their gain.
     *
     * @param signal as long as the input. Not modified.
     */
    float[] inputAtItsSize(float[] signal);

    /**
     * As {@link #input}, keeping the intermediate results.
     *
     * @throws IllegalArgumentException as {@link #input}
     */
    Analysis analyse(float[] signal);

    /** Whether a silent sound has an input. */
    default boolean acceptsSilence() {
        return false;
    }

    /**
     * Whether a signal has an input: silence has none where signals are divided by their size.
     *
     * @param signal as for {@link #input}
     */
    default boolean hears(float[] signal) {
        return acceptsSilence() || SignalSettings.sounds(signal, samples());
    }

    /**
     * The value that silence has in the network's input; the mean over rows and columns where it differs between them.
     */
    float silence();

    /** The value that stands for nothing where patches of the input are flipped: that of silence. */
    default float flipped() {
        return silence();
    }

    /** What values of the input count, for a picture's scale. */
    String unit();

    /** The transform that the network's first layer makes of the bands, where it was trained on MFCCs. */
    default Optional<Dct> dct() {
        return Optional.empty();
    }

    /** The filter that brings sounds of other rates to this one. */
    ResamplingFilter resampling();

    /** Whether the input is the waveform itself: relevance then lies on samples. */
    default boolean isWaveform() {
        return false;
    }
}
