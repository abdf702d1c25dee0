package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.model.Model;
import unweave.lrp.LayerwiseRelevance;

/**
 * Explains inputs and flips their patches: the standard map, and the concept maps of any number of subspaces of the
 * same model (other methods, layers, classes, seeds). This gives the figures of Table 4.4 and Fig. 4.10 of the thesis:
 *
 * <ul>
 *   <li>a row of Table 4.4: inputs of each class through the subspaces of that class, found by each method at each
 *       layer;
 *   <li>a row of Fig. 4.10: inputs of one class through the subspaces of every class, {@link FlippingScores#deltaAupc}
 *       of each.
 * </ul>
 *
 * Maps are turned into rankings of patches batch by batch and not kept.
 */
public final class SubspaceFlipping {
    /** Inputs explained before their patches are flipped; bounds the memory for maps on the host. */
    private static final int INPUTS = 32;

    private final Model model;
    private final LayerwiseRelevance relevance;
    private final PatchFlipping flipping;

    /** An evaluation of {@code model} by explanations with the rules of {@code relevance}. */
    public SubspaceFlipping(Model model, LayerwiseRelevance relevance, PatchFlipping flipping) {
        this.model = model;
        this.relevance = relevance;
        this.flipping = flipping;
    }

    /**
     * The curves of one evaluation.
     *
     * @param standard of the standard maps (K = 1)
     * @param variants of the concept maps of every set of subspaces, in the order given
     */
    public record Result(FlippingScores standard, List<FlippingScores> variants) {
        public Result {
            variants = List.copyOf(variants);
        }
    }

    /**
     * Explains every input and flips its patches.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input; it need not be the class of the subspaces
     * @param variants subspaces to explain through; may be empty, which leaves the standard maps
     */
    public Result evaluate(float[] inputs, int[] classes, List<Subspaces> variants, EvaluationProgress progress) {
        int size = model.description().input().features();
        List<List<FlippingScores>> parts = new ArrayList<>();
        ProgressClock clock = new ProgressClock(progress, classes.length);
        for (int start = 0; start < classes.length; start += INPUTS) {
            int end = Math.min(classes.length, start + INPUTS);
            float[] batch = Arrays.copyOfRange(inputs, start * size, end * size);
            parts.add(batch(batch, Arrays.copyOfRange(classes, start, end), variants));
            clock.done(end);
        }
        List<FlippingScores> joined = new ArrayList<>();
        for (int i = 0; i <= variants.size(); i++) {
            int variant = i;
            joined.add(FlippingScores.concatenated(
                    parts.stream().map(part -> part.get(variant)).toList()));
        }
        return new Result(joined.get(0), joined.subList(1, joined.size()));
    }

    /** The standard maps first, then the variants. */
    private List<FlippingScores> batch(float[] inputs, int[] classes, List<Subspaces> variants) {
        List<int[][][]> rankings = new ArrayList<>();
        for (Subspaces subspaces : variants) {
            ConceptMaps maps = new TwoStepAttribution(model, relevance, subspaces).attribute(inputs, classes);
            if (rankings.isEmpty()) {
                rankings.add(standardRankings(maps.standard()));
            }
            rankings.add(Arrays.stream(maps.concepts()).map(flipping::rankings).toArray(int[][][]::new));
        }
        if (rankings.isEmpty()) {
            rankings.add(standardRankings(StandardMaps.of(model, relevance, inputs, classes)));
        }
        return flipping.flip(inputs, classes, rankings);
    }

    private int[][][] standardRankings(float[][] standard) {
        return Arrays.stream(standard).map(map -> flipping.rankings(map)).toArray(int[][][]::new);
    }
}
