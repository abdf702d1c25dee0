package unweave.drsa.reference;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The scores of all inputs for all concepts, by one criterion. Arrays are kept, not copied, and not to be modified.
 *
 * @param criterion what was scored
 * @param aggregation how positions were put together
 * @param columns width of the layer's feature map
 * @param scores K x inputs
 * @param peaks K x inputs: the position with the largest value, row * columns + column, the first of equals
 */
public record ReferenceScores(
        Criterion criterion, Aggregation aggregation, int columns, float[][] scores, int[][] peaks) {
    /** K. */
    public int concepts() {
        return scores.length;
    }

    /** Number of inputs. */
    public int inputs() {
        return scores[0].length;
    }

    /** An input as a reference of a concept, however low its score. */
    public Reference reference(int concept, int input) {
        int peak = peaks[concept][input];
        return new Reference(input, scores[concept][input], peak / columns, peak % columns);
    }

    /**
     * The references of a concept: inputs with the highest scores, best first, the earlier of equals. Inputs whose
     * score is not above 0 do not show the concept, so there may be fewer than asked for, or none.
     *
     * @param count how many at most
     */
    public List<Reference> top(int concept, int count) {
        return top(concept, count, input -> input);
    }

    /**
     * As {@link #top(int, int)}, but only the best input of each group: clips of one recording are often alike.
     *
     * @param group says for every input to which group it belongs
     */
    public List<Reference> top(int concept, int count, IntUnaryOperator group) {
        Set<Integer> seen = new HashSet<>();
        return IntStream.range(0, inputs())
                .boxed()
                .filter(input -> scores[concept][input] > 0)
                .sorted(Comparator.comparingDouble(input -> -scores[concept][input]))
                .filter(input -> seen.add(group.applyAsInt(input)))
                .limit(count)
                .map(input -> reference(concept, input))
                .toList();
    }
}
