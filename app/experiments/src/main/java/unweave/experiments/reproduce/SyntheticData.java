package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.audio.spectral.LogMel;
import unweave.audio.synthetic.SyntheticParameters;
import unweave.audio.synthetic.SyntheticSample;
import unweave.audio.synthetic.SyntheticSet;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;
import unweave.explain.progress.Monitor;
import unweave.explain.train.CrossValidation;
import unweave.explain.train.ModelTraining;

/**
 * The synthetic set (thesis 4.1.1, D): one split into 70 % training, 10 % validation and 20 % test, made when first
 * needed.
 */
final class SyntheticData implements ChapterData {
    private static final List<String> CLASSES = List.of("class1", "class2");
    private static final int ONLY_FOLD = 1;

    private final ChapterPlan plan;
    private final int sounds;
    private final SyntheticSet set;
    private final SyntheticInputs inputs;
    private InputSet training;
    private InputSet validation;
    private InputSet test;

    /** @param sounds per class */
    SyntheticData(ChapterPlan plan, int sounds, int threads, Monitor monitor) {
        this.plan = plan;
        this.sounds = sounds;
        this.set = SyntheticInputs.set(SyntheticParameters.DEFAULT, sounds, plan.seed());
        this.inputs = new SyntheticInputs(set, new LogMel(plan.preset().spectrogram()), threads, monitor);
    }

    @Override
    public List<String> classNames() {
        return CLASSES;
    }

    @Override
    public Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("sounds", sounds);
        return identity;
    }

    @Override
    public CrossValidation.Source folds() {
        return new CrossValidation.Source() {
            @Override
            public List<Integer> numbers() {
                return List.of(ONLY_FOLD);
            }

            @Override
            public ModelTraining.Data load(int fold) throws IOException {
                return new ModelTraining.Data(
                        CLASSES,
                        inputs.augmented(
                                "synthesising training sounds",
                                set.train(),
                                plan.training().augmentation()),
                        MaskedInputs.plain(validation()),
                        MaskedInputs.plain(test()));
            }
        };
    }

    @Override
    public List<Integer> trainedFolds() {
        return List.of(ONLY_FOLD);
    }

    private InputSet training() throws IOException {
        training = training == null ? inputs.inputs("synthesising training sounds", set.train()) : training;
        return training;
    }

    @Override
    public InputSet training(int classIndex) throws IOException {
        return training().ofClass(classIndex);
    }

    @Override
    public InputSet validation() throws IOException {
        validation =
                validation == null ? inputs.inputs("synthesising validation sounds", set.validation()) : validation;
        return validation;
    }

    @Override
    public InputSet test() throws IOException {
        test = test == null ? inputs.inputs("synthesising test sounds", set.test()) : test;
        return test;
    }

    @Override
    public List<float[]> shown(int classIndex, int count) throws IOException {
        return Arrays.stream(inputs.complete(classIndex, count).samples())
                .map(SyntheticSample::signal)
                .toList();
    }

    @Override
    public LogMelStatistics logMel() throws IOException {
        LogMelStatistics.Sums sums = new LogMelStatistics.Sums();
        for (InputSet part : List.of(training(), validation(), test())) {
            sums.add(part);
        }
        return sums.result();
    }

    @Override
    public boolean objectsKnown() {
        return true;
    }

    @Override
    public SyntheticInputs.CompleteSamples complete(int classIndex, int count) throws IOException {
        return inputs.complete(classIndex, count);
    }
}
