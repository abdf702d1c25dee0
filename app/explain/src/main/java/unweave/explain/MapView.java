package unweave.explain;

import unweave.audio.spectral.ComplexSpectrogram;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.Stft;
import unweave.audio.spectral.WaveformFrontEnd;
import unweave.engine.layer.ReceptiveField;

/**
 * How a network's input and the maps of its relevance are shown. Spectrograms are shown as they are. A waveform is
 * shown as a spectrogram, and its relevance R[s] of samples over it:
 *
 * <pre>
 *   R[f, t] = |X[f, t]|^2 / (sum over f of |X[f, t]|^2) x sum of R[s] over the samples nearest to frame t
 * </pre>
 *
 * Sums stay the same. The share of each frequency is the sound's, not the network's: only the place in time is
 * explained.
 */
public final class MapView {
    /** Below the loudest value by so much, a waveform's spectrogram shows nothing, in dB. */
    private static final double RANGE = 80;

    private final FrontEnd frontEnd;
    private final Stft stft;
    private final TimeFrequencyAxes axes;

    private MapView(FrontEnd frontEnd, Stft stft, TimeFrequencyAxes axes) {
        this.frontEnd = frontEnd;
        this.stft = stft;
        this.axes = axes;
    }

    /** The view of what a front end makes. */
    public static MapView of(FrontEnd frontEnd) {
        if (!(frontEnd instanceof WaveformFrontEnd waveform)) {
            return new MapView(frontEnd, null, TimeFrequencyAxes.of(frontEnd));
        }
        Stft stft = waveform.stft();
        double[] hertz = new double[stft.bins()];
        for (int b = 0; b < hertz.length; b++) {
            hertz[b] = b * frontEnd.sampleRate() / 2.0 / (hertz.length - 1);
        }
        double seconds = (double) waveform.pictureHop() / frontEnd.sampleRate();
        return new MapView(frontEnd, stft, new TimeFrequencyAxes(hertz, stft.frames(frontEnd.samples()), seconds));
    }

    /** What rows and columns of the pictures stand for. */
    public TimeFrequencyAxes axes() {
        return axes;
    }

    /** What the picture of an input is, in words. */
    public String name() {
        if (stft != null) {
            return "spectrogram of the waveform";
        }
        return frontEnd instanceof LogMel ? "log-mel spectrogram" : "spectrogram";
    }

    /** What the colours of an input's picture count. */
    public String unit() {
        return stft != null ? "dB" : frontEnd.unit();
    }

    /**
     * The picture of an input.
     *
     * @param input as the network reads it. Not modified
     * @return values on {@link #axes}
     */
    public float[][] input(float[] input) {
        if (stft == null) {
            return axes.rows(input);
        }
        double[][] power = power(input);
        double largest = Double.MIN_NORMAL;
        for (double[] row : power) {
            for (double value : row) {
                largest = Math.max(largest, value);
            }
        }
        float[][] decibels = new float[power.length][axes.frames()];
        for (int f = 0; f < power.length; f++) {
            for (int t = 0; t < axes.frames(); t++) {
                decibels[f][t] = (float) Math.max(-RANGE, 10 * Math.log10(power[f][t] / largest));
            }
        }
        return decibels;
    }

    /**
     * The picture of an input in decibels, where its values are logarithms; else as {@link #input}.
     *
     * @param input as the network reads it. Not modified
     * @return values on {@link #axes}, counted in {@link #levelUnit}
     */
    public float[][] levels(float[] input) {
        float[][] levels = input(input);
        double factor = decibelsPerUnit();
        for (float[] row : levels) {
            for (int frame = 0; frame < row.length; frame++) {
                row[frame] *= (float) factor;
            }
        }
        return levels;
    }

    /** What {@link #levels} counts. */
    public String levelUnit() {
        return decibelsPerUnit() == 1 ? unit() : "dB";
    }

    /** 1 where values are no logarithms, or decibels already. */
    private double decibelsPerUnit() {
        return switch (unit()) {
            case "log_{10} magnitude" -> 20;
            case "log_{10} power" -> 10;
            case "ln magnitude" -> 20 / Math.log(10);
            case "ln power" -> 10 / Math.log(10);
            default -> 1;
        };
    }

    /**
     * The picture of a relevance map.
     *
     * @param input that was explained. Not modified
     * @param map relevance as the network's input has it, row after row. Not modified
     * @return relevance on {@link #axes}, of the same sum
     */
    public float[][] map(float[] input, float[] map) {
        if (stft == null) {
            return axes.rows(map);
        }
        double[][] power = power(input);
        int frames = axes.frames();
        double[] ofFrames = new double[frames];
        for (int s = 0; s < map.length; s++) {
            ofFrames[frame(s)] += map[s];
        }
        float[][] shown = new float[power.length][frames];
        for (int t = 0; t < frames; t++) {
            double sum = 0;
            for (double[] row : power) {
                sum += row[t];
            }
            for (int f = 0; f < power.length; f++) {
                double share = sum > 0 ? power[f][t] / sum : 1.0 / power.length;
                shown[f][t] = (float) (share * ofFrames[t]);
            }
        }
        return shown;
    }

    /** A box of the network's input as cells of the picture. */
    public ReceptiveField.Box cells(ReceptiveField.Box box) {
        return stft == null
                ? box
                : new ReceptiveField.Box(0, frame(box.left()), axes.mels(), frame(box.right() - 1) + 1);
    }

    private int frame(int sample) {
        return Math.min(axes.frames() - 1, (int) Math.round(sample / (axes.secondsPerFrame() * frontEnd.sampleRate())));
    }

    /** |X|^2, [frequencies][frames]. */
    private double[][] power(float[] input) {
        ComplexSpectrogram spectrogram = stft.forward(input);
        double[][] power = new double[spectrogram.bins][spectrogram.frames];
        for (int t = 0; t < spectrogram.frames; t++) {
            for (int b = 0; b < spectrogram.bins; b++) {
                double re = spectrogram.re[t * spectrogram.bins + b];
                double im = spectrogram.im[t * spectrogram.bins + b];
                power[b][t] = re * re + im * im;
            }
        }
        return power;
    }
}
