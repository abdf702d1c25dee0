package unweave.explain.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import unweave.engine.file.ModelFile;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.EpochRecord;
import unweave.engine.train.Evaluation;
import unweave.engine.train.Optimizer;
import unweave.engine.train.Trainer;
import unweave.engine.train.TrainingData;
import unweave.engine.train.TrainingListener;
import unweave.engine.train.TrainingResult;
import unweave.engine.train.TrainingSettings;
import unweave.explain.data.Parallel;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.Preset;
import unweave.explain.preset.TrainingPlan;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;

/** One training: builds the network of a preset, trains it, tests it, and saves it. */
public final class ModelTraining {
    /** The trained model in the output folder. */
    public static final String MODEL = "model.safetensors";

    private final Preset preset;
    private final TrainingPlan plan;
    private final boolean keepBest;
    private final long seed;
    private final int threads;
    private final Monitor monitor;

    /**
     * @param plan the preset's, or a changed one
     * @param keepBest whether the epoch that does best on the validation data is kept, instead of the last
     * @param threads to prepare inputs with while the network learns, 0 for one per processor
     */
    public ModelTraining(Preset preset, TrainingPlan plan, boolean keepBest, long seed, int threads, Monitor monitor) {
        this.preset = preset;
        this.plan = plan;
        this.keepBest = keepBest;
        this.seed = seed;
        this.threads = Parallel.threads(threads);
        this.monitor = monitor;
    }

    /** What to train and test with; validation or test may be null or empty. */
    public record Data(List<String> classNames, TrainingData train, TrainingData validation, TrainingData test) {}

    /**
     * A trained model.
     *
     * @param validation the chosen weights on the validation data; null without any
     * @param test on the test data; null without any
     * @param seconds of training, validation included
     */
    public record Trained(Model model, TrainingResult result, Evaluation validation, Evaluation test, double seconds) {}

    /**
     * Trains and writes {@code model.safetensors}, {@code checkpoint.safetensors} and {@code metrics.csv}.
     *
     * @param resume whether to go on from the folder's checkpoint
     * @return the caller closes the model
     */
    public Trained run(Data data, Backend backend, OutputFolder out, boolean resume) throws IOException {
        ModelDescription description = preset.description(data.classNames());
        TrainingData validation = empty(data.validation()) ? null : data.validation();
        Model model = Model.create(description, backend, seed);
        try {
            long start = System.nanoTime();
            TrainingResult result = train(model, data.train(), validation, folder(out), resume);
            double seconds = (System.nanoTime() - start) * 1e-9;
            Evaluation validated = validation == null ? null : Evaluation.of(model, validation, threads);
            Evaluation test = empty(data.test()) ? null : Evaluation.of(model, data.test(), threads);
            ModelFile.save(out.prepare(MODEL), model, record(result, test, weights(data.classNames(), data.train())));
            return new Trained(model, result, validated, test, seconds);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static boolean empty(TrainingData data) {
        return data == null || data.size() == 0;
    }

    private static Path folder(OutputFolder out) throws IOException {
        out.prepare(Trainer.METRICS);
        return out.prepare(Trainer.CHECKPOINT).getParent();
    }

    private TrainingResult train(Model model, TrainingData train, TrainingData validation, Path folder, boolean resume)
            throws IOException {
        float rate = (float) plan.learningRate();
        float decay = (float) plan.weightDecay();
        Optimizer optimizer = plan.optimizer().equals("adam")
                ? Optimizer.adam(rate, decay)
                : new Optimizer.Sgd(rate, (float) plan.momentum(), decay);
        TrainingSettings settings = new TrainingSettings(
                plan.epochs(),
                plan.batch(),
                seed,
                optimizer,
                keepBest && validation != null,
                threads,
                weights(model.description().classNames(), train));
        long batches = ((long) train.size() + plan.batch() - 1) / plan.batch();
        try (Progress progress = monitor.progress("training", plan.epochs() * batches)) {
            Trainer trainer = new Trainer(model, train, validation, settings, listener(progress, batches));
            return resume ? trainer.resume(folder) : trainer.run(folder);
        }
    }

    /** The weight of each class; empty if all count alike. */
    private List<Float> weights(List<String> classNames, TrainingData train) {
        int[] counts = new int[classNames.size()];
        for (int i = 0; i < train.size(); i++) {
            counts[train.label(i)]++;
        }
        return plan.classWeights().of(classNames, counts);
    }

    private static TrainingListener listener(Progress progress, long batches) {
        return new TrainingListener() {
            private String validated = "";

            @Override
            public void progress(TrainingListener.Progress at) {
                progress.at(
                        (at.epoch() - 1) * batches + at.batch(),
                        String.format(
                                Locale.ROOT,
                                "epoch %d/%d loss %.4f acc %.3f%s",
                                at.epoch(),
                                at.epochs(),
                                at.loss(),
                                at.accuracy(),
                                validated));
            }

            @Override
            public void epochDone(EpochRecord epoch) {
                validated = Double.isNaN(epoch.validationAccuracy())
                        ? ""
                        : String.format(Locale.ROOT, " val %.3f", epoch.validationAccuracy());
            }
        };
    }

    /** What the model file says about its training: nothing that differs between two runs with the same seed. */
    private JsonObject record(TrainingResult result, Evaluation test, List<Float> weights) {
        JsonObject record = new JsonObject();
        record.addProperty("preset", preset.name());
        record.addProperty("epochs", plan.epochs());
        record.addProperty("epochKept", result.epoch());
        record.addProperty("batch", plan.batch());
        record.addProperty("optimizer", plan.optimizer());
        record.addProperty("learningRate", plan.learningRate());
        record.addProperty("weightDecay", plan.weightDecay());
        record.addProperty("seed", seed);
        if (!weights.isEmpty()) {
            record.addProperty("classWeights", plan.classWeights().toString());
            JsonArray values = new JsonArray();
            weights.forEach(values::add);
            record.add("weightOfClass", values);
        }
        addAccuracy(record, "trainAccuracy", result.chosen().trainAccuracy());
        addAccuracy(record, "validationAccuracy", result.chosen().validationAccuracy());
        addAccuracy(record, "testAccuracy", test == null ? Double.NaN : test.accuracy());
        return record;
    }

    private static void addAccuracy(JsonObject record, String name, double accuracy) {
        if (!Double.isNaN(accuracy)) {
            record.addProperty(name, accuracy);
        }
    }
}
