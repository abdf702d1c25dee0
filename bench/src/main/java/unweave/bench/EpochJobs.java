package unweave.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.Optimizer;
import unweave.engine.train.Trainer;
import unweave.engine.train.TrainingData;
import unweave.engine.train.TrainingListener;
import unweave.engine.train.TrainingSettings;
import unweave.kernels.Backend;

/**
 * The training of the demo: {@value JobData#TRAINING_SAMPLES} inputs with masks, batches of {@value JobData#BATCH},
 * {@value JobData#EPOCHS} epochs. A run is one epoch of {@link Trainer}, loading, shuffling and masking included;
 * {@value JobData#EPOCHS} times its time is reported. Checkpoints and the validation after each epoch are left out.
 */
final class EpochJobs {
    private EpochJobs() {}

    static List<Job> all() {
        ModelDescription description = ModelDescription.toy();
        double flops = JobData.EPOCHS
                * (double) JobData.TRAINING_SAMPLES
                / JobData.BATCH
                * NetworkJobs.trainingFlops(description, JobData.BATCH);
        return List.of(new Job(
                "toy: 40 epochs of 2,800 masked samples",
                flops,
                JobData.EPOCHS,
                (backend, threads) -> new Epoch(description, backend)));
    }

    private static final class Epoch implements PreparedJob {
        private final Model model;
        private final TrainingData data;
        private long seed;

        Epoch(ModelDescription description, Backend backend) {
            model = Model.create(description, backend, 1);
            data = JobData.maskedInputs(description, JobData.TRAINING_SAMPLES);
        }

        @Override
        public double run() {
            TrainingSettings settings =
                    new TrainingSettings(1, JobData.BATCH, seed++, Optimizer.adam(JobData.LEARNING_RATE, 0f));
            try {
                return new Trainer(model, data, null, settings, TrainingListener.NONE)
                        .run(null)
                        .history()
                        .get(0)
                        .trainLoss();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
