package unweave.explain.data;

import java.util.Arrays;

/** Where a long track is cut into inputs for evaluation (thesis A.1: ten slices of 3 s out of 29 to 30 s). */
public final class Slices {
    private static final int COUNT = 10;
    private static final int LONGEST_SECONDS = 29;

    private Slices() {}

    /**
     * First samples of the slices of a track. The stride is (track - input) / 9, rounded down to a tenth of a second;
     * tracks longer than 29 s count as 29 s, so that all tracks of a collection are cut alike. A track that is not
     * longer than one input gives one slice.
     *
     * @param trackSamples length of the track
     * @param inputSamples length of one input
     * @param sampleRate of both, in Hz
     */
    public static int[] starts(int trackSamples, int inputSamples, int sampleRate) {
        int usable = Math.min(trackSamples, Math.max(LONGEST_SECONDS * sampleRate, inputSamples)) - inputSamples;
        int tenth = Math.max(1, sampleRate / 10);
        int stride = usable / (COUNT - 1) / tenth * tenth;
        if (stride <= 0) {
            return new int[] {0};
        }
        int[] starts = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            starts[i] = i * stride;
        }
        return starts;
    }

    /** The slices of a track that hold more than silence; see {@link #starts}. */
    static int[] audibleStarts(float[] track, int inputSamples, int sampleRate) {
        return Arrays.stream(starts(track.length, inputSamples, sampleRate))
                .filter(start -> !SoundLoader.silent(track, start, inputSamples))
                .toArray();
    }
}
