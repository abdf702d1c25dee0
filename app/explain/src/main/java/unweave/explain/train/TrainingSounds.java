package unweave.explain.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;
import unweave.explain.data.CollectionLoader;
import unweave.explain.data.Folds;
import unweave.explain.data.MaskedInputs;
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
    private final long seed;
    private final int threads;
    private final Monitor monitor;

    /**
     * @param plan the preset's, or a changed one
     * @param seed decides the split where the collection leaves it open
     * @param threads to read with, 0 for one per processor
     */
    public TrainingSounds(Preset preset, TrainingPlan plan, long seed, int threads, Monitor monitor) {
        this.preset = preset;
        this.plan = plan;
        this.seed = seed;
        this.threads = threads;
        this.monitor = monitor;
    }

    /**
     * Training, validation and test data.
     *
     * @throws BadInputException if no sound is left for training
     */
    public ModelTraining.Data load(SoundCollection collection) throws IOException {
        Map<Split, List<Integer>> split = collection.split(seed);
        if (split.get(Split.TRAIN).isEmpty()) {
            throw new BadInputException(collection.source() + ": no sound is left for training; mark some as train");
        }
        CollectionLoader loader = new CollectionLoader(collection, new LogMel(preset.spectrogram()), threads, monitor);
        TrainingData train = plan.waveformAugmentation()
                ? loader.slices("reading training sounds", split.get(Split.TRAIN), ModelTraining.augmentation(plan))
                : new MaskedInputs(
                        loader.inputs("reading training sounds", split.get(Split.TRAIN)),
                        ModelTraining.augmentation(plan));
        return new ModelTraining.Data(
                collection.classNames(),
                train,
                MaskedInputs.plain(loader.inputs("reading validation sounds", split.get(Split.VALIDATION))),
                MaskedInputs.plain(loader.inputs("reading test sounds", split.get(Split.TEST))));
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
