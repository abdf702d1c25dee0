package unweave.drsa.reference;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import unweave.drsa.BatchSize;
import unweave.drsa.LayerVectors;
import unweave.drsa.Provenance;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.EvaluationProgress;
import unweave.drsa.evaluation.ProgressClock;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.lrp.LayerwiseRelevance;

/**
 * Scores inputs for every concept of one class (Achtibat et al. 2023). With H = A U and G = C U for the activation and
 * context vectors of all positions n of the layer, and the columns i in block k of U, the value of concept k at a
 * position is
 *
 * <pre>
 * r[n,k] = sum over i: H[n,i] G[n,i]   by relevance,      e[n,k] = sum over i: H[n,i]^2   by activation,
 * </pre>
 *
 * and the score of an input is their sum or their largest over its positions. The relevance scores of all concepts add
 * up to the relevance that arrives at the layer.
 *
 * <pre>{@code
 * ReferenceSearch search =
 *         new ReferenceSearch(model, relevance, subspaces, Aggregation.SUM, EnumSet.allOf(Criterion.class));
 * search.add(inputs, count, EvaluationProgress.SILENT);      // as often as there are portions
 * List<Reference> best = search.scores(Criterion.RELEVANCE).top(0, 5);
 * }</pre>
 *
 * Inputs are not kept: a collection of any size can be searched in portions, in any batches, with the same scores.
 */
public final class ReferenceSearch {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final Subspaces subspaces;
    private final Aggregation aggregation;
    private final int positions;
    private final int columns;
    private final Map<Criterion, Found> found = new EnumMap<>(Criterion.class);
    private int count;

    /**
     * An empty search.
     *
     * @param relevance rules with which relevance reaches the layer
     * @param criteria what to score by; activation alone needs no relevance and is faster
     * @throws IllegalArgumentException if the subspaces do not fit their layer of the model, or there is no criterion
     */
    public ReferenceSearch(
            Model model,
            LayerwiseRelevance relevance,
            Subspaces subspaces,
            Aggregation aggregation,
            Set<Criterion> criteria) {
        subspaces.requireFitting(model.description());
        if (criteria.isEmpty()) {
            throw new IllegalArgumentException("a search for references needs a criterion: relevance or activation");
        }
        this.model = model;
        this.relevance = relevance;
        this.subspaces = subspaces;
        this.aggregation = aggregation;
        LayerShape shape =
                model.description().outputShape(subspaces.provenance().layer());
        this.columns = shape.flat() ? 1 : shape.width();
        this.positions = shape.positions();
        criteria.forEach(criterion -> found.put(criterion, new Found(subspaces.count())));
    }

    /** Scores and peaks so far, K x (room for inputs). */
    private static final class Found {
        private final float[][] scores;
        private final int[][] peaks;

        Found(int concepts) {
            scores = new float[concepts][16];
            peaks = new int[concepts][16];
        }

        void put(int concept, int input, float score, int peak) {
            if (input >= scores[concept].length) {
                scores[concept] = Arrays.copyOf(scores[concept], 2 * input);
                peaks[concept] = Arrays.copyOf(peaks[concept], 2 * input);
            }
            scores[concept][input] = score;
            peaks[concept][input] = peak;
        }
    }

    /**
     * Scores more inputs; they are numbered in the order in which they come.
     *
     * @param inputs at least more x H x W x C values; not modified
     * @throws IllegalArgumentException if there are too few values, or the model gives values that are not finite for
     *     one of the inputs
     */
    public void add(float[] inputs, int more, EvaluationProgress progress) {
        LayerVectors.requireInputs(model, inputs, more);
        Backend backend = model.backend();
        int batch = BatchSize.of(model, 1);
        ProgressClock clock = new ProgressClock(progress, more);
        try (Floats basis = backend.floats(subspaces.basis())) {
            for (int start = 0; start < more; start += batch) {
                int size = Math.min(batch, more - start);
                try (LayerVectors vectors = vectors(inputs, start, size)) {
                    score(vectors, basis);
                }
                count += size;
                clock.done(start + size);
            }
        }
    }

    private void score(LayerVectors vectors, Floats basis) {
        Backend backend = model.backend();
        int rows = vectors.rows();
        try (Floats h = projected(vectors.activation().data(), rows, basis);
                Floats products = backend.floats(h.size());
                Floats values = backend.floats((long) rows * subspaces.count())) {
            for (Map.Entry<Criterion, Found> entry : found.entrySet()) {
                if (entry.getKey() == Criterion.RELEVANCE) {
                    try (Floats context = vectors.context();
                            Floats g = projected(context, rows, basis)) {
                        backend.elementwise().multiply(h, g, products);
                    }
                } else {
                    backend.elementwise().multiply(h, h, products);
                }
                backend.elementwise().sumRows(subspaces.dimensions() / subspaces.count(), products, values);
                collect(backend.toArray(values), rows / positions, entry.getValue());
            }
        }
    }

    /** X U for the rows of X. */
    private Floats projected(Floats x, int rows, Floats basis) {
        int dimensions = subspaces.dimensions();
        Floats result = model.backend().floats(x.size());
        model.backend().convolutions().gemm(false, false, rows, dimensions, dimensions, x, basis, result);
        return result;
    }

    /** @param values (inputs x positions) x K */
    private void collect(float[] values, int inputs, Found into) {
        int concepts = subspaces.count();
        for (int input = 0; input < inputs; input++) {
            for (int k = 0; k < concepts; k++) {
                double sum = 0;
                int peak = 0;
                float largest = Float.NEGATIVE_INFINITY;
                for (int p = 0; p < positions; p++) {
                    float value = values[(input * positions + p) * concepts + k];
                    sum += value;
                    if (value > largest) {
                        largest = value;
                        peak = p;
                    }
                }
                if (!Double.isFinite(sum)) {
                    throw new BadInputException("input " + (count + input) + ": layer "
                            + subspaces.provenance().layer()
                            + " gives values that are not finite numbers; the model or the input holds "
                            + "NaN or infinity");
                }
                into.put(k, count + input, aggregation == Aggregation.SUM ? (float) sum : largest, peak);
            }
        }
    }

    /** Number of inputs so far. */
    public int count() {
        return count;
    }

    /**
     * The scores of all inputs so far.
     *
     * @throws IllegalArgumentException if the search is not by this criterion, or no input was added
     */
    public ReferenceScores scores(Criterion criterion) {
        Found all = found.get(criterion);
        if (all == null || count == 0) {
            throw new IllegalArgumentException(
                    all == null
                            ? "this search is not by " + criterion
                            : "no input has been searched for references yet");
        }
        float[][] scores =
                Arrays.stream(all.scores).map(one -> Arrays.copyOf(one, count)).toArray(float[][]::new);
        int[][] peaks =
                Arrays.stream(all.peaks).map(one -> Arrays.copyOf(one, count)).toArray(int[][]::new);
        return new ReferenceScores(criterion, aggregation, columns, scores, peaks);
    }

    private LayerVectors vectors(float[] inputs, int start, int size) {
        Provenance from = subspaces.provenance();
        return new LayerVectors(model, relevance, from.layer(), from.classIndex(), inputs, start, size);
    }
}
