package unweave.engine.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.model.Model;
import unweave.kernels.Spans;

/**
 * Loss, accuracy and confusion of a model on a set of inputs.
 *
 * @param loss mean cross-entropy
 * @param accuracy share of inputs whose largest logit (the first of equals) is that of their class
 * @param confusion number of inputs of class [row] that were taken for class [column]
 */
public record Evaluation(double loss, double accuracy, int[][] confusion) {
    /**
     * The mean over classes of their share of correct inputs, in which small classes count as much as large ones.
     * Classes without inputs are left out; NaN without inputs.
     */
    public double balancedAccuracy() {
        int[] counts = counts();
        return IntStream.range(0, counts.length)
                .filter(c -> counts[c] > 0)
                .mapToDouble(c -> (double) confusion[c][c] / counts[c])
                .average()
                .orElse(Double.NaN);
    }

    /** The number of inputs of each class. */
    public int[] counts() {
        return Arrays.stream(confusion)
                .mapToInt(row -> Arrays.stream(row).sum())
                .toArray();
    }

    /** Several batches of {@link Model#predict}: the host waits for the device once for all of them. */
    private static final int BATCH = 256;

    /** Runs a model over a data set, outside training, in batches; {@code loaderThreads} prepare inputs ahead. */
    public static Evaluation of(Model model, TrainingData data, int loaderThreads) throws IOException {
        try (LoaderThreads threads = new LoaderThreads(loaderThreads)) {
            return of(model, data, threads);
        }
    }

    static Evaluation of(Model model, TrainingData data, LoaderThreads threads) throws IOException {
        int classes = model.description().classNames().size();
        int[][] confusion = new int[classes][classes];
        double[] loss = new double[1];
        BatchLoader.Pass inOrder =
                new BatchLoader.Pass(IntStream.range(0, data.size()).toArray(), index -> 0);
        try (BatchLoader loader = new BatchLoader(
                        data,
                        model.description().input().features(),
                        BATCH,
                        false,
                        threads,
                        model.backend().spans(),
                        List.of(inOrder).iterator());
                Spans.Span span = model.backend().spans().open("evaluation", data.size() + " inputs")) {
            loader.forEach(batch -> {
                float[] logits = model.predict(batch.inputs(), batch.size());
                for (int i = 0; i < batch.size(); i++) {
                    int label = batch.labels()[i];
                    loss[0] += crossEntropy(logits, i * classes, classes, label);
                    confusion[label][largest(logits, i * classes, classes)]++;
                }
            });
        }
        int correct = IntStream.range(0, classes).map(c -> confusion[c][c]).sum();
        return new Evaluation(loss[0] / data.size(), (double) correct / data.size(), confusion);
    }

    /** log(sum over c: exp(z[c])) - z[label] of the logits from {@code offset} on. */
    static double crossEntropy(float[] logits, int offset, int classes, int label) {
        double largest = logits[offset + largest(logits, offset, classes)];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits[offset + c] - largest);
        }
        return Math.log(sum) + largest - logits[offset + label];
    }

    /** The class of the largest logit, the first of equals. */
    static int largest(float[] logits, int offset, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[offset + c] > logits[offset + best]) {
                best = c;
            }
        }
        return best;
    }
}
