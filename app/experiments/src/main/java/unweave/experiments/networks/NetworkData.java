package unweave.experiments.networks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import unweave.audio.spectral.LogMel;
import unweave.audio.synthetic.SyntheticSet;
import unweave.drsa.evaluation.Mixture;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.InputSet;
import unweave.explain.data.MaskedInputs;
import unweave.explain.progress.Monitor;
import unweave.explain.train.ModelTraining;

/** The sounds of one network, each part made when it is first needed. */
final class NetworkData {
    static final List<String> CLASSES = List.of("class1", "class2");

    private final NetworksPlan plan;
    private final SyntheticSet set;
    private final SyntheticInputs inputs;
    private final List<List<Mixture>> complete = new ArrayList<>();
    private InputSet training;
    private InputSet test;

    NetworkData(NetworksPlan plan, long seed, int threads, Monitor monitor) {
        this.plan = plan;
        this.set = SyntheticInputs.set(plan.sounds(), plan.samplesPerClass(), seed);
        this.inputs = new SyntheticInputs(set, new LogMel(plan.preset().spectrogram()), threads, monitor);
    }

    InputSet training() throws IOException {
        training = training == null ? inputs.inputs("synthesising training sounds", set.train()) : training;
        return training;
    }

    InputSet test() throws IOException {
        test = test == null ? inputs.inputs("synthesising test sounds", set.test()) : test;
        return test;
    }

    ModelTraining.Data forTraining() throws IOException {
        return new ModelTraining.Data(
                CLASSES,
                new MaskedInputs(training(), plan.training().augmentation()),
                MaskedInputs.plain(inputs.inputs("synthesising validation sounds", set.validation())),
                MaskedInputs.plain(test()));
    }

    /** Sounds that hold all objects: those to score with, then as many for the oracle. */
    List<Mixture> complete(int classIndex) throws IOException {
        while (complete.size() <= classIndex) {
            complete.add(inputs.complete(complete.size(), 2 * plan.complete()).mixtures());
        }
        return complete.get(classIndex);
    }
}
