package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;

/**
 * Insertion and deletion (Petsiuk, Das and Saenko, "RISE", 2018): bin by bin instead of patch by patch, and by
 * probability instead of logit. Deletion replaces the most relevant bins by a value that stands for silence, in S equal
 * steps, and follows the softmax probability of the class. Insertion replaces everything and puts the most relevant
 * bins back first.
 */
public final class InsertionDeletion {
    /** The default number of steps: one sixteenth of all bins each. */
    public static final int DEFAULT_STEPS = 16;

    private final Model model;
    private final float nothing;
    private final int steps;
    private final MapRanking ranking;

    /**
     * An evaluation of explanations of {@code model}.
     *
     * @param nothing replaces a removed value; on a log spectrogram its floor
     * @param steps S, at least 1
     */
    public InsertionDeletion(Model model, float nothing, int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("insertion and deletion need at least 1 step, not " + steps);
        }
        LayerShape shape = model.description().input();
        this.model = model;
        this.nothing = nothing;
        this.steps = steps;
        this.ranking = new MapRanking(shape.height() * shape.width());
    }

    /**
     * Measures several explanations of the same inputs.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input
     * @param maps explanations x samples x (H x W): relevances or masks; only their order matters; not modified
     * @return one result for every explanation
     */
    public List<RemovalCurves> evaluate(float[] inputs, int[] classes, List<float[][]> maps) {
        Samples.require(model, inputs, classes, maps);
        List<RemovalCurves> results = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            results.add(new RemovalCurves(new double[classes.length][], new double[classes.length][]));
        }
        for (int sample = 0; sample < classes.length; sample++) {
            Probes probes = new Probes(model);
            int everything = probes.add(inputs, sample, (value, bin) -> value);
            int none = probes.add(inputs, sample, (value, bin) -> nothing);
            int[] first = new int[maps.size()];
            for (int i = 0; i < maps.size(); i++) {
                first[i] = addSteps(probes, inputs, sample, maps.get(i)[sample]);
            }
            for (int i = 0; i < maps.size(); i++) {
                results.get(i).deletion()[sample] = curve(probes, classes[sample], everything, first[i], none);
                results.get(i).insertion()[sample] =
                        curve(probes, classes[sample], none, first[i] + steps - 1, everything);
            }
        }
        return results;
    }

    /** Adds S - 1 inputs for deletion, then S - 1 for insertion; returns the number of the first. */
    private int addSteps(Probes probes, float[] inputs, int sample, float[] map) {
        int[] order = ranking.of(map);
        int[] rank = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            rank[order[i]] = i;
        }
        int first = probes.count();
        for (int s = 1; s < steps; s++) {
            int removed = bins(s, rank.length);
            probes.add(inputs, sample, (value, bin) -> rank[bin] < removed ? nothing : value);
        }
        for (int s = 1; s < steps; s++) {
            int there = bins(s, rank.length);
            probes.add(inputs, sample, (value, bin) -> rank[bin] < there ? value : nothing);
        }
        return first;
    }

    private int bins(int step, int all) {
        return (int) Math.round((double) all * step / steps);
    }

    private double[] curve(Probes probes, int classIndex, int start, int between, int end) {
        double[] curve = new double[steps + 1];
        curve[0] = probes.probabilities(start)[classIndex];
        for (int s = 1; s < steps; s++) {
            curve[s] = probes.probabilities(between + s - 1)[classIndex];
        }
        curve[steps] = probes.probabilities(end)[classIndex];
        return curve;
    }
}
