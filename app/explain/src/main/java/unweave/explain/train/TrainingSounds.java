package unweave.explain.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.Folds;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;
import unweave.explain.data.Slicing;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.Split;
import unweave.explain.preset.Preset;
import unweave.explain.preset.TrainingPlan;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/** Reads a collection of sounds as a preset wants to train on it. */
public final class TrainingSounds {
    private final Preset preset;
    private final TrainingPlan plan;
    private final Slicing slicing;
    private final long seed;
    private final int threads;
    private final Monitor monitor;

    /**
     * @param plan the preset's, or a changed one
     * @param slicing how many slices are taken of each sound
     * @param seed decides the split where the collection leaves it open
     * @param threads to read with, 0 for one per processor
     */
    public TrainingSounds(Preset preset, TrainingPlan plan, Slicing slicing, long seed, int threads, Monitor monitor) {
        this.preset = preset;
        this.plan = plan;
        this.slicing = slicing;
        this.seed = seed;
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * Training, validation and test data.
     *
     * @throws BadInputException if a class has no sound to train, to validate or to test with
     */
    public ModelTraining.Data load(SoundCollection collection) throws IOException {
        Map<Split, List<Integer>> split = collection.completeSplit(seed);
        collection
                .counts(split)
                .forEach((name, parts) -> monitor.note("class " + name + ": " + parts.get(Split.TRAIN) + " training, "
                        + parts.get(Split.VALIDATION) + " validation, " + parts.get(Split.TEST) + " test sounds"));
        CollectionLoader loader =
                new CollectionLoader(collection, new LogMel(preset.spectrogram()), slicing, threads, monitor);
        TrainingData train = plan.waveformAugmentation() || plan.timeStretch()
                ? loader.slices("reading training sounds", split.get(Split.TRAIN), plan.augmentation())
                : new MaskedInputs(inputs(loader, collection, "training", split.get(Split.TRAIN)), plan.augmentation());
        return new ModelTraining.Data(
                collection.classNames(),
                train,
                MaskedInputs.plain(inputs(loader, collection, "validation", split.get(Split.VALIDATION))),
                MaskedInputs.plain(inputs(loader, collection, "test", split.get(Split.TEST))));
    }

    /** Silent slices are left out by the loader; of every class something has to be left. */
    private static InputSet inputs(
            CollectionLoader loader, SoundCollection collection, String part, List<Integer> places) throws IOException {
        InputSet inputs = loader.inputs("reading " + part + " sounds", places);
        for (int c = 0; c < collection.classNames().size(); c++) {
            if (inputs.ofClass(c).size() == 0) {
                throw new BadInputException(collection.source() + ": all " + part + " sounds of class "
                        + collection.classNames().get(c) + " are silent; at least 1 with a sound in it is needed");
            }
        }
        return inputs;
    }

    /** The data of one fold after another. */
    public CrossValidation.Source folds(SoundCollection collection, Folds folds) {
        return new CrossValidation.Source() {
            @Override
            public List<Integer> numbers() {
                return folds.numbers();
            }

            @Override
            public ModelTraining.Data load(int fold) throws IOException {
                return TrainingSounds.this.load(folds.testedOn(fold));
            }
        };
    }
}
