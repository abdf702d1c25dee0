package unweave.explain;

import unweave.audio.spectral.FrontEnd;

/**
 * What the rows and columns of a time-frequency picture stand for.
 *
 * @param centreHz centre frequency of every mel row in Hz, increasing; row 0 is drawn at the bottom. Not modified
 * @param frames number of columns
 * @param secondsPerFrame distance between the centres of two columns
 * @param firstSeconds centre of column 0, in seconds since the beginning of the explained part
 */
public record TimeFrequencyAxes(double[] centreHz, int frames, double secondsPerFrame, double firstSeconds) {

    /** Axes whose column 0 is centred on 0 s. */
    public TimeFrequencyAxes(double[] centreHz, int frames, double secondsPerFrame) {
        this(centreHz, frames, secondsPerFrame, 0);
    }

    /** @throws IllegalArgumentException when there are no rows, no frames, or the values do not increase */
    public TimeFrequencyAxes {
        centreHz = centreHz.clone();
        if (centreHz.length < 1 || frames < 1 || !(secondsPerFrame > 0)) {
            throw new IllegalArgumentException(
                    "time-frequency axes need at least 1 row, 1 frame and a positive hop, not " + centreHz.length + ", "
                            + frames + ", " + secondsPerFrame + " s");
        }
        for (int row = 1; row < centreHz.length; row++) {
            if (!(centreHz[row] > centreHz[row - 1])) {
                throw new IllegalArgumentException("centre frequencies must increase, but row " + row + " has "
                        + centreHz[row] + " Hz after " + centreHz[row - 1] + " Hz");
            }
        }
    }

    /** Those of what a front end makes. */
    public static TimeFrequencyAxes of(FrontEnd frontEnd) {
        return new TimeFrequencyAxes(
                frontEnd.centreHz(), frontEnd.columns(), frontEnd.secondsPerColumn(), frontEnd.firstSeconds());
    }

    /** Number of rows. */
    public int mels() {
        return centreHz.length;
    }

    /** Centre of every frame, in seconds since the beginning of the explained part. */
    public double[] seconds() {
        double[] seconds = new double[frames];
        for (int frame = 0; frame < frames; frame++) {
            seconds[frame] = firstSeconds + frame * secondsPerFrame;
        }
        return seconds;
    }

    /** A map of mels x frames values, row after row, as [mels][frames]. */
    public float[][] rows(float[] map) {
        float[][] rows = new float[mels()][frames];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(map, row * frames, rows[row], 0, frames);
        }
        return rows;
    }

    /**
     * Height of a frequency above the lower edge, in rows: the centre of row r lies at r + 0.5. Outside the centres the
     * nearest two continue. A single row holds all frequencies in its middle.
     */
    public double row(double frequencyHz) {
        if (centreHz.length == 1) {
            return 0.5;
        }
        int below = 0;
        while (below < centreHz.length - 2 && centreHz[below + 1] <= frequencyHz) {
            below++;
        }
        return below + 0.5 + (frequencyHz - centreHz[below]) / (centreHz[below + 1] - centreHz[below]);
    }

    /** Distance of a moment from the left edge, in columns: the centre of column m lies at m + 0.5. */
    public double column(double seconds) {
        return (seconds - firstSeconds) / secondsPerFrame + 0.5;
    }

    /** The moment at the right edge, in seconds. */
    public double end() {
        return firstSeconds + (frames - 0.5) * secondsPerFrame;
    }
}
