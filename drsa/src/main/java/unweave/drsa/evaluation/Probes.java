package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;

/**
 * Collects changed inputs and runs them in batches. An evaluation adds many variants of its inputs, then reads the
 * logits of each by the number that {@link #add} returned.
 */
final class Probes {
    /** Rows of the host array that goes to the model at once. */
    private static final int ROWS = 128;

    private final Model model;
    private final int size;
    private final float[] rows;
    private final List<float[]> logits = new ArrayList<>();
    private int pending;

    Probes(Model model) {
        this.model = model;
        this.size = model.description().input().features();
        this.rows = new float[ROWS * size];
    }

    /**
     * Computes the changed value of one bin from the original value and the bin. It applies to all channels of a bin.
     */
    interface Change {
        float value(float original, int bin);
    }

    /**
     * Adds a variant of an input and returns its number.
     *
     * @param inputs of which that at {@code index} is copied; not modified
     */
    int add(float[] inputs, int index, Change change) {
        LayerShape shape = model.description().input();
        int from = index * size;
        int to = pending * size;
        for (int i = 0; i < size; i++) {
            rows[to + i] = change.value(inputs[from + i], i / shape.channels());
        }
        int number = count();
        pending++;
        if (pending == ROWS) {
            run();
        }
        return number;
    }

    /** How many were added. */
    int count() {
        return logits.size() + pending;
    }

    private void run() {
        int classes = model.description().classNames().size();
        float[] all = model.predict(rows, pending);
        for (int row = 0; row < pending; row++) {
            logits.add(Arrays.copyOfRange(all, row * classes, (row + 1) * classes));
        }
        pending = 0;
    }

    /** The logits of all classes for the variant of that number. */
    float[] logits(int number) {
        if (number >= logits.size()) {
            run();
        }
        return logits.get(number);
    }

    /** The softmax of {@link #logits}. */
    double[] probabilities(int number) {
        return Softmax.of(logits(number));
    }
}
