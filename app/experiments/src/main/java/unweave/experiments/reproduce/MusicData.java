package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.audio.spectral.LogMel;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.ClipReader;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.InputSet;
import unweave.explain.data.Slicing;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.Split;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.TrainingSounds;

/**
 * A collection of recordings with one folder per genre, such as GTZAN (thesis 4.2.1), dealt into folds by track.
 *
 * <p>Of ten folds, eight train the model that is explained: 80 tracks of a genre, of which three slices each are the
 * 240 inputs of a search (4.2.1). The other two, the one it is tested on and the one that chose its epoch, are the 20
 * tracks that evaluation takes five slices each of (4.2.3.1); neither gave gradients.
 */
final class MusicData implements ChapterData {
    /** Thesis 4.2.1: inputs of each training track in a search for subspaces. */
    static final int SEARCHED = 3;
    /** Thesis 4.2.3.1: inputs of each held-out track in evaluations. */
    static final int EVALUATED = 5;

    private static final int PORTION = 32; // tracks in memory at a time

    private final ChapterPlan plan;
    private final MusicRecordings recordings;
    private final SoundCollection explained;
    private final TrainingSounds sounds;
    private final CollectionLoader loader;
    private final ClipReader clips;
    private final LogMel frontEnd;
    private final Monitor monitor;
    private InputSet validation;
    private InputSet test;

    MusicData(ChapterPlan plan, MusicRecordings recordings, int threads, Monitor monitor) {
        this.plan = plan;
        this.recordings = recordings;
        this.explained = recordings.folds().testedOn(trainedFolds().get(0));
        this.sounds = new TrainingSounds(plan.preset(), plan.training(), Slicing.TEN, plan.seed(), threads, monitor);
        this.frontEnd = new LogMel(plan.preset().spectrogram());
        this.loader = new CollectionLoader(explained, frontEnd, Slicing.TEN, threads, monitor);
        this.clips = new ClipReader(explained, frontEnd, Slicing.TEN, threads);
        this.monitor = monitor;
    }

    @Override
    public List<String> classNames() {
        return explained.classNames();
    }

    @Override
    public Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("folds", recordings.folds().identity());
        identity.put("explainedFold", trainedFolds().get(0));
        return identity;
    }

    @Override
    public CrossValidation.Source folds() {
        return sounds.folds(recordings.collection(), recordings.folds());
    }

    @Override
    public List<Integer> trainedFolds() {
        return recordings.chosenFolds();
    }

    @Override
    public InputSet training(int classIndex) throws IOException {
        List<Integer> places = places(Split.TRAIN).stream()
                .filter(place -> explained.items().get(place).label() == classIndex)
                .toList();
        return loader.inputs("reading training sounds of " + classNames().get(classIndex), places)
                .perSound(SEARCHED);
    }

    @Override
    public InputSet validation() throws IOException {
        validation =
                validation == null ? loader.inputs("reading validation sounds", places(Split.VALIDATION)) : validation;
        return validation;
    }

    /** Of the fold that the model is tested on, and of the one that chose its epoch. */
    @Override
    public InputSet test() throws IOException {
        if (test == null) {
            List<Integer> heldOut = new ArrayList<>(places(Split.TEST));
            heldOut.addAll(places(Split.VALIDATION));
            heldOut.sort(null);
            test = loader.inputs("reading held-out sounds", heldOut).perSound(EVALUATED);
        }
        return test;
    }

    private List<Integer> places(Split split) {
        return explained.split(plan.seed()).get(split);
    }

    /** All slices of all recordings that are used. */
    @Override
    public LogMelStatistics logMel() throws IOException {
        LogMelStatistics.Sums sums = new LogMelStatistics.Sums();
        int size = frontEnd.settings().mels() * frontEnd.settings().frames();
        int all = explained.items().size();
        try (Progress progress = monitor.progress("log-mel statistics", all)) {
            for (int first = 0; first < all; first += PORTION) {
                int end = Math.min(all, first + PORTION);
                sums.add(
                        clips.read(IntStream.range(first, end).boxed().toList()).inputs(), size);
                progress.at(end, "");
            }
        }
        return sums.result();
    }

    @Override
    public Account account() {
        return new Account(
                List.of(MusicTables.counts(recordings), MusicTables.excluded(recordings)),
                Map.of("recordings", recordings.json()));
    }

    /** How many tracks of a class the explained model has, from the class with the fewest to that with the most. */
    record Tracks(int fewest, int most) {
        @Override
        public String toString() {
            return fewest == most ? String.valueOf(most) : fewest + " to " + most;
        }

        Tracks times(int inputs) {
            return new Tracks(fewest * inputs, most * inputs);
        }
    }

    /** The tracks of a class in some parts of the fold that is explained. */
    Tracks tracks(Split... parts) {
        IntSummaryStatistics counts = explained.counts(explained.split(plan.seed())).values().stream()
                .mapToInt(count -> Arrays.stream(parts).mapToInt(count::get).sum())
                .summaryStatistics();
        return new Tracks(counts.getMin(), counts.getMax());
    }

    /** The first slice of each of the first tracks that are held out. */
    @Override
    public List<float[]> shown(int classIndex, int count) throws IOException {
        List<float[]> signals = new ArrayList<>();
        int[] tracks = Arrays.stream(test().ofClass(classIndex).origins())
                .distinct()
                .limit(count)
                .toArray();
        for (int track : tracks) {
            signals.add(clips.signal(clips.read(List.of(track)).clips().get(0)));
        }
        return signals;
    }

    @Override
    public boolean objectsKnown() {
        return false;
    }

    @Override
    public SyntheticInputs.CompleteSamples complete(int classIndex, int count) {
        throw new UnsupportedOperationException("nobody knows what recordings are made of");
    }
}
