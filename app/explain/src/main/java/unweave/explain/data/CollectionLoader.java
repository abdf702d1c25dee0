package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import unweave.audio.augment.Augmentation;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.kernels.Spans;

/**
 * Reads the sounds of a collection and makes network inputs of them, in parallel; the result does not depend on the
 * number of threads.
 */
public final class CollectionLoader {
    private final SoundCollection collection;
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final int threads;
    private final Monitor monitor;

    public CollectionLoader(SoundCollection collection, FrontEnd frontEnd, int threads, Monitor monitor) {
        this.collection = collection;
        this.frontEnd = frontEnd;
        this.loader = new SoundLoader(frontEnd);
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
        InputSet inputs = Slices.inputs(
                frontEnd, tracks, places.stream().mapToInt(this::label).toArray(), threads, monitor);
        int silent = Slices.count(frontEnd, tracks) - inputs.size();
        if (silent > 0) {
            monitor.warn(silent + " silent slices of " + collection.source() + " are left out");
        }
        int[] origins = Arrays.stream(inputs.origins()).map(places::get).toArray();
        return new InputSet(inputs.height(), inputs.width(), inputs.inputs(), inputs.labels(), origins);
    }

    /** Tracks that are cut and augmented anew on every visit. */
    public TrainingData slices(String task, List<Integer> places, Augmentation augmentation) throws IOException {
        if (!(frontEnd instanceof LogMel logMel)) {
            throw new BadInputException("only log-mel spectrograms of the presets can be augmented for training");
        }
        float[][] tracks = tracks(task, places);
        List<Path> files = places.stream()
                .map(place -> collection.items().get(place).path())
                .toList();
        return new RandomSlices(
                files, tracks, places.stream().mapToInt(this::label).toArray(), logMel, augmentation);
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
                .filter(track -> track.length < frontEnd.samples())
                .count();
        if (shorter > 0) {
            monitor.note(String.format(
                    "%s: %d of %d sounds are shorter than the model's input of %.2f s and are padded with silence",
                    task, shorter, tracks.length, (double) frontEnd.samples() / frontEnd.sampleRate()));
        }
        return tracks;
    }

    private int label(int place) {
        return collection.items().get(place).label();
    }
}
