package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
        tell(task, SliceRemarks.TEN_SLICES, cuts);
        return new InputSet(
                frontEnd.rows(),
                frontEnd.columns(),
                inputs.toArray(float[][]::new),
                origins.stream().mapToInt(this::label).toArray(),
                origins.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Tracks that are cut and augmented anew on every visit. */
    public TrainingData slices(String task, List<Integer> places, Augmentation augmentation) throws IOException {
        if (!(frontEnd instanceof LogMel logMel)) {
            throw new BadInputException("only log-mel spectrograms of the presets can be augmented for training");
        }
        SignalStore store = new SignalStore();
        SignalStore.Signal[] tracks = new SignalStore.Signal[places.size()];
        SliceReader.Cut[] cuts = new SliceReader.Cut[tracks.length];
        int longest = Slices.longest(frontEnd.samples(), frontEnd.sampleRate());
        read(task, places, (i, file) -> {
            cuts[i] = new SliceReader.Cut();
            try (SignalReader reader = loader.open(file)) {
                tracks[i] = store.add(reader::read);
                if (tracks[i].silent(0, tracks[i].length())) {
                    throw reader.silence(file.toString());
                }
                cuts[i].padded = tracks[i].length() < frontEnd.samples();
                cuts[i].cutShort = tracks[i].length() > longest && !slicing.whole();
                cuts[i].notes = reader.notes();
            }
        });
        tell(task, SliceRemarks.ONE_SLICE, cuts);
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

    private void tell(String task, String ofLonger, SliceReader.Cut[] cuts) {
        SliceRemarks remarks = new SliceRemarks();
        Arrays.stream(cuts).forEach(remarks::add);
        remarks.tell(task, ofLonger, collection, frontEnd, monitor);
    }

    private int label(int place) {
        return collection.items().get(place).label();
    }
}
