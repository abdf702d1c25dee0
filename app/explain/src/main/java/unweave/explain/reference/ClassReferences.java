package unweave.explain.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.Reference;
import unweave.drsa.reference.ReferenceScores;
import unweave.explain.data.ClipReader.Clip;

/**
 * What the search found for the concepts of one class.
 *
 * @param clips those searched; their places in the list are the inputs of the scores
 * @param scores by every criterion of the run
 */
public record ClassReferences(Subspaces subspaces, List<Clip> clips, Map<Criterion, ReferenceScores> scores) {
    /** The best clips of a concept, one of each sound; see {@link ReferenceScores#top}. */
    public List<Reference> top(int concept, Criterion criterion, int count) {
        return scores.get(criterion)
                .top(concept, count, input -> clips.get(input).place());
    }

    /**
     * The numbers, from 0, of the channels that span a concept; none where concepts are not made of channels as they
     * are.
     */
    public List<Integer> channels(int concept) {
        if (subspaces.method() != Method.CHANNELS) {
            return List.of();
        }
        int dimensions = subspaces.dimensions();
        int width = dimensions / subspaces.count();
        return IntStream.range(concept * width, (concept + 1) * width)
                .map(column -> IntStream.range(0, dimensions)
                        .filter(row -> subspaces.basis()[row * dimensions + column] != 0)
                        .findFirst()
                        .orElseThrow())
                .boxed()
                .toList();
    }

    public String className() {
        return subspaces.provenance().className();
    }
}
