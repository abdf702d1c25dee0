package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.ConceptRelevance;
import unweave.drsa.Subspaces;
import unweave.engine.model.Model;
import unweave.lrp.LayerwiseRelevance;

/**
 * What each part of a sound does to each concept: with R_k(x) the relevance of concept k in the explanation of x
 * ({@link ConceptRelevance}), the effect of part o on concept k is
 *
 * <pre>
 * D[o,k] = 1/2 { [R_k(all) - R_k(all without o)] + [R_k(rest + o) - R_k(rest)] }.
 * </pre>
 *
 * One of the two differences alone would depend on the other parts: a network saturates, so a part that adds little to
 * the whole may carry the decision where it stands alone.
 */
public final class PartEffects {
    private final Model model;
    private final LayerwiseRelevance relevance;

    public PartEffects(Model model, LayerwiseRelevance relevance) {
        this.model = model;
        this.relevance = relevance;
    }

    /**
     * The effects in some sounds.
     *
     * @param classIndex the class whose logit is explained
     * @param sounds with the same parts, in the same order
     * @param subspaces of one layer
     * @return for each of the subspaces: sounds x parts x K
     */
    public List<double[][][]> of(int classIndex, List<Mixture> sounds, List<Subspaces> subspaces) {
        String layer = subspaces.get(0).provenance().layer();
        ConceptRelevance concepts = new ConceptRelevance(model, relevance, layer, classIndex, subspaces);
        List<double[][][]> effects = new ArrayList<>();
        subspaces.forEach(one -> effects.add(new double[sounds.size()][][]));
        for (int s = 0; s < sounds.size(); s++) {
            Mixture sound = sounds.get(s);
            List<float[][]> measured = concepts.of(concatenated(sound), 2 + 2 * sound.parts());
            for (int i = 0; i < subspaces.size(); i++) {
                effects.get(i)[s] = effects(sound.parts(), measured.get(i));
            }
        }
        return effects;
    }

    /** @param relevances inputs of the mixture x K */
    private static double[][] effects(int parts, float[][] relevances) {
        double[][] effects = new double[parts][relevances[0].length];
        for (int o = 0; o < parts; o++) {
            for (int k = 0; k < effects[o].length; k++) {
                int concept = k;
                effects[o][k] = Mixture.effect(parts, o, input -> relevances[input][concept]);
            }
        }
        return effects;
    }

    /** The inputs of a mixture behind each other. */
    static float[] concatenated(Mixture sound) {
        List<float[]> inputs = sound.inputs();
        int size = sound.all().length;
        float[] values = new float[inputs.size() * size];
        for (int i = 0; i < inputs.size(); i++) {
            System.arraycopy(inputs.get(i), 0, values, i * size, size);
        }
        return values;
    }
}
