package unweave.drsa;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.lrp.LayerwiseRelevance;

/**
 * How much of a logit each concept carries (thesis Eq. 2.18 and 3.9): with the vectors a and c of all positions p of
 * the layer,
 *
 * <pre>
 * R_k = sum over p: (U_k^T a_p)^T (U_k^T c_p).
 * </pre>
 *
 * These are the sums of the parts that {@link TwoStepAttribution} propagates on to the input, without propagating them.
 */
public final class ConceptRelevance {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final String layer;
    private final int classIndex;
    private final List<Subspaces> subspaces;

    /**
     * @param classIndex the class whose logit is attributed; it need not be that of the subspaces
     * @param subspaces of one layer, each with any K
     */
    public ConceptRelevance(
            Model model, LayerwiseRelevance relevance, String layer, int classIndex, List<Subspaces> subspaces) {
        subspaces.forEach(one -> one.requireFitting(model.description()));
        this.model = model;
        this.relevance = relevance;
        this.layer = layer;
        this.classIndex = classIndex;
        this.subspaces = List.copyOf(subspaces);
    }

    /**
     * The relevance of every concept in the explanation of every input.
     *
     * @param inputs at least count x H x W x C values; not modified
     * @return for each of the subspaces: inputs x K
     */
    public List<float[][]> of(float[] inputs, int count) {
        LayerVectors.requireInputs(model, inputs, count);
        List<float[][]> sums = new ArrayList<>();
        subspaces.forEach(one -> sums.add(new float[count][one.count()]));
        int most = subspaces.stream().mapToInt(Subspaces::count).max().orElse(1);
        int batch = BatchSize.of(model, most + 1);
        for (int start = 0; start < count; start += batch) {
            int size = Math.min(batch, count - start);
            try (LayerVectors vectors = new LayerVectors(model, relevance, layer, classIndex, inputs, start, size);
                    Floats context = vectors.context()) {
                for (int i = 0; i < subspaces.size(); i++) {
                    float[] parts = sums(vectors, context, subspaces.get(i));
                    for (int j = 0; j < parts.length; j++) {
                        sums.get(i)[start + j % size][j / size] = parts[j];
                    }
                }
            }
        }
        return sums;
    }

    /** K x inputs. */
    private static float[] sums(LayerVectors vectors, Floats context, Subspaces one) {
        Backend backend = vectors.tape().backend();
        Floats activation = vectors.activation().data();
        int inputs = vectors.activation().batch();
        try (Floats basis = backend.floats(one.basis());
                Floats parts = backend.floats(one.count() * activation.size());
                Floats sums = backend.floats((long) one.count() * inputs)) {
            backend.subspaces()
                    .projectRelevance(vectors.rows(), one.dimensions(), one.count(), basis, activation, context, parts);
            backend.elementwise().sumRows(Math.toIntExact(activation.size() / inputs), parts, sums);
            return backend.toArray(sums);
        }
    }
}
