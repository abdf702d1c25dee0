package unweave.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.file.SoundFiles;
import unweave.explain.TimeFrequencyAxes;
import unweave.figure.LineChart;

/**
 * Rooms whose sounds tell where they are: every track is a ramp, from 0 at the beginning to its own height at the end.
 * One cell of each concept has relevance, in otherwise empty maps.
 */
final class ExampleRooms {
    static final int RATE = 16000;
    static final double SECONDS = 2;
    static final int ROWS = 32;
    static final int FRAMES = 80;
    /** Height of each track's ramp. */
    static final double[] HEIGHTS = {0.8, 0.8, 0.4, 0.2};
    /** Of the concepts. */
    static final double[] SHARES = {0.75, 0.25};
    /** Where concept 1 has the largest relevance of all, and concept 2 a quarter of it; there it is quiet. */
    static final int[][] CELLS = {{20, 40}, {8, 60}};

    static final float LARGEST = 0.5f;

    private ExampleRooms() {}

    static ListeningRoom room(String title) {
        return room(title, HEIGHTS);
    }

    static ListeningRoom room(String title, double... heights) {
        double[] hertz = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            hertz[row] = 100 * (row + 1);
        }
        float[][] one = new float[ROWS][FRAMES];
        float[][] two = new float[ROWS][FRAMES];
        one[CELLS[0][0]][CELLS[0][1]] = LARGEST;
        two[CELLS[1][0]][CELLS[1][1]] = LARGEST / 4;
        float[][] standard = new float[ROWS][FRAMES];
        standard[CELLS[0][0]][CELLS[0][1]] = LARGEST;
        standard[CELLS[1][0]][CELLS[1][1]] = -LARGEST;
        List<Track> tracks = List.of(
                new Track("input", "Input", ramp(heights[0]), null, Double.NaN, 1),
                new Track("standard", "Standard explanation", ramp(heights[1]), standard, 1, 1),
                new Track("concept-1", "Concept 1", ramp(heights[2]), one, SHARES[0], SHARES[0]),
                new Track("concept-2", "Concept 2", ramp(heights[3]), two, SHARES[1], SHARES[1]));
        List<Card> still = new ArrayList<>();
        for (Track track : tracks) {
            still.add(Card.of(track.title(), new Picture(png(), "map of " + track.title()))
                    .sound(track.name() + ".flac", SoundFiles.flacBytes(track.signal(), RATE)));
        }
        return new ListeningRoom(
                title,
                "dog",
                new TimeFrequencyAxes(hertz, FRAMES, SECONDS / FRAMES, 0.5 * SECONDS / FRAMES),
                RATE,
                levels(),
                "dB",
                1,
                tracks,
                still);
    }

    /** From 0 to nearly the height. */
    static float[] ramp(double height) {
        float[] signal = new float[(int) (SECONDS * RATE)];
        for (int n = 0; n < signal.length; n++) {
            signal[n] = (float) (height * n / signal.length);
        }
        return signal;
    }

    /** -80 dB everywhere but in the last row, which is 0 dB. */
    private static float[][] levels() {
        float[][] levels = new float[ROWS][FRAMES];
        for (int row = 0; row < ROWS - 1; row++) {
            Arrays.fill(levels[row], -80);
        }
        return levels;
    }

    static byte[] png() {
        return new LineChart("", "", "")
                .size(80, 60)
                .line("a", new double[] {1, 2})
                .toPng();
    }
}
