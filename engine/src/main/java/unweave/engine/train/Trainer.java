package unweave.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import unweave.engine.file.ModelFileException;
import unweave.engine.layer.BatchNorm;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Spans;

/**
 * Trains a model. The folder it works in holds {@value #CHECKPOINT}, replaced after every epoch, and {@value #METRICS}.
 * A training that was killed can be resumed from its last finished epoch. It then ends with the same bytes as one that
 * was not, apart from the measured seconds.
 */
public final class Trainer {
    /** The file with the state after the last epoch. */
    public static final String CHECKPOINT = "checkpoint.safetensors";
    /** The file with loss and accuracy of each epoch. */
    public static final String METRICS = "metrics.csv";

    /** Noted only where there are any, so that checkpoints without them stay as they were. */
    private static final String CLASS_WEIGHTS = "class weights";

    private static final double PROGRESS_SECONDS = 0.25;

    private final Model model;
    private final Backend backend;
    private final TrainingData training;
    private final TrainingData validation;
    private final TrainingSettings settings;
    private final TrainingListener listener;

    private final List<EpochRecord> history = new ArrayList<>();
    private int bestEpoch;
    private Map<String, float[]> bestWeights = Map.of();
    private long startTime;
    private int firstEpoch;

    /**
     * @param model trained in place
     * @param validation evaluated after every epoch; null for none
     */
    public Trainer(
            Model model,
            TrainingData training,
            TrainingData validation,
            TrainingSettings settings,
            TrainingListener listener) {
        if (training.size() == 0 || (validation != null && validation.size() == 0)) {
            throw new BadInputException("no " + (training.size() == 0 ? "training" : "validation") + " data");
        }
        if (settings.keepBest() && validation == null) {
            throw new BadInputException("keeping the best epoch needs validation data");
        }
        requireLabels("training", training, model);
        if (validation != null) {
            requireLabels("validation", validation, model);
        }
        this.model = model;
        this.backend = model.backend();
        this.training = training;
        this.validation = validation;
        this.settings = settings;
        this.listener = listener;
        if (needsTwo() && Math.min(settings.batchSize(), training.size()) == 1) {
            throw new BadInputException(
                    "a batch of 1 input cannot be normalised by the batch normalisation of a vector; "
                            + (training.size() == 1 ? "give more training sounds" : "choose a batch of 2 or more"));
        }
    }

    /**
     * Whether a batch normalisation has one value per input and channel: it takes the variance over the inputs alone.
     */
    private boolean needsTwo() {
        ModelDescription description = model.description();
        return description.layers().stream()
                .anyMatch(layer -> layer instanceof BatchNorm norm
                        && description.outputShape(norm.name()).features()
                                == norm.channels(description.inputShapes(norm.name())));
    }

    private static void requireLabels(String which, TrainingData data, Model model) {
        int classes = model.description().classNames().size();
        for (int i = 0; i < data.size(); i++) {
            if (data.label(i) < 0 || data.label(i) >= classes) {
                throw new BadInputException(which + " input " + i + " has the label " + data.label(i)
                        + "; the model has classes 0 to " + (classes - 1));
            }
        }
    }

    /**
     * Trains, starting from the model's weights.
     *
     * @param folder an existing folder, for the checkpoint and the metrics, which replace older ones; null to write
     *     nothing
     * @throws DivergenceException when the loss is no longer a number
     */
    public TrainingResult run(Path folder) throws IOException {
        history.clear();
        bestEpoch = 0;
        bestWeights = Map.of();
        try (OptimizerState optimizer = new OptimizerState(settings.optimizer(), model)) {
            // Also a training that is killed in its first epoch can be resumed.
            save(folder, optimizer);
            return train(folder, optimizer);
        }
    }

    /**
     * Resumes from the checkpoint in a folder; the model takes its weights.
     *
     * @throws ModelFileException if there is no checkpoint, or one of another model, other data or other settings (but
     *     more epochs are fine)
     */
    public TrainingResult resume(Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(folder.resolve(CHECKPOINT));
        requireSame(folder.resolve(CHECKPOINT), checkpoint.settings());
        history.clear();
        history.addAll(checkpoint.history());
        bestEpoch = checkpoint.bestEpoch();
        bestWeights = checkpoint.bestWeights();
        model.setWeights(checkpoint.weights());
        try (OptimizerState optimizer = new OptimizerState(settings.optimizer(), model)) {
            restore(optimizer, checkpoint, folder.resolve(CHECKPOINT));
            MetricsFile.write(folder.resolve(METRICS), history);
            return train(folder, optimizer);
        }
    }

    private static void restore(OptimizerState optimizer, Checkpoint checkpoint, Path file) {
        try {
            optimizer.restore(checkpoint.step(), checkpoint.optimizerValues());
        } catch (BadInputException e) {
            throw new ModelFileException(file, "is a damaged checkpoint (" + e.getMessage() + ")", e);
        }
    }

    private TrainingResult train(Path folder, OptimizerState optimizer) throws IOException {
        startTime = System.nanoTime();
        firstEpoch = history.size() + 1;
        int inputSize = model.description().input().features();
        int classes = model.description().classNames().size();
        try (LoaderThreads threads = new LoaderThreads(settings.loaderThreads());
                BatchLoader loader = new BatchLoader(
                        training, inputSize, settings.batchSize(), needsTwo(), threads, backend.spans(), passes());
                EpochScore score = new EpochScore(backend, settings.batchSize(), classes);
                TrainingStep step = new TrainingStep(model, optimizer, settings.batchSize(), settings.classWeights())) {
            Equipment equipment = new Equipment(threads, loader, score, optimizer, step);
            for (int epoch = firstEpoch; epoch <= settings.epochs(); epoch++) {
                EpochRecord done;
                try (Spans.Span span = backend.spans().open("epoch", epoch)) {
                    done = runEpoch(epoch, equipment);
                }
                history.add(done);
                if (settings.keepBest() && (bestEpoch == 0 || done.betterThan(history.get(bestEpoch - 1)))) {
                    bestEpoch = epoch;
                    bestWeights = model.weights();
                }
                save(folder, optimizer);
                listener.epochDone(done);
            }
        }
        Map<String, float[]> finalWeights = model.weights();
        if (bestEpoch > 0) {
            model.setWeights(bestWeights);
        }
        return new TrainingResult(history, bestEpoch > 0 ? bestEpoch : history.size(), finalWeights);
    }

    private Iterator<BatchLoader.Pass> passes() {
        return IntStream.rangeClosed(firstEpoch, settings.epochs())
                .mapToObj(epoch -> {
                    EpochOrder order = new EpochOrder(settings.seed(), epoch);
                    return new BatchLoader.Pass(order.permutation(training.size()), order::augmentationSeed);
                })
                .iterator();
    }

    /** What all epochs of a training share. */
    private record Equipment(
            LoaderThreads threads, BatchLoader loader, EpochScore score, OptimizerState optimizer, TrainingStep step) {}

    private EpochRecord runEpoch(int epoch, Equipment with) throws IOException {
        long start = System.nanoTime();
        EpochOrder order = new EpochOrder(settings.seed(), epoch);
        EpochScore score = with.score();
        int batches = with.loader().batches();
        score.clear();
        int[] batch = {0};
        double[] lastReport = {0};
        with.loader().forEach(inputs -> {
            try (Spans.Span span = backend.spans().open("step", with.optimizer().step() + 1)) {
                update(inputs, order.dropoutSeed(batch[0]), with);
            }
            batch[0]++;
            if (score.full() || batch[0] == batches || seconds(start) - lastReport[0] > PROGRESS_SECONDS) {
                score.fetch();
                requireFinite(epoch, batches, score);
                lastReport[0] = seconds(start);
                listener.progress(progress(epoch, batch[0], batches, score));
            }
        });
        double validationLoss = Double.NaN;
        double validationAccuracy = Double.NaN;
        if (validation != null) {
            Evaluation evaluation = Evaluation.of(model, validation, with.threads());
            validationLoss = evaluation.loss();
            validationAccuracy = evaluation.accuracy();
        }
        return new EpochRecord(
                epoch, score.loss(), score.accuracy(), validationLoss, validationAccuracy, seconds(start));
    }

    /** The last batch of an epoch may be smaller than those that the recorded step takes. */
    private void update(BatchLoader.Batch batch, long dropoutSeed, Equipment with) {
        if (batch.size() == settings.batchSize()) {
            update(batch, dropoutSeed, with.step(), with.score());
        } else {
            try (TrainingStep rest = new TrainingStep(model, with.optimizer(), batch.size(), settings.classWeights())) {
                update(batch, dropoutSeed, rest, with.score());
            }
        }
    }

    private static void update(BatchLoader.Batch batch, long dropoutSeed, TrainingStep step, EpochScore score) {
        step.run(batch.inputs(), batch.labels(), dropoutSeed);
        score.add(step.losses(), step.logits(), batch.labels());
    }

    private void requireFinite(int epoch, int batches, EpochScore score) {
        if (score.badBatch() >= 0) {
            throw new DivergenceException(
                    epoch,
                    (epoch - 1) * batches + score.badBatch() + 1,
                    settings.optimizer().rate());
        }
    }

    private TrainingListener.Progress progress(int epoch, int batch, int batches, EpochScore score) {
        double seconds = seconds(startTime);
        double done = epoch - firstEpoch + (double) batch / batches;
        double left = seconds / done * (settings.epochs() - firstEpoch + 1 - done);
        return new TrainingListener.Progress(
                epoch, settings.epochs(), batch, batches, score.loss(), score.accuracy(), seconds, left);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }

    private void save(Path folder, OptimizerState optimizer) throws IOException {
        if (folder == null) {
            return;
        }
        Checkpoint checkpoint = new Checkpoint(
                model.description(),
                identity(),
                model.weights(),
                optimizer.step(),
                optimizer.values(),
                history,
                bestEpoch,
                bestWeights);
        checkpoint.write(folder.resolve(CHECKPOINT));
        MetricsFile.write(folder.resolve(METRICS), history);
    }

    /** What decides the result of a training, apart from the number of epochs. */
    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("network", model.description().architecture());
        identity.put("optimizer", settings.optimizer().toString());
        identity.put("batch size", String.valueOf(settings.batchSize()));
        identity.put("seed", String.valueOf(settings.seed()));
        identity.put("keep best", String.valueOf(settings.keepBest()));
        if (!settings.classWeights().isEmpty()) {
            identity.put(CLASS_WEIGHTS, settings.classWeights().toString());
        }
        identity.put("training data", identity(training));
        identity.put("validation data", validation == null ? "none" : identity(validation));
        return identity;
    }

    private static String identity(TrainingData data) {
        int labels = 1;
        for (int i = 0; i < data.size(); i++) {
            labels = 31 * labels + data.label(i);
        }
        return data.size() + " inputs, labels " + Integer.toHexString(labels)
                + (data.identity().isEmpty() ? "" : ", " + data.identity());
    }

    private void requireSame(Path file, Map<String, String> earlier) throws IOException {
        Map<String, String> identity = identity();
        Set<String> names = new LinkedHashSet<>(identity.keySet());
        names.add(CLASS_WEIGHTS);
        for (String name : names) {
            String before = earlier.getOrDefault(name, "none");
            String now = identity.getOrDefault(name, "none");
            if (!before.equals(now)) {
                String difference = name.equals("network") ? "another network" : name + " " + before + ", not " + now;
                throw new ModelFileException(
                        file,
                        "belongs to a training with " + difference
                                + "; resume it with the settings it was started with, or" + " start anew");
            }
        }
    }
}
