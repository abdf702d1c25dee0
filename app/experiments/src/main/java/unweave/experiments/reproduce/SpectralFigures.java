package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.MelFilterBank;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.experiments.reproduce.DrawnFigure.Drawing;
import unweave.explain.TimeFrequencyAxes;
import unweave.explain.output.OutputFolder;
import unweave.figure.ColourRange;
import unweave.figure.LineChart;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.figure.WaveformChart;

/** Draws the way from a waveform to what the network sees (thesis 2.3, Fig. 2.4 and 2.5). */
final class SpectralFigures {
    /** A whole number of image pixels for each of 64 or 128 frames. */
    private static final double WIDTH = 256;
    /** A whole number of image pixels for each of 201 bins, and at least one for each of 401. */
    private static final double HEIGHT = 201;

    private static final double CHART_WIDTH = 400;
    private static final double CHART_HEIGHT = 260;
    private static final int FEW_FILTERS = 10;
    private static final int EVERY = 4;
    private static final double DECIBELS_PER_DECADE = 20;

    private final LogMel frontEnd;
    private final SpectrogramSettings settings;
    private final OutputFolder out;

    /** @param out the chapter's folder */
    SpectralFigures(SpectrogramSettings settings, OutputFolder out) {
        this.frontEnd = new LogMel(settings);
        this.settings = settings;
        this.out = out;
    }

    /**
     * One sound four times (thesis Fig. 2.4).
     *
     * @param what the sound is
     */
    DrawnFigure representations(String number, String what, float[] signal) throws IOException {
        FrontEnd.Analysis analysis = frontEnd.analyse(signal);
        TimeFrequencyAxes mels = TimeFrequencyAxes.of(frontEnd);
        float[] decibels = analysis.input().clone();
        for (int i = 0; i < decibels.length; i++) {
            decibels[i] *= (float) DECIBELS_PER_DECADE;
        }
        List<Drawing> drawings = new ArrayList<>();
        byte[] waveform = WaveformChart.of("", analysis.signal(), settings.sampleRate(), 1, CHART_WIDTH, CHART_HEIGHT)
                .toPng();
        drawings.add(Drawing.write(out, number, "waveform", waveform, "Waveform, scaled to a peak of 1 (Eq. A.1)."));
        drawings.add(map(
                number,
                "magnitude",
                magnitude(analysis),
                "Magnitude spectrogram: " + frontEnd.stft().bins() + " frequencies, evenly spaced."));
        drawings.add(map(
                number,
                "mel",
                amplitude(mels.rows(analysis.mel()), mels),
                "Mel spectrogram: " + settings.mels() + " bands (Eq. 2.27)."));
        drawings.add(map(
                number,
                "log-mel",
                spread(mels.rows(decibels), mels),
                "Log-mel spectrogram in decibels (Eq. 2.28). The network sees a twentieth of these numbers, the"
                        + " logarithm of Eq. A.2."));
        return DrawnFigure.silent(
                number,
                "Compare Fig. 2.4: " + what
                        + " as a waveform, as magnitudes of the short-time Fourier transform, as mel"
                        + " magnitudes, and as their logarithm.",
                drawings);
    }

    private Drawing map(String number, String name, MapPanel panel, String caption) throws IOException {
        byte[] png =
                new PanelGrid().panelSize(WIDTH, HEIGHT).row(List.of(panel)).toPng();
        return Drawing.write(out, number, name, png, caption);
    }

    private MapPanel magnitude(FrontEnd.Analysis analysis) {
        float[] magnitude = analysis.spectrogram().magnitude();
        int bins = frontEnd.stft().bins();
        float[][] rows = new float[bins][settings.frames()];
        for (int bin = 0; bin < bins; bin++) {
            for (int t = 0; t < settings.frames(); t++) {
                rows[bin][t] = magnitude[t * bins + bin];
            }
        }
        return amplitude(rows, linearAxes());
    }

    private TimeFrequencyAxes linearAxes() {
        double distance = (double) settings.sampleRate() / settings.fftLength();
        double[] hertz = IntStream.range(0, frontEnd.stft().bins())
                .mapToDouble(bin -> bin * distance)
                .toArray();
        return new TimeFrequencyAxes(hertz, settings.frames(), settings.secondsAt(1));
    }

    /** From 0 to the largest. */
    private static MapPanel amplitude(float[][] rows, TimeFrequencyAxes axes) {
        double largest = MapPanel.largestMagnitude(rows);
        return new MapPanel("", "", rows, axes, ColourRange.sequential(0, largest == 0 ? 1 : largest, "amplitude"));
    }

    private MapPanel spread(float[][] rows, TimeFrequencyAxes axes) {
        double low = DECIBELS_PER_DECADE * settings.floor();
        double high = low + 1;
        for (float[] row : rows) {
            for (float value : row) {
                high = Math.max(high, value);
            }
        }
        return new MapPanel("", "", rows, axes, ColourRange.sequential(low, high, "dB"));
    }

    /** The general form of the filter bank, and filters of the one that the network has (thesis Fig. 2.5). */
    DrawnFigure filterBank(String number) throws IOException {
        MelFilterBank few =
                new MelFilterBank(4001, settings.lowHz(), settings.highHz(), FEW_FILTERS, settings.sampleRate());
        MelFilterBank own = frontEnd.filterBank();
        return DrawnFigure.silent(
                number,
                "Compare Fig. 2.5: triangles of equal width on the mel scale (Eq. 2.26), so that they are wider the higher"
                        + " their frequency. Each peaks where its neighbours end.",
                List.of(
                        Drawing.write(
                                out,
                                number,
                                "few",
                                triangles(few, 1),
                                "The general form: " + FEW_FILTERS + " filters, m1 to m" + FEW_FILTERS
                                        + " from left to right."),
                        Drawing.write(
                                out,
                                number,
                                "own",
                                triangles(own, EVERY),
                                "The network's: every " + EVERY + "th of its " + own.mels() + " filters, at the "
                                        + own.bins() + " frequencies of the spectrogram.")));
    }

    private byte[] triangles(MelFilterBank bank, int every) {
        double distance = settings.sampleRate() / 2.0 / (bank.bins() - 1) / 1000;
        LineChart chart = new LineChart("", "frequency (kHz)", "weight")
                .size(CHART_WIDTH, CHART_HEIGHT)
                .range(0, 1);
        for (int mel = 0; mel < bank.mels(); mel += every) {
            int filter = mel;
            int[] bins = IntStream.range(0, bank.bins())
                    .filter(bin ->
                            weighs(bank, bin - 1, filter) || weighs(bank, bin, filter) || weighs(bank, bin + 1, filter))
                    .toArray();
            chart.line(
                    "",
                    IntStream.of(bins).mapToDouble(bin -> bin * distance).toArray(),
                    IntStream.of(bins)
                            .mapToDouble(bin -> bank.weight(bin, filter))
                            .toArray(),
                    LineChart.Look.THIN);
        }
        return chart.toPng();
    }

    private static boolean weighs(MelFilterBank bank, int bin, int mel) {
        return bin >= 0 && bin < bank.bins() && bank.weight(bin, mel) > 0;
    }
}
