package unweave.audio.spectral;

import unweave.audio.resample.ResamplingFilter;

/**
 * The parameters of the way from a waveform to its log-mel spectrogram.
 *
 * @param sampleRate of the signal, in Hz
 * @param samples length of one input, in samples
 * @param fftLength length of window and Fourier transform, in samples, even
 * @param hop distance between frames, in samples
 * @param window taper of each frame
 * @param mels number of mel bands
 * @param lowHz where the lowest mel filter begins, in Hz
 * @param highHz where the highest mel filter ends, in Hz
 * @param frames number of frames kept, from the first on; at most 1 + samples / hop
 * @param logOffset added to a mel magnitude before its logarithm is taken
 * @param floor smallest value of the logarithm (base 10)
 * @param resampling brings sounds of other rates to this one; the experiments of the thesis ask for torchaudio's filter
 */
public record SpectrogramSettings(
        int sampleRate,
        int samples,
        int fftLength,
        int hop,
        Window window,
        int mels,
        double lowHz,
        double highHz,
        int frames,
        double logOffset,
        double floor,
        ResamplingFilter resampling) {
    /** @throws IllegalArgumentException if the number of frames cannot be had from that many samples */
    public SpectrogramSettings {
        if (hop < 1 || samples <= fftLength / 2) {
            throw new IllegalArgumentException(
                    "hop " + hop + " and " + samples + " samples: the hop must be at least 1 and the samples more than "
                            + fftLength / 2 + ", half the FFT length");
        }
        if (frames < 1 || frames > 1 + samples / hop) {
            throw new IllegalArgumentException(
                    frames + " frames: " + samples + " samples with hop " + hop + " give 1 to " + (1 + samples / hop));
        }
        Limits.requireRate(sampleRate);
        Limits.requireFft(fftLength);
        Limits.require(samples + " samples", samples);
        Limits.require(frames + " frames of " + fftLength + " samples", frames, fftLength);
        if (!(logOffset > 0)) {
            throw new IllegalArgumentException(
                    "log offset " + logOffset + ": must be positive, or silence has no logarithm");
        }
    }

    /** One second at 16 kHz as 64 mel bands x 64 frames: the synthetic data of Harck 2024, section 4.1. */
    public static SpectrogramSettings toy() {
        return new SpectrogramSettings(
                16000, 16000, 400, 240, Window.HAMMING, 64, 0, 8000, 64, 1e-7, -4, ResamplingFilter.TORCHAUDIO);
    }

    /** Three seconds at 16 kHz as 128 mel bands x 128 frames: the music genres of Harck 2024, section 4.2. */
    public static SpectrogramSettings gtzan() {
        return new SpectrogramSettings(
                16000, 48000, 800, 360, Window.HAMMING, 128, 0, 8000, 128, 1e-7, -4, ResamplingFilter.TORCHAUDIO);
    }

    /** Returns the time of the centre of a frame, in seconds from the start of the signal. */
    public double secondsAt(double frame) {
        return frame * hop / sampleRate;
    }
}
