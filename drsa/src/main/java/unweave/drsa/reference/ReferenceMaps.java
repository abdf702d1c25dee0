package unweave.drsa.reference;

import java.util.Arrays;
import unweave.drsa.BatchSize;
import unweave.drsa.LayerVectors;
import unweave.drsa.Provenance;
import unweave.drsa.Subspaces;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.lrp.LayerwiseRelevance;

/**
 * Shows which bins of an input a concept's score comes from. The values of one concept at the layer,
 *
 * <pre>
 * R_jk = a_j (U_k U_k^T c)_j   by relevance,      a_j (U_k U_k^T a)_j   by activation,
 * </pre>
 *
 * whose sums over j are the values that {@link ReferenceSearch} adds up, are propagated to the input. By relevance this
 * is the concept map of {@link unweave.drsa.TwoStepAttribution}; by activation it starts from the concept itself,
 * whether or not the decision rests on it (as Achtibat et al. 2023 start at a channel). One map is computed at a time,
 * not K + 1, since each input is the reference of few concepts.
 */
public final class ReferenceMaps {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final Subspaces subspaces;

    /** @throws IllegalArgumentException if the subspaces do not fit their layer of the model */
    public ReferenceMaps(Model model, LayerwiseRelevance relevance, Subspaces subspaces) {
        subspaces.requireFitting(model.description());
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
    }

    /**
     * Maps of one concept.
     *
     * @param concept k, counted from 0
     * @param inputs at least count x H x W x C values; not modified
     * @return count x (H x W), summed over the channels of the input
     * @throws IllegalArgumentException if there is no such concept or there are too few values
     */
    public float[][] of(int concept, Criterion criterion, float[] inputs, int count) {
        LayerVectors.requireInputs(model, inputs, count);
        if (concept < 0 || concept >= subspaces.count()) {
            throw new IllegalArgumentException(
                    "concept " + concept + " does not exist: there are concepts 0 to " + (subspaces.count() - 1));
        }
        Backend backend = model.backend();
        LayerShape shape = model.description().input();
        int bins = shape.height() * shape.width();
        float[][] maps = new float[count][];
        int batch = BatchSize.of(model, 1);
        try (Floats columns = backend.floats(columns(concept))) {
            for (int start = 0; start < count; start += batch) {
                int size = Math.min(batch, count - start);
                try (LayerVectors vectors = vectors(inputs, start, size);
                        Floats atLayer = atLayer(vectors, criterion, columns);
                        Floats atInput = relevance
                                .pass(vectors.tape())
                                .from(vectors.activation(), atLayer)
                                .to(vectors.input())
                                .run()
                                .get(0);
                        Floats summed = backend.floats((long) size * bins)) {
                    backend.elementwise().sumRows(shape.channels(), atInput, summed);
                    float[] all = backend.toArray(summed);
                    for (int i = 0; i < size; i++) {
                        maps[start + i] = Arrays.copyOfRange(all, i * bins, (i + 1) * bins);
                    }
                }
            }
        }
        return maps;
    }

    /** U_k, D x D/K. */
    private float[] columns(int concept) {
        int dimensions = subspaces.dimensions();
        int width = dimensions / subspaces.count();
        float[] columns = new float[dimensions * width];
        for (int row = 0; row < dimensions; row++) {
            System.arraycopy(subspaces.basis(), row * dimensions + concept * width, columns, row * width, width);
        }
        return columns;
    }

    private Floats atLayer(LayerVectors vectors, Criterion criterion, Floats columns) {
        Backend backend = model.backend();
        Floats activation = vectors.activation().data();
        int rows = vectors.rows();
        int dimensions = subspaces.dimensions();
        int width = dimensions / subspaces.count();
        Floats result = backend.floats(activation.size());
        try (Floats context = criterion == Criterion.RELEVANCE ? vectors.context() : null;
                Floats within = backend.floats((long) rows * width)) {
            backend.convolutions()
                    .gemm(
                            false,
                            false,
                            rows,
                            width,
                            dimensions,
                            context == null ? activation : context,
                            columns,
                            within);
            backend.convolutions().gemm(false, true, rows, dimensions, width, within, columns, result);
            backend.elementwise().multiply(result, activation, result);
        }
        return result;
    }

    private LayerVectors vectors(float[] inputs, int start, int size) {
        Provenance from = subspaces.provenance();
        return new LayerVectors(model, relevance, from.layer(), from.classIndex(), inputs, start, size);
    }
}
