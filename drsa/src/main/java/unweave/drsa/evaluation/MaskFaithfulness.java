package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.model.Model;

/**
 * Faithfulness of explanations read as masks, as in the L-MAC work (Paissan, Ravanelli and Subakan, "Listenable Maps
 * for Audio Classifiers", ICML 2024): the network hears the masked input (x with share m in [0, 1]) and the unmasked
 * remainder (x with share 1 - m); p is the softmax probability of the class that the network decides for:
 *
 * <pre>
 * AI  = 100 mean [p &lt; p_in]                         average increase (Chattopadhay et al. 2018)
 * AD  = 100 mean max(0, p - p_in) / p               average drop     (Chattopadhay et al. 2018)
 * AG  = 100 mean max(0, p_in - p) / (1 - p)         average gain     (Zhang et al. 2023)
 * FF  = mean (p - p_out)                            faithfulness     (Parekh et al. 2022)
 * Fid-In = mean [decision about x_in = decision about x]
 * </pre>
 *
 * and SPS and COMP are {@link MapShape}'s sparseness and complexity of m. A mask that keeps everything scores AD 0,
 * Fid-In 1 and full FF, so the figures only say something together with SPS and COMP. Maps with a few high peaks make
 * faint masks: most bins keep next to nothing of x, and x_out is nearly x.
 *
 * <p>To compare figures with that work: attribute the class that the network decides for, mask with
 * {@link Masking#towards} the floor of the log spectrogram (theirs is a linear one, in front of the mel filters), and
 * beware of AD. The program published with the paper (in SpeechBrain, recipe ESC50/interpret) applies the softmax twice
 * for AD alone, which presses all probabilities together and AD towards 0; {@link MaskScore#dropAsReleased} is that
 * figure, {@link MaskScore#drop} the definition.
 */
public final class MaskFaithfulness {
    private final Model model;
    private final Masking masking;

    /** An evaluation of explanations of {@code model}. */
    public MaskFaithfulness(Model model, Masking masking) {
        this.model = model;
        this.masking = masking;
    }

    /**
     * Scores several explanations of the same inputs.
     *
     * @param inputs at least classes.length x H x W x C values; not modified
     * @param classes the attributed class of every input
     * @param masks explanations x samples x (H x W) values in [0, 1], from {@link MapPart#mask}; not modified
     * @return explanations x samples
     * @throws IllegalArgumentException if sizes do not fit
     */
    public List<List<MaskScore>> evaluate(float[] inputs, int[] classes, List<float[][]> masks) {
        Samples.require(model, inputs, classes, masks);
        Probes probes = new Probes(model);
        int[] whole = new int[classes.length];
        int[][] in = new int[masks.size()][classes.length];
        int[][] out = new int[masks.size()][classes.length];
        for (int sample = 0; sample < classes.length; sample++) {
            whole[sample] = probes.add(inputs, sample, (value, bin) -> value);
            for (int i = 0; i < masks.size(); i++) {
                float[] mask = masks.get(i)[sample];
                in[i][sample] = probes.add(inputs, sample, (value, bin) -> masking.apply(value, mask[bin]));
                out[i][sample] = probes.add(inputs, sample, (value, bin) -> masking.apply(value, 1 - mask[bin]));
            }
        }
        List<List<MaskScore>> scores = new ArrayList<>();
        for (int i = 0; i < masks.size(); i++) {
            List<MaskScore> one = new ArrayList<>();
            for (int sample = 0; sample < classes.length; sample++) {
                one.add(MaskScore.of(
                        classes[sample],
                        probes.probabilities(whole[sample]),
                        probes.probabilities(in[i][sample]),
                        probes.probabilities(out[i][sample]),
                        masks.get(i)[sample]));
            }
            scores.add(one);
        }
        return scores;
    }
}
