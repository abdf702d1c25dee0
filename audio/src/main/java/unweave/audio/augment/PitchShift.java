package unweave.audio.augment;

import java.util.Arrays;
import unweave.audio.random.SeededRandom;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.Stft;
import unweave.audio.spectral.Window;

/**
 * Shifts the pitch by a number of semitones uniform in [lowest, highest], s semitones being a factor r = 2^(s/12), and
 * keeps the duration: the sound is stretched to r times its length at the same pitch ({@link PhaseVocoder}), then
 * resampled to 1/r of that.
 *
 * <p>r is rounded to a whole number of 480ths, at most 4 cents off, so that the resampler needs few filter phases.
 *
 * @param lowest in semitones, not below -36
 * @param highest in semitones, not above 36
 */
public record PitchShift(double lowest, double highest) implements WaveformAugmentation {
    private static final int PARTS = 480;
    /** Frames of 32 ms at 16 kHz, overlapping four times: the values of torchaudio's pitch_shift. */
    private static final Stft STFT = new Stft(512, 128, Window.HANN);

    private static final ResamplingFilter FILTER = ResamplingFilter.kaiser(12, 60);

    /** @throws IllegalArgumentException when the range is empty or beyond three octaves */
    public PitchShift {
        if (!(lowest <= highest && lowest >= -36 && highest <= 36)) {
            throw new IllegalArgumentException(
                    "semitones from " + lowest + " to " + highest + " are no range within -36 to 36");
        }
    }

    @Override
    public float[] apply(float[] signal, SeededRandom random) {
        return shift(signal, random.uniform(lowest, highest));
    }

    /**
     * @param signal more than 256 samples. Not modified.
     * @return a new array of the same length
     * @throws IllegalArgumentException if the signal is too short
     */
    static float[] shift(float[] signal, double semitones) {
        int parts = (int) Math.round(PARTS * StrictMath.pow(2, semitones / 12));
        double ratio = (double) parts / PARTS;
        ComplexSpectrogram spectrogram = STFT.forward(signal);
        PhaseVocoder vocoder = new PhaseVocoder(spectrogram, 1 / ratio);
        int frames = PhaseVocoder.stretchedFrames(spectrogram.frames, 1 / ratio);
        float[] longer = STFT.inverse(frames, (int) Math.round(signal.length * ratio), vocoder::next);
        return Arrays.copyOf(new Resampler(parts, PARTS, FILTER).resample(longer), signal.length);
    }
}
