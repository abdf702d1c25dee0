package unweave.engine.train;

import java.util.Arrays;
import java.util.List;
import unweave.engine.model.Model;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Counter;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Recording;

/**
 * The update of a model's weights by one batch: forward pass, loss, backward pass, optimiser. The first batch makes
 * every call on the backend. For the second the calls are recorded, and later batches play the recording with their own
 * inputs, labels and dropout. The results are the same.
 */
public final class TrainingStep implements AutoCloseable {
    private final Model model;
    private final Backend backend;
    private final OptimizerState optimizer;
    private final int[] inputShape;
    private final Floats inputs;
    private final Ints labels;
    private final int[] seedValues = new int[2];
    private final Ints seed;
    private final Floats losses;
    private final Floats logits;
    private final List<Float> classWeights;
    /** By how much each input's gradient is weighted, in every place of its logits; null if all count alike. */
    private final Floats factors;

    private final float[] factorValues;
    private boolean first = true;
    private Recording recording;

    /** A step in which all classes count alike. */
    public TrainingStep(Model model, OptimizerState optimizer, int batch) {
        this(model, optimizer, batch, List.of());
    }

    /**
     * @param batch number of inputs of every step
     * @param classWeights as in {@link TrainingSettings}
     */
    public TrainingStep(Model model, OptimizerState optimizer, int batch, List<Float> classWeights) {
        this.model = model;
        this.backend = model.backend();
        this.optimizer = optimizer;
        inputShape = model.description().input().ofBatch(batch);
        inputs = backend.floats((long) batch * model.description().input().features());
        labels = backend.ints(batch);
        seed = backend.ints(seedValues.length);
        losses = backend.floats(batch);
        int classes = model.description().classNames().size();
        logits = backend.floats((long) batch * classes);
        if (!classWeights.isEmpty() && classWeights.size() != classes) {
            throw new IllegalArgumentException(classWeights.size() + " class weights for " + classes + " classes");
        }
        this.classWeights = classWeights;
        factorValues = new float[classWeights.isEmpty() ? 0 : batch * classes];
        factors = classWeights.isEmpty() ? null : backend.floats(factorValues.length);
    }

    /**
     * Changes the weights by the gradient of the mean loss, or of the mean weighted by class.
     *
     * @param batchInputs N H W C
     * @param batchLabels the class of each
     * @param dropoutSeed decides what dropout drops
     */
    public void run(float[] batchInputs, int[] batchLabels, long dropoutSeed) {
        if (batchInputs.length != inputs.size() || batchLabels.length != labels.size()) {
            throw new IllegalArgumentException("a step of " + labels.size() + " inputs with " + inputs.size()
                    + " values was given " + batchLabels.length + " with " + batchInputs.length);
        }
        backend.upload(batchInputs, 0, inputs, 0, batchInputs.length);
        backend.upload(batchLabels, 0, labels, 0, batchLabels.length);
        if (factors != null) {
            weigh(batchLabels);
            backend.upload(factorValues, 0, factors, 0, factorValues.length);
        }
        Counter.split(dropoutSeed, seedValues);
        backend.upload(seedValues, 0, seed, 0, seedValues.length);
        optimizer.begin();
        if (first) {
            first = false;
            compute();
            return;
        }
        if (recording == null) {
            recording = backend.record(this::compute);
        }
        recording.play();
    }

    /** The gradient of sum(w l) / sum(w) is that of the mean loss, input by input times N w / sum(w). */
    private void weigh(int[] batchLabels) {
        double sum = 0;
        for (int label : batchLabels) {
            sum += classWeights.get(label);
        }
        int classes = classWeights.size();
        for (int i = 0; i < batchLabels.length; i++) {
            float factor = (float) (batchLabels.length * classWeights.get(batchLabels[i]) / sum);
            Arrays.fill(factorValues, i * classes, (i + 1) * classes, factor);
        }
    }

    private void compute() {
        try (Tape tape = Tape.training(backend, seed)) {
            Tensor output = model.forward(tape, tape.borrowed(inputs, inputShape));
            Tensor loss = factors == null
                    ? tape.crossEntropy("loss", output, labels)
                    : tape.crossEntropy("loss", output, labels, factors);
            tape.backward(loss);
            optimizer.apply();
            backend.copy(loss.data(), 0, losses, 0, losses.size());
            backend.copy(output.data(), 0, logits, 0, logits.size());
        }
    }

    /** The loss of each input in the last step, before its update and without weights. Overwritten by the next. */
    public Floats losses() {
        return losses;
    }

    /** What the model gave in the last step, N x classes. Overwritten by the next. */
    public Floats logits() {
        return logits;
    }

    @Override
    public void close() {
        if (recording != null) {
            recording.close();
        }
        inputs.close();
        labels.close();
        seed.close();
        losses.close();
        logits.close();
        if (factors != null) {
            factors.close();
        }
    }
}
