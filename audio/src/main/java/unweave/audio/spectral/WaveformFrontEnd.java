package unweave.audio.spectral;

import unweave.audio.resample.ResamplingFilter;

/**
 * The waveform itself, for networks whose first layers are one-dimensional: an image of one row, (factor x - mean) /
 * deviation of every sample of the signal that {@link SignalSettings} describe. Relevance lies on samples; a
 * spectrogram is made for pictures alone.
 */
public final class WaveformFrontEnd implements FrontEnd {
    /** Largest distance of two frames of a picture, in seconds. */
    private static final double HOP_SECONDS = 0.016;
    /** A picture has at least so many frames, if there are as many samples. */
    private static final int FRAMES = 64;

    private final SignalSettings signal;
    private final double mean;
    private final double deviation;
    private final int hop;
    private final Stft stft;

    /**
     * @param mean subtracted from every value
     * @param deviation divides every value
     * @throws IllegalArgumentException if the deviation is not positive, or there are too few samples
     */
    public WaveformFrontEnd(SignalSettings signal, double mean, double deviation) {
        Levels.perBin("mean", new double[] {mean}, 1, "rows");
        Levels.deviations(new double[] {deviation}, 1, "rows");
        if (signal.samples() < 2) {
            throw new IllegalArgumentException(signal.samples() + " samples: at least 2 are needed");
        }
        this.signal = signal;
        this.mean = mean;
        this.deviation = deviation;
        int longest = (int) Math.max(1, Math.round(HOP_SECONDS * signal.sampleRate()));
        this.hop = Math.max(1, Math.min(longest, signal.samples() / FRAMES));
        int length = 2 * Math.max(hop, Math.min(longest, signal.samples() / 8));
        this.stft = new Stft(Window.HANN.samples(length), hop, Edges.ZERO, length);
    }

    /** What this front end was made from. */
    public SignalSettings settings() {
        return signal;
    }

    /** What is subtracted from every value. */
    public double mean() {
        return mean;
    }

    /** What divides every value. */
    public double deviation() {
        return deviation;
    }

    /** Distance of two frames of a picture, in samples. */
    public int pictureHop() {
        return hop;
    }

    /** The transform that pictures are made with. */
    public Stft stft() {
        return stft;
    }

    @Override
    public int sampleRate() {
        return signal.sampleRate();
    }

    @Override
    public int samples() {
        return signal.samples();
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public int columns() {
        return signal.samples();
    }

    /** A quarter of the sample rate, the middle of all frequencies. */
    @Override
    public double[] centreHz() {
        return new double[] {signal.sampleRate() / 4.0};
    }

    @Override
    public double secondsPerColumn() {
        return 1.0 / signal.sampleRate();
    }

    @Override
    public float[] input(float[] sound) {
        return scaled(signal.signal(sound, false));
    }

    @Override
    public float[] inputAtItsSize(float[] sound) {
        return scaled(signal.signal(sound, true));
    }

    private float[] scaled(float[] prepared) {
        float[] input = new float[prepared.length];
        for (int s = 0; s < input.length; s++) {
            input[s] = (float) ((signal.factor() * prepared[s] - mean) / deviation);
        }
        return input;
    }

    @Override
    public Analysis analyse(float[] sound) {
        float[] prepared = signal.signal(sound, false);
        return new Analysis(prepared, signal.peak(sound), stft.forward(prepared), prepared, scaled(prepared));
    }

    @Override
    public boolean hears(float[] sound) {
        return signal.hears(sound);
    }

    @Override
    public boolean acceptsSilence() {
        return signal.acceptsSilence();
    }

    @Override
    public float silence() {
        return (float) (-mean / deviation);
    }

    @Override
    public String unit() {
        return "amplitude";
    }

    @Override
    public ResamplingFilter resampling() {
        return signal.resampling();
    }

    @Override
    public boolean isWaveform() {
        return true;
    }
}
