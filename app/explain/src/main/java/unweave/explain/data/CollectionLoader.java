package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
    /** Of so many files the notes are shown. */
    private static final int NOTED = 3;

    private final SoundCollection collection;
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final Slicing slicing;
    private final int threads;
    private final Monitor monitor;

    /** @param threads to read with, 0 for one per processor */
    public CollectionLoader(
            SoundCollection collection, FrontEnd frontEnd, Slicing slicing, int threads, Monitor monitor) {
        this.collection = collection;
        this.frontEnd = frontEnd;
        this.loader = new SoundLoader(frontEnd);
        this.slicing = slicing;
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * Inputs for evaluation and explanation: long tracks are cut as the slicing says, short sounds padded with zeros at
     * the end.
     *
     * @param places items of the collection
     */
    public InputSet inputs(String task, List<Integer> places) throws IOException {
        SliceReader reader = new SliceReader(frontEnd, loader, slicing);
        SliceReader.Cut[] cuts = new SliceReader.Cut[places.size()];
        read(task, places, (i, file) -> cuts[i] = reader.read(file));
        List<float[]> inputs = new ArrayList<>();
        List<Integer> origins = new ArrayList<>();
        for (int i = 0; i < cuts.length; i++) {
            inputs.addAll(cuts[i].inputs);
            origins.addAll(Collections.nCopies(cuts[i].inputs.size(), places.get(i)));
        }
        tell(task, cuts);
        return new InputSet(
                frontEnd.rows(),
                frontEnd.columns(),
                inputs.toArray(float[][]::new),
                origins.stream().mapToInt(this::label).toArray(),
                origins.stream().mapToInt(Integer::intValue).toArray());
    }

    private void tell(String task, SliceReader.Cut[] cuts) {
        int silent = Arrays.stream(cuts).mapToInt(cut -> cut.silent).sum();
        if (silent > 0) {
            monitor.warn(silent + " silent slices of " + collection.source() + " are left out");
        }
        tellShorter(task, Arrays.stream(cuts).filter(cut -> cut.padded).count(), cuts.length);
        long cutShort = Arrays.stream(cuts).filter(cut -> cut.cutShort).count();
        if (cutShort > 0) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "%s: %d of %d sounds are longer than %d s; of these, ten slices of the first %d s are used (all of "
                            + "it with a hop, such as --hop %.1f)",
                    task,
                    cutShort,
                    cuts.length,
                    Slices.LONGEST_SECONDS,
                    Slices.LONGEST_SECONDS,
                    Math.max(0.1, (double) frontEnd.samples() / frontEnd.sampleRate())));
        }
        tellNotes(Arrays.stream(cuts).map(cut -> cut.notes).toList());
    }

    /** Tracks that are cut and augmented anew on every visit. */
    public TrainingData slices(String task, List<Integer> places, Augmentation augmentation) throws IOException {
        if (!(frontEnd instanceof LogMel logMel)) {
            throw new BadInputException("only log-mel spectrograms of the presets can be augmented for training");
        }
        float[][] tracks = new float[places.size()][];
        List<List<String>> notes = new ArrayList<>(Collections.nCopies(tracks.length, List.of()));
        read(task, places, (i, file) -> {
            try (SignalReader reader = loader.open(file)) {
                tracks[i] = reader.rest();
                if (SoundLoader.silent(tracks[i], 0, tracks[i].length)) {
                    throw reader.silence(file.toString());
                }
                notes.set(i, reader.notes());
            }
        });
        tellShorter(
                task,
                Arrays.stream(tracks)
                        .filter(track -> track.length < frontEnd.samples())
                        .count(),
                tracks.length);
        long longer = Arrays.stream(tracks)
                .filter(track -> track.length > Slices.longest(frontEnd.samples(), frontEnd.sampleRate()))
                .count();
        if (longer > 0 && !slicing.whole()) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "%s: %d of %d sounds are longer than %d s; each epoch hears one slice of each, from a random place "
                            + "(one of every so many seconds with a hop, such as --hop %d)",
                    task,
                    longer,
                    tracks.length,
                    Slices.LONGEST_SECONDS,
                    Slices.LONGEST_SECONDS));
        }
        tellNotes(notes);
        return new RandomSlices(tracks, places.stream().mapToInt(this::label).toArray(), logMel, augmentation, slicing);
    }

    /** Reads one file of several. */
    private interface FileTask {
        void read(int index, Path file) throws IOException;
    }

    private void read(String task, List<Integer> places, FileTask work) throws IOException {
        try (Progress progress = monitor.progress(task, places.size())) {
            Parallel.run(places.size(), threads, progress, i -> {
                Path file = collection.items().get(places.get(i)).path();
                try (Spans.Span span = monitor.spans().open("audio", file)) {
                    work.read(i, file);
                }
            });
        }
    }

    private void tellShorter(String task, long shorter, int of) {
        if (shorter > 0) {
            monitor.note(String.format(
                    Locale.ROOT,
                    "%s: %d of %d sounds are shorter than the model's input of %.2f s and are padded with silence",
                    task,
                    shorter,
                    of,
                    (double) frontEnd.samples() / frontEnd.sampleRate()));
        }
    }

    private void tellNotes(List<List<String>> notes) {
        List<List<String>> some =
                notes.stream().filter(ofFile -> !ofFile.isEmpty()).toList();
        some.stream().limit(NOTED).forEach(ofFile -> ofFile.forEach(monitor::note));
        if (some.size() > NOTED) {
            monitor.note("and " + (some.size() - NOTED) + " more files whose headers are not quite right");
        }
    }

    private int label(int place) {
        return collection.items().get(place).label();
    }
}
