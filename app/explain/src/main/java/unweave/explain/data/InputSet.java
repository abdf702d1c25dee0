package unweave.explain.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Network inputs in memory: log-mel spectrograms [mels][frames], row after row, with their classes.
 *
 * @param height mels
 * @param width frames
 * @param inputs one array of height * width values per input; not to be modified
 * @param labels class index of each input
 * @param origins which sound of the collection (or which synthetic sample) each input was cut from
 */
public record InputSet(int height, int width, float[][] inputs, int[] labels, int[] origins) {

    public InputSet {
        if (inputs.length != labels.length || inputs.length != origins.length) {
            throw new IllegalArgumentException(
                    inputs.length + " inputs, " + labels.length + " labels and " + origins.length + " origins");
        }
    }

    public int size() {
        return inputs.length;
    }

    /** The inputs at the given places. */
    public InputSet select(List<Integer> places) {
        float[][] chosen = new float[places.size()][];
        int[] chosenLabels = new int[chosen.length];
        int[] chosenOrigins = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = inputs[places.get(i)];
            chosenLabels[i] = labels[places.get(i)];
            chosenOrigins[i] = origins[places.get(i)];
        }
        return new InputSet(height, width, chosen, chosenLabels, chosenOrigins);
    }

    /** The inputs of one class, in order. */
    public InputSet ofClass(int label) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == label) {
                places.add(i);
            }
        }
        return select(places);
    }

    /**
     * At most {@code count} inputs of each sound, distinct and evenly chosen: of m inputs that follow each other, those
     * in the middle of {@code count} equal parts, floor((2 i + 1) m / (2 count)). Of ten slices, three are the second,
     * the sixth and the ninth, and five every other one from the second on.
     */
    public InputSet perSound(int count) {
        List<Integer> places = new ArrayList<>();
        for (int first = 0, end; first < inputs.length; first = end) {
            end = first;
            while (end < inputs.length && origins[end] == origins[first]) {
                end++;
            }
            int all = end - first;
            int chosen = Math.min(count, all);
            for (int i = 0; i < chosen; i++) {
                places.add(first + (2 * i + 1) * all / (2 * chosen));
            }
        }
        return select(places);
    }

    /** All inputs one after the other: the batch N H W 1. */
    public float[] concatenated() {
        float[] all = new float[inputs.length * height * width];
        for (int i = 0; i < inputs.length; i++) {
            System.arraycopy(inputs[i], 0, all, i * height * width, height * width);
        }
        return all;
    }
}
