package unweave.engine.train;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * Loss and accuracy over an epoch. Losses and logits of several batches are collected in device memory and fetched
 * together, since each transfer makes the host wait for the device. Sums run in the order of the inputs.
 */
final class EpochScore implements AutoCloseable {
    private static final int BATCHES = 16;

    private final Backend backend;
    private final int batchSize;
    private final int classes;
    private final Floats losses;
    private final Floats logits;
    private final int[] labels;
    private int waiting;
    private int waitingBatches;
    private int inputs;
    private int correct;
    private double lossSum;
    private int badBatch = -1;

    EpochScore(Backend backend, int batchSize, int classes) {
        this.backend = backend;
        this.batchSize = batchSize;
        this.classes = classes;
        int most = BATCHES * batchSize + 1; // the last batch of an epoch may hold one input more
        this.losses = backend.floats(most);
        this.logits = backend.floats((long) most * classes);
        this.labels = new int[most];
    }

    void clear() {
        waiting = 0;
        waitingBatches = 0;
        inputs = 0;
        correct = 0;
        lossSum = 0;
        badBatch = -1;
    }

    /** Adds a batch; when {@link #full}, call {@link #fetch} first. */
    void add(Floats batchLosses, Floats batchLogits, int[] batchLabels) {
        backend.copy(batchLosses, 0, losses, waiting, batchLosses.size());
        backend.copy(batchLogits, 0, logits, (long) waiting * classes, batchLogits.size());
        System.arraycopy(batchLabels, 0, labels, waiting, batchLabels.length);
        waiting += batchLabels.length;
        waitingBatches++;
    }

    boolean full() {
        return waitingBatches == BATCHES;
    }

    /** Waits for the device and adds the collected batches to the sums. */
    void fetch() {
        float[] loss = new float[waiting];
        float[] z = new float[waiting * classes];
        backend.download(losses, 0, loss, 0, loss.length);
        backend.download(logits, 0, z, 0, z.length);
        for (int i = 0; i < waiting; i++) {
            if (badBatch < 0 && !Float.isFinite(loss[i])) {
                badBatch = (inputs + i) / batchSize;
            }
            lossSum += loss[i];
            correct += Evaluation.largest(z, i * classes, classes) == labels[i] ? 1 : 0;
        }
        inputs += waiting;
        waiting = 0;
        waitingBatches = 0;
    }

    /** The first batch, from 0, with a loss that is infinite or not a number; -1 if there is none. */
    int badBatch() {
        return badBatch;
    }

    /** Mean loss of the fetched batches. */
    double loss() {
        return lossSum / inputs;
    }

    /** Share of correct inputs in the fetched batches. */
    double accuracy() {
        return (double) correct / inputs;
    }

    @Override
    public void close() {
        losses.close();
        logits.close();
    }
}
