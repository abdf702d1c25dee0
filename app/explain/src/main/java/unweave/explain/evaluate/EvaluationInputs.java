package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.audio.random.SeededRandom;
import unweave.explain.data.InputSet;

/** Draws a balanced set of inputs to evaluate with. */
public final class EvaluationInputs {
    private static final long STREAM = 41;

    private EvaluationInputs() {}

    /**
     * As many inputs of each class, drawn at random; all of a class that has no more. In the order of the classes and,
     * within a class, of the set.
     *
     * @param perClass at most so many inputs of a class
     */
    public static InputSet draw(InputSet set, List<Integer> classes, int perClass, long seed) {
        List<Integer> places = new ArrayList<>();
        for (int classIndex : classes) {
            int[] ofClass = IntStream.range(0, set.size())
                    .filter(i -> set.labels()[i] == classIndex)
                    .toArray();
            int[] order = SeededRandom.of(seed, STREAM, classIndex).permutation(ofClass.length);
            Arrays.stream(order).limit(perClass).sorted().forEach(i -> places.add(ofClass[i]));
        }
        return set.select(places);
    }
}
