package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.augment.Augmentation;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Spans;

/**
 * Reads the sounds of a collection and makes network inputs of them, in parallel; the result does not depend on the
 * number of threads.
 */
public final class CollectionLoader {
    private final SoundCollection collection;
    private final LogMel frontEnd;
    private final SoundLoader loader;
    private final int threads;
    private final Monitor monitor;

    public CollectionLoader(SoundCollection collection, LogMel frontEnd, int threads, Monitor monitor) {
        this.collection = collection;
        this.frontEnd = frontEnd;
        this.loader = new SoundLoader(frontEnd.settings().sampleRate());
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * Inputs for evaluation and explanation: long tracks are cut at {@link Slices#starts}, short sounds padded with
     * zeros at the end.
     *
     * @param places items of the collection
     */
    public InputSet inputs(String task, List<Integer> places) throws IOException {
        float[][] tracks = tracks(task, places);
        int length = frontEnd.settings().samples();
        List<int[]> cuts = new ArrayList<>(); // place in tracks, first sample
        int silent = 0;
        for (int i = 0; i < tracks.length; i++) {
            int rate = frontEnd.settings().sampleRate();
            silent += Slices.starts(tracks[i].length, length, rate).length;
            for (int start : Slices.audibleStarts(tracks[i], length, rate)) {
                silent--;
                cuts.add(new int[] {i, start});
            }
        }
        if (silent > 0) {
            monitor.warn(silent + " silent slices of " + collection.source() + " are left out");
        }
        float[][] inputs = new float[cuts.size()][];
        Parallel.run(cuts.size(), threads, Progress.none(), i -> {
            int[] cut = cuts.get(i);
            float[] track = tracks[cut[0]];
            try (Spans.Span span = monitor.spans().open("audio", "log-mel")) {
                inputs[i] = frontEnd.logMel(Arrays.copyOfRange(track, cut[1], Math.min(track.length, cut[1] + length)));
            }
        });
        int[] labels = cuts.stream().mapToInt(cut -> label(places.get(cut[0]))).toArray();
        int[] origins = cuts.stream().mapToInt(cut -> places.get(cut[0])).toArray();
        return new InputSet(frontEnd.settings().mels(), frontEnd.settings().frames(), inputs, labels, origins);
    }

    /** Tracks that are cut and augmented anew on every visit. */
    public TrainingData slices(String task, List<Integer> places, Augmentation augmentation) throws IOException {
        float[][] tracks = tracks(task, places);
        List<Path> files = places.stream()
                .map(place -> collection.items().get(place).path())
                .toList();
        return new RandomSlices(
                files, tracks, places.stream().mapToInt(this::label).toArray(), frontEnd, augmentation);
    }

    private float[][] tracks(String task, List<Integer> places) throws IOException {
        float[][] tracks = new float[places.size()][];
        try (Progress progress = monitor.progress(task, places.size())) {
            Parallel.run(places.size(), threads, progress, i -> {
                Path file = collection.items().get(places.get(i)).path();
                try (Spans.Span span = monitor.spans().open("audio", file)) {
                    tracks[i] = loader.load(file);
                }
            });
        }
        int shorter = (int) Arrays.stream(tracks)
                .filter(track -> track.length < frontEnd.settings().samples())
                .count();
        if (shorter > 0) {
            monitor.note(String.format(
                    "%s: %d of %d sounds are shorter than the model's input of %.2f s and are padded with silence",
                    task,
                    shorter,
                    tracks.length,
                    (double) frontEnd.settings().samples() / frontEnd.settings().sampleRate()));
        }
        return tracks;
    }

    private int label(int place) {
        return collection.items().get(place).label();
    }
}
