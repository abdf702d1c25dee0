package unweave.explain.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Spans;

/** Where a long track is cut into inputs for evaluation (thesis A.1: ten slices of 3 s out of 29 to 30 s). */
public final class Slices {
    private static final int COUNT = 10;
    /** Of longer tracks. */
    static final int LONGEST_SECONDS = 29;

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
        int usable = Math.min(trackSamples, longest(inputSamples, sampleRate)) - inputSamples;
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

    /** The slices of a track, without silent ones unless the front end accepts silence; see {@link #starts}. */
    static int[] usableStarts(FrontEnd frontEnd, float[] track) {
        return Arrays.stream(starts(track.length, frontEnd.samples(), frontEnd.sampleRate()))
                .filter(start -> frontEnd.hears(
                        Arrays.copyOfRange(track, start, Math.min(track.length, start + frontEnd.samples()))))
                .toArray();
    }

    /** Samples of a track that slices are taken of, at most. */
    static int longest(int inputSamples, int sampleRate) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max((long) LONGEST_SECONDS * sampleRate, inputSamples));
    }

    /**
     * Tracks as network inputs: cut, slices that are silent left out where the front end refuses silence, short ones
     * padded with zeros at the end.
     *
     * @param tracks at the front end's sample rate
     * @param labels class index of each track
     * @return inputs whose origins are places in {@code tracks}
     */
    public static InputSet inputs(FrontEnd frontEnd, float[][] tracks, int[] labels, int threads, Monitor monitor)
            throws IOException {
        List<int[]> cuts = new ArrayList<>(); // place in tracks, first sample
        for (int i = 0; i < tracks.length; i++) {
            for (int start : usableStarts(frontEnd, tracks[i])) {
                cuts.add(new int[] {i, start});
            }
        }
        float[][] inputs = new float[cuts.size()][];
        Parallel.run(cuts.size(), threads, Progress.none(), i -> {
            int[] cut = cuts.get(i);
            float[] track = tracks[cut[0]];
            try (Spans.Span span = monitor.spans().open("audio", "log-mel")) {
                inputs[i] = frontEnd.input(
                        Arrays.copyOfRange(track, cut[1], Math.min(track.length, cut[1] + frontEnd.samples())));
            }
        });
        int[] origins = cuts.stream().mapToInt(cut -> cut[0]).toArray();
        int[] ofInputs = Arrays.stream(origins).map(track -> labels[track]).toArray();
        return new InputSet(frontEnd.rows(), frontEnd.columns(), inputs, ofInputs, origins);
    }
}
