package unweave.figure;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A waveform over time (thesis Fig. 2.4, D.1, D.2). A sound has more samples than the picture has columns, so of each
 * column's samples the smallest and the largest are drawn: the envelope is exact.
 */
public final class WaveformChart {
    private WaveformChart() {}

    /**
     * The chart of a signal.
     *
     * @param signal amplitudes; not modified
     * @param sampleRate in Hz
     * @param limit the amplitude at the upper end of the axis, its negative at the lower
     * @param width of the whole picture in CSS pixels
     * @param height of the whole picture in CSS pixels
     */
    public static LineChart of(
            String title, float[] signal, int sampleRate, double limit, double width, double height) {
        int[] drawn = extremes(signal, (int) width);
        return new LineChart(title, "time (s)", "amplitude")
                .size(width, height)
                .range(-limit, limit)
                .line(
                        "",
                        Arrays.stream(drawn)
                                .mapToDouble(n -> (double) n / sampleRate)
                                .toArray(),
                        Arrays.stream(drawn).mapToDouble(n -> signal[n]).toArray(),
                        LineChart.Look.THIN);
    }

    /** Where the smallest and the largest sample of every column are, and the first and the last sample; increasing. */
    static int[] extremes(float[] signal, int columns) {
        return IntStream.concat(
                        IntStream.of(0, signal.length - 1),
                        IntStream.range(0, columns).flatMap(column -> {
                            int from = (int) ((long) column * signal.length / columns);
                            int to = (int) ((long) (column + 1) * signal.length / columns);
                            return from == to ? IntStream.empty() : extremes(signal, from, to);
                        }))
                .sorted()
                .distinct()
                .toArray();
    }

    private static IntStream extremes(float[] signal, int from, int to) {
        int least = from;
        int most = from;
        for (int n = from; n < to; n++) {
            least = signal[n] < signal[least] ? n : least;
            most = signal[n] > signal[most] ? n : most;
        }
        return IntStream.of(least, most);
    }
}
