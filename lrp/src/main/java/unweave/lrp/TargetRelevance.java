package unweave.lrp;

import java.util.Arrays;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;

/**
 * The relevance that an explanation starts from, at the logits: that of one class for each sample, nothing for the
 * others. With several targets the result holds one map for each, maps x N x classes. All results belong to the caller.
 */
public final class TargetRelevance {
    private TargetRelevance() {}

    /**
     * The logit of the attributed class.
     *
     * @param classes for each map, the class attributed to each of the N samples
     * @throws BadInputException if a class does not exist
     * @throws IllegalArgumentException if a map does not have N classes
     */
    public static Floats logit(Backend backend, Tensor logits, int[]... classes) {
        Floats relevance = one(backend, logits, classes);
        backend.elementwise().multiply(relevance, logits.data(), relevance);
        return relevance;
    }

    /** 1 at the attributed class, whatever the logit. */
    public static Floats one(Backend backend, Tensor logits, int[]... classes) {
        float[][] ones = new float[classes.length][];
        for (int map = 0; map < classes.length; map++) {
            ones[map] = new float[classes[map].length];
            Arrays.fill(ones[map], 1f);
        }
        return values(backend, logits, classes, ones);
    }

    /** Given values at the attributed classes, of the form of {@code classes}. */
    public static Floats values(Backend backend, Tensor logits, int[][] classes, float[][] values) {
        int samples = logits.batch();
        float[] relevance = new float[Math.toIntExact(classes.length * logits.size())];
        for (int map = 0; map < classes.length; map++) {
            if (classes[map].length != samples) {
                throw new IllegalArgumentException(
                        classes[map].length + " classes to attribute for " + samples + " inputs: give one for each");
            }
            for (int n = 0; n < samples; n++) {
                int attributed = classes[map][n];
                if (attributed < 0 || attributed >= logits.channels()) {
                    throw new BadInputException("class " + attributed + " of input " + n
                            + " does not exist: the model has classes 0 to " + (logits.channels() - 1));
                }
                relevance[(map * samples + n) * logits.channels() + attributed] = values[map][n];
            }
        }
        return backend.floats(relevance);
    }
}
