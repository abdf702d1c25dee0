package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.audio.spectral.LogMel;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.Folds;
import unweave.explain.data.InputSet;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.Split;
import unweave.explain.progress.Monitor;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.TrainingSounds;

/** A collection of recordings with one folder per genre, such as GTZAN (thesis 4.2.1), dealt into folds by track. */
final class MusicData implements ChapterData {
    private final ChapterPlan plan;
    private final SoundCollection collection;
    private final Folds folds;
    private final List<Integer> chosen;
    private final SoundCollection explained;
    private final TrainingSounds sounds;
    private final CollectionLoader loader;
    private InputSet validation;
    private InputSet test;

    /** @param chosen folds to train; empty for all */
    MusicData(ChapterPlan plan, Path folder, int folds, List<Integer> chosen, int threads, Monitor monitor)
            throws IOException {
        this.plan = plan;
        this.collection = SoundCollection.open(folder);
        this.folds = Folds.of(collection, folds, plan.seed());
        this.chosen = chosen.isEmpty() ? this.folds.numbers() : chosen;
        this.chosen.forEach(this.folds::testedOn); // refuses folds that do not exist
        this.explained = this.folds.testedOn(this.chosen.get(0));
        this.sounds = new TrainingSounds(plan.preset(), plan.training(), plan.seed(), threads, monitor);
        this.loader = new CollectionLoader(explained, new LogMel(plan.preset().spectrogram()), threads, monitor);
    }

    @Override
    public List<String> classNames() {
        return collection.classNames();
    }

    @Override
    public Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("folds", folds.identity());
        identity.put("explainedFold", chosen.get(0));
        return identity;
    }

    @Override
    public CrossValidation.Source folds() {
        return sounds.folds(collection, folds);
    }

    @Override
    public List<Integer> trainedFolds() {
        return chosen;
    }

    @Override
    public InputSet training(int classIndex) throws IOException {
        List<Integer> places = explained.split(plan.seed()).get(Split.TRAIN).stream()
                .filter(place -> explained.items().get(place).label() == classIndex)
                .toList();
        return loader.inputs("reading training sounds of " + classNames().get(classIndex), places);
    }

    @Override
    public InputSet validation() throws IOException {
        validation = validation == null ? read("reading validation sounds", Split.VALIDATION) : validation;
        return validation;
    }

    @Override
    public InputSet test() throws IOException {
        test = test == null ? read("reading test sounds", Split.TEST) : test;
        return test;
    }

    private InputSet read(String task, Split split) throws IOException {
        return loader.inputs(task, explained.split(plan.seed()).get(split));
    }

    /** One slice of each of the first tracks. */
    @Override
    public InputSet shown(int classIndex, int count) throws IOException {
        InputSet ofClass = test().ofClass(classIndex);
        List<Integer> firsts = IntStream.range(0, ofClass.size())
                .filter(i -> i == 0 || ofClass.origins()[i] != ofClass.origins()[i - 1])
                .limit(count)
                .boxed()
                .toList();
        return ofClass.select(firsts);
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
