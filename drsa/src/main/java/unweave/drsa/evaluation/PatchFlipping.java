package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Counter;

/**
 * Patch flipping (thesis 4.2.3 and B.1.1; Chormai et al. 2024): the more relevant patches of an input are set to 0, the
 * faster a faithful explanation makes the class logit fall. Each of the K maps of an explanation has its own ranking of
 * the patches by positive relevance. Step t takes the next t^2 patches of every ranking, and the masks are united:
 *
 * <pre>
 * M_t = union over k of the first 1 + 4 + ... + t^2 patches of map k,
 * f_t = max(0, logit of the class for x with M_t zeroed),
 * </pre>
 *
 * until all patches are flipped. Another value than 0 can be chosen where 0 does not stand for "nothing". Maps that
 * rank the same patches first flip fewer of them, so overlap costs. {@link FlippingScores} holds the curves.
 *
 * <p>Random rankings are the baseline: an explanation whose AUPC is not below theirs says nothing about the decision.
 * For K maps the fair baseline has K random rankings.
 *
 * <p>Several explanations of the same inputs are measured together: equal masks of one input are run once, the input
 * without flips once for all, and the input without any patch once for all inputs.
 */
public final class PatchFlipping {
    /** Side of a patch in the thesis, in bins. */
    public static final int THESIS_SIDE = 16;

    private final Model model;
    private final float nothing;
    private final PatchGrid grid;
    private final int[] flips;
    private final int[] patchOf;

    /** Flipping of the inputs of a model, with patches of {@code side} x {@code side} bins. */
    public PatchFlipping(Model model, int side) {
        this(model, side, 0);
    }

    /**
     * As {@link #PatchFlipping(Model, int)}.
     *
     * @param nothing the value of flipped bins
     */
    public PatchFlipping(Model model, int side, float nothing) {
        LayerShape input = model.description().input();
        this.model = model;
        this.nothing = nothing;
        this.grid = new PatchGrid(input.height(), input.width(), side);
        this.flips = FlippingSchedule.quadratic(grid.count());
        this.patchOf = IntStream.range(0, grid.height() * grid.width())
                .map(grid::patchOf)
                .toArray();
    }

    /** The patches. */
    public PatchGrid grid() {
        return grid;
    }

    /** Patches of every map flipped in each step. */
    public int[] flips() {
        return flips.clone();
    }

    /**
     * The rankings of the maps of one explanation.
     *
     * @param maps K maps of height x width relevances; not modified
     * @return K x patches
     */
    public int[][] rankings(float[]... maps) {
        return Arrays.stream(maps).map(grid::ranking).toArray(int[][]::new);
    }

    /**
     * Random rankings: for each of {@code samples} inputs, {@code maps} independent ones. The same seed gives the same
     * rankings everywhere.
     */
    public int[][][] randomRankings(int samples, int maps, long seed) {
        int[][][] rankings = new int[samples][maps][];
        for (int i = 0; i < samples; i++) {
            for (int k = 0; k < maps; k++) {
                rankings[i][k] = Permutation.random(grid.count(), Counter.derive(Counter.derive(seed, i), k));
            }
        }
        return rankings;
    }

    /**
     * Measures one explanation of every input.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the class whose logit is followed, for every input
     * @param rankings samples x K x patches, as {@link #rankings} gives them
     */
    public FlippingScores flip(float[] inputs, int[] classes, int[][][] rankings) {
        return flip(inputs, classes, Collections.singletonList(rankings)).get(0);
    }

    /**
     * Measures several explanations of the same inputs.
     *
     * @param rankings for every explanation samples x K x patches; K may differ between explanations
     * @return one result for every explanation
     * @throws IllegalArgumentException if there are too few values, a class does not exist or a ranking does not fit
     */
    public List<FlippingScores> flip(float[] inputs, int[] classes, List<int[][][]> rankings) {
        requireFitting(inputs, classes, rankings);
        Probes probes = new Probes(model);
        int nothingLeft = probes.add(new float[model.description().input().features()], 0, (value, bin) -> nothing);
        int[][][] numbers = new int[rankings.size()][classes.length][flips.length + 1];
        for (int sample = 0; sample < classes.length; sample++) {
            Map<BitSet, Integer> known = new HashMap<>();
            for (int method = 0; method < rankings.size(); method++) {
                List<BitSet> masks = masks(rankings.get(method)[sample]);
                for (int step = 0; step < masks.size(); step++) {
                    BitSet mask = masks.get(step);
                    int index = sample;
                    numbers[method][sample][step] = mask.cardinality() == grid.count()
                            ? nothingLeft
                            : known.computeIfAbsent(
                                    mask,
                                    unseen -> probes.add(inputs, index, (value, bin) -> flipped(value, bin, unseen)));
                }
            }
        }
        return Arrays.stream(numbers).map(one -> scores(probes, one, classes)).toList();
    }

    /**
     * The patches that a step takes from one ranking (thesis 4.2.3): {@link #flips} of them.
     *
     * @param ranking all patches, as {@link #rankings} gives them; not modified
     * @param step 1 to T
     */
    public int[] patches(int[] ranking, int step) {
        int done = Arrays.stream(flips, 0, step - 1).sum();
        return Arrays.copyOfRange(ranking, done, done + flips[step - 1]);
    }

    /**
     * The united mask of K rankings after every step, 0 (nothing flipped) to T (everything): the M of thesis Fig. 4.9.
     *
     * @param rankings K x patches; not modified
     * @return T + 1 sets of patches
     */
    public List<BitSet> masks(int[][] rankings) {
        List<BitSet> masks = new ArrayList<>();
        BitSet mask = new BitSet(grid.count());
        masks.add((BitSet) mask.clone());
        for (int step = 1; step <= flips.length; step++) {
            for (int[] ranking : rankings) {
                Arrays.stream(patches(ranking, step)).forEach(mask::set);
            }
            masks.add((BitSet) mask.clone());
        }
        return masks;
    }

    /**
     * A copy of an input with the patches of a mask flipped, as it is measured.
     *
     * @param input height x width values of one channel; not modified
     */
    public float[] flipped(float[] input, BitSet mask) {
        float[] flipped = new float[input.length];
        for (int bin = 0; bin < input.length; bin++) {
            flipped[bin] = flipped(input[bin], bin, mask);
        }
        return flipped;
    }

    private float flipped(float value, int bin, BitSet mask) {
        return mask.get(patchOf[bin]) ? nothing : value;
    }

    private FlippingScores scores(Probes probes, int[][] numbers, int[] classes) {
        float[][] scores = new float[classes.length][flips.length + 1];
        for (int sample = 0; sample < classes.length; sample++) {
            for (int step = 0; step <= flips.length; step++) {
                scores[sample][step] = Math.max(0f, probes.logits(numbers[sample][step])[classes[sample]]);
            }
        }
        return new FlippingScores(flips.clone(), scores);
    }

    private void requireFitting(float[] inputs, int[] classes, List<int[][][]> rankings) {
        Samples.require(model, inputs, classes);
        if (rankings.isEmpty()) {
            throw new IllegalArgumentException("patch flipping needs at least one explanation");
        }
        for (int[][][] one : rankings) {
            boolean fits = one.length == classes.length
                    && Arrays.stream(one)
                            .allMatch(maps ->
                                    maps.length > 0 && Arrays.stream(maps).allMatch(this::isPermutation));
            if (!fits) {
                throw new IllegalArgumentException("patch flipping needs for each of the " + classes.length
                        + " inputs at least one ranking, which holds each of the " + grid.count() + " patches once");
            }
        }
    }

    private boolean isPermutation(int[] ranking) {
        BitSet seen = new BitSet(grid.count());
        for (int patch : ranking) {
            if (patch < 0 || patch >= grid.count()) {
                return false;
            }
            seen.set(patch);
        }
        return ranking.length == grid.count() && seen.cardinality() == grid.count();
    }
}
