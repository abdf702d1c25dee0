package unweave.audio.spectral;

/**
 * How a signal is cut into frames and transformed.
 *
 * @param window taper of each frame
 * @param periodic whether the window is periodic; symmetric otherwise
 * @param windowLength in samples, at most {@code fftLength}
 * @param windowFirst whether a window that is shorter than the transform lies at its start, as in TensorFlow and Kaldi;
 *     in its middle otherwise, as in PyTorch and librosa
 * @param fftLength length of the Fourier transform in samples, even
 * @param hop distance between frames in samples
 * @param edges whether frames are centred, and what lies beyond the signal
 * @param removeMean whether the mean of each frame is subtracted before the window, as Kaldi does
 * @param preemphasis a: each frame becomes x[n] - a x[n - 1] before the window, its first sample x[0] - a x[0], as in
 *     Kaldi; 0 for none
 */
public record FramingSettings(
        Window window,
        boolean periodic,
        int windowLength,
        boolean windowFirst,
        int fftLength,
        int hop,
        Edges edges,
        boolean removeMean,
        double preemphasis) {
    /** @throws IllegalArgumentException if a number is out of range */
    public FramingSettings {
        if (fftLength < 2 || fftLength % 2 != 0) {
            throw new IllegalArgumentException(
                    "FFT length " + fftLength + ": an even number of samples, 2 or more, is needed");
        }
        Limits.requireFft(fftLength);
        if (windowLength < 1 || windowLength > fftLength) {
            throw new IllegalArgumentException(
                    "window of " + windowLength + " samples: 1 to " + fftLength + ", the FFT length, are possible");
        }
        if (hop < 1) {
            throw new IllegalArgumentException("hop " + hop + ": must be at least 1 sample");
        }
        if (!(preemphasis >= 0 && preemphasis <= 1)) {
            throw new IllegalArgumentException("pre-emphasis " + preemphasis + ": must lie between 0 and 1");
        }
    }

    /** Where the window begins in a frame. */
    public int windowStart() {
        return windowFirst ? 0 : (fftLength - windowLength) / 2;
    }

    /** The window among the zeros that fill the frame, [fftLength]. */
    float[] taper() {
        float[] samples = periodic ? window.samples(windowLength) : window.symmetric(windowLength);
        float[] taper = new float[fftLength];
        System.arraycopy(samples, 0, taper, windowStart(), windowLength);
        return taper;
    }

    /** Samples that a frame needs where it must lie inside the signal. */
    int frameLength() {
        return windowFirst ? windowLength : fftLength;
    }

    /** The transform. */
    Stft stft() {
        return new Stft(taper(), hop, edges, frameLength());
    }

    /** Frames of a signal of {@code samples} samples. */
    public int frames(int samples) {
        if (edges != Edges.NONE) {
            return 1 + samples / hop;
        }
        return samples < frameLength() ? 0 : 1 + (samples - frameLength()) / hop;
    }

    /** The fewest samples that give so many frames. */
    public int samples(int frames) {
        Limits.require(frames + " frames with hop " + hop, frames, hop);
        int least = edges == Edges.REFLECT ? fftLength / 2 + 1 : 1;
        return Math.max(least, (frames - 1) * hop + (edges == Edges.NONE ? frameLength() : 0));
    }

    /** Centre of the window of frame 0, in samples from the start of the signal. */
    double firstCentre() {
        return edges == Edges.NONE ? windowStart() + windowLength / 2.0 : 0;
    }

    /** Subtracts the mean of a frame [fftLength] and emphasises it, before the window; the frame is modified. */
    void prepare(float[] frame) {
        int start = windowStart();
        int end = start + windowLength;
        if (removeMean) {
            double sum = 0;
            for (int n = start; n < end; n++) {
                sum += frame[n];
            }
            float mean = (float) (sum / windowLength);
            for (int n = start; n < end; n++) {
                frame[n] -= mean;
            }
        }
        if (preemphasis != 0) {
            for (int n = end - 1; n > start; n--) {
                frame[n] -= (float) (preemphasis * frame[n - 1]);
            }
            frame[start] -= (float) (preemphasis * frame[start]);
        }
    }
}
