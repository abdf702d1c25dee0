package unweave.drsa.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import unweave.drsa.Estimate;

/**
 * How faithful one mask is to one decision; {@link MaskFaithfulness} says what the figures mean. With p the softmax
 * probability of the class for the input, p_in for the masked input and p_out for the unmasked remainder:
 *
 * @param increase 100 if p &lt; p_in, else 0; its mean is AI, higher is better
 * @param drop 100 max(0, p - p_in) / p; its mean is AD, lower is better
 * @param dropAsReleased the same with the softmax of the probabilities in place of the probabilities: what the
 *     published L-MAC program computes
 * @param gain 100 max(0, p_in - p) / (1 - p); its mean is AG, higher is better
 * @param inputFidelity 1 if the network decides for the same class about the masked input, else 0; its mean is Fid-In,
 *     higher is better
 * @param faithfulness p - p_out; its mean is FF, higher is better
 * @param sparseness {@link MapShape#sparseness} of the mask (SPS), higher is better
 * @param complexity {@link MapShape#complexity} of the mask (COMP), lower is better
 */
public record MaskScore(
        double increase,
        double drop,
        double dropAsReleased,
        double gain,
        double inputFidelity,
        double faithfulness,
        double sparseness,
        double complexity) {

    /** As {@link MaskScore}, for many inputs: means with their standard errors. */
    public record Summary(
            Estimate increase,
            Estimate drop,
            Estimate dropAsReleased,
            Estimate gain,
            Estimate inputFidelity,
            Estimate faithfulness,
            Estimate sparseness,
            Estimate complexity) {}

    /** The means of several scores. */
    public static Summary summary(List<MaskScore> scores) {
        return new Summary(
                mean(scores, MaskScore::increase),
                mean(scores, MaskScore::drop),
                mean(scores, MaskScore::dropAsReleased),
                mean(scores, MaskScore::gain),
                mean(scores, MaskScore::inputFidelity),
                mean(scores, MaskScore::faithfulness),
                mean(scores, MaskScore::sparseness),
                mean(scores, MaskScore::complexity));
    }

    private static Estimate mean(List<MaskScore> scores, ToDoubleFunction<MaskScore> figure) {
        return Estimate.of(scores.stream().mapToDouble(figure).toArray());
    }

    /**
     * The score of one mask.
     *
     * @param whole probabilities of all classes for the input
     * @param in probabilities for the masked input
     * @param out probabilities for the unmasked remainder
     */
    static MaskScore of(int classIndex, double[] whole, double[] in, double[] out, float[] mask) {
        double p = whole[classIndex];
        double kept = in[classIndex];
        double fidelity = Softmax.largest(in) == Softmax.largest(whole) ? 1 : 0;
        double dropAsReleased = drop(Softmax.of(whole)[classIndex], Softmax.of(in)[classIndex]);
        return new MaskScore(
                p < kept ? 100 : 0,
                drop(p, kept),
                dropAsReleased,
                gain(p, kept),
                fidelity,
                p - out[classIndex],
                MapShape.sparseness(mask),
                MapShape.complexity(mask));
    }

    private static double drop(double p, double kept) {
        return kept < p ? 100 * (p - kept) / p : 0;
    }

    private static double gain(double p, double kept) {
        return kept > p ? 100 * (kept - p) / (1 - p) : 0;
    }
}
