package unweave.lrp;

import java.util.Arrays;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;

/**
 * What is attributed: for each input a weighted sum of its logits, such as the logit of a class, or the logit of one
 * class minus that of another ("why this and not that").
 *
 * @param classes the class in question of each input
 * @param against for each input the class whose logit is subtracted, or -1 for none
 */
public record Target(int[] classes, int[] against) {
    /** In place of a class: the one that the model decides for. Layer-wise relevance propagation takes it. */
    public static final int DECISION = -2;

    public Target {
        if (classes.length != against.length) {
            throw new IllegalArgumentException(
                    classes.length + " classes against " + against.length + ": give one of each for every input");
        }
    }

    /** The logit of a class, for each input. */
    public static Target of(int... classes) {
        int[] none = new int[classes.length];
        Arrays.fill(none, -1);
        return new Target(classes, none);
    }

    /** The logit of one class minus that of another, for each input. */
    public static Target difference(int[] classes, int[] against) {
        return new Target(classes, against);
    }

    /** The same target with the class that the logits, n x classes, decide for wherever {@link #DECISION} stands. */
    Target decidedBy(float[] logits) {
        int width = logits.length / classes.length;
        int[] decided = classes.clone();
        for (int n = 0; n < decided.length; n++) {
            if (decided[n] == DECISION) {
                decided[n] = decision(logits, n * width, width);
            }
        }
        return new Target(decided, against);
    }

    /** The class with the largest of {@code width} logits from {@code offset} on, the first of equals. */
    public static int decision(float[] logits, int offset, int width) {
        int largest = 0;
        for (int c = 1; c < width; c++) {
            if (logits[offset + c] > logits[offset + largest]) {
                largest = c;
            }
        }
        return largest;
    }

    /** Number of inputs. */
    public int count() {
        return classes.length;
    }

    /** The target of inputs from (inclusive) to (exclusive). */
    public Target range(int from, int to) {
        return new Target(Arrays.copyOfRange(classes, from, to), Arrays.copyOfRange(against, from, to));
    }

    /**
     * +1 at the class and -1 at the one it is set against, n x classes: the derivative of the target by the logits.
     * Belongs to the caller.
     */
    public Floats weights(Backend backend, Tensor logits) {
        float[] weights = new float[Math.toIntExact(logits.size())];
        if (classes.length != logits.batch()) {
            throw new IllegalArgumentException(
                    classes.length + " classes to attribute for " + logits.batch() + " inputs: give one for each");
        }
        for (int n = 0; n < classes.length; n++) {
            weights[n * logits.channels() + requireClass(classes[n], n, logits)] += 1f;
            if (against[n] >= 0) {
                weights[n * logits.channels() + requireClass(against[n], n, logits)] -= 1f;
            }
        }
        return backend.floats(weights);
    }

    /** The relevance that an explanation starts from: the logits, times their weights. Belongs to the caller. */
    public Floats relevance(Backend backend, Tensor logits) {
        Floats relevance = weights(backend, logits);
        backend.elementwise().multiply(relevance, logits.data(), relevance);
        return relevance;
    }

    /** The value of the target for input n of {@code logits}, n x classes. */
    public float value(float[] logits, int n) {
        int width = logits.length / classes.length;
        return logits[n * width + classes[n]] - (against[n] >= 0 ? logits[n * width + against[n]] : 0f);
    }

    private static int requireClass(int index, int n, Tensor logits) {
        if (index < 0 || index >= logits.channels()) {
            throw new BadInputException("class " + index + " of input " + n
                    + " does not exist: the model has classes 0 to " + (logits.channels() - 1));
        }
        return index;
    }
}
