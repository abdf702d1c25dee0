package unweave.drsa;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.ModelDescription;
import unweave.kernels.BadInputException;

/**
 * The subspaces of one class at one layer: an orthogonal matrix U = (U_1 | ... | U_K), D x D (thesis Eq. 2.15), whose K
 * blocks of D/K consecutive columns span the subspaces, with the record of how it was found. Subspaces are in display
 * order: by the relevance they carry over the data, largest first.
 */
public final class Subspaces {
    private final Provenance provenance;
    private final Method method;
    private final SubspaceSettings settings;
    private final int dimensions;
    private final float[] basis;
    private final float[][] curves;
    private final int bestStart;
    private final double[] relevanceTotals;

    /** Subspaces in the order of the optimisation, without relevance totals yet. */
    Subspaces(
            Provenance provenance,
            Method method,
            SubspaceSettings settings,
            int dimensions,
            float[] basis,
            float[][] curves,
            int bestStart) {
        this(provenance, method, settings, dimensions, basis, curves, bestStart, new double[settings.subspaces()]);
    }

    /**
     * Subspaces with everything known about them; arrays are kept, not copied.
     *
     * @param dimensions D
     * @param basis U, D x D, row-major
     * @param curves objective J before every step and after the last, starts x (steps + 1)
     * @param bestStart the start that won, counted from 0
     * @param relevanceTotals relevance of each subspace summed over the data, in units of the model's output
     * @throws BadInputException if sizes contradict each other or U is not orthogonal
     */
    public Subspaces(
            Provenance provenance,
            Method method,
            SubspaceSettings settings,
            int dimensions,
            float[] basis,
            float[][] curves,
            int bestStart,
            double[] relevanceTotals) {
        settings.requireDivides(provenance.layer(), dimensions);
        if (bestStart < 0 || bestStart >= curves.length) {
            throw new BadInputException("the best start is number " + bestStart + " of " + curves.length);
        }
        if (basis.length != dimensions * dimensions || relevanceTotals.length != settings.subspaces()) {
            throw new BadInputException(
                    settings.subspaces() + " subspaces of a layer with " + dimensions + " channels need a " + dimensions
                            + " x " + dimensions + " matrix and as many relevance totals, not " + basis.length
                            + " values and " + relevanceTotals.length);
        }
        this.provenance = provenance;
        this.method = method;
        this.settings = settings;
        this.dimensions = dimensions;
        this.basis = basis;
        this.curves = curves;
        this.bestStart = bestStart;
        this.relevanceTotals = relevanceTotals;
        double error = orthogonalityError();
        if (!(error < 1e-3)) {
            throw new BadInputException("the matrix of the subspaces of class " + provenance.className() + " at layer "
                    + provenance.layer() + " is not orthogonal: U^T U differs from the identity by " + error);
        }
    }

    /**
     * The same subspaces, blocks of columns sorted by their total relevance over {@code data}, largest first; equal
     * totals keep their order.
     */
    Subspaces inDisplayOrder(ContextData data) {
        int count = settings.subspaces();
        double[] totals = data.relevanceTotals(basis, count);
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> -totals[k]))
                .mapToInt(k -> k)
                .toArray();
        int width = dimensions / count;
        float[] sorted = new float[basis.length];
        for (int row = 0; row < dimensions; row++) {
            for (int k = 0; k < count; k++) {
                System.arraycopy(
                        basis, row * dimensions + order[k] * width, sorted, row * dimensions + k * width, width);
            }
        }
        double[] sortedTotals = Arrays.stream(order).mapToDouble(k -> totals[k]).toArray();
        return new Subspaces(provenance, method, settings, dimensions, sorted, curves, bestStart, sortedTotals);
    }

    /**
     * Checks that a model has their layer, with as many channels as they have dimensions.
     *
     * @throws BadInputException if not
     */
    public void requireFitting(ModelDescription description) {
        LayerShape shape = description.outputShape(provenance.layer());
        int channels = shape.vectorLength();
        if (channels != dimensions) {
            throw new BadInputException("subspaces with D = " + dimensions + " do not fit layer " + provenance.layer()
                    + " with " + channels + " channels");
        }
    }

    /** The model, layer, class and data that the subspaces belong to. */
    public Provenance provenance() {
        return provenance;
    }

    /** How U was chosen. */
    public Method method() {
        return method;
    }

    /** The settings of the search; no steps and one start for random subspaces. */
    public SubspaceSettings settings() {
        return settings;
    }

    /** K. */
    public int count() {
        return settings.subspaces();
    }

    /** D, the number of channels of the layer. */
    public int dimensions() {
        return dimensions;
    }

    /** U, D x D, row-major; the array itself, not to be modified. */
    public float[] basis() {
        return basis;
    }

    /** J before every step and after the last, starts x (steps + 1); the array itself, not to be modified. */
    public float[][] curves() {
        return curves;
    }

    /** The start whose U this is, counted from 0. */
    public int bestStart() {
        return bestStart;
    }

    /** J of this U on the data it was found in (for {@link Method#DSA}, of its own objective). */
    public float objective() {
        return curves[bestStart][curves[bestStart].length - 1];
    }

    /** Relevance of each subspace summed over the data, in units of the model's output. */
    public double[] relevanceTotals() {
        return relevanceTotals.clone();
    }

    /**
     * Each subspace's part of the summed relevance; they sum to 1 and may be negative. NaN where the relevance sums to
     * 0.
     */
    public double[] relevanceShares() {
        double sum = Arrays.stream(relevanceTotals).sum();
        return Arrays.stream(relevanceTotals).map(total -> total / sum).toArray();
    }

    /** The largest absolute difference between U^T U and the identity. */
    public double orthogonalityError() {
        double largest = 0;
        for (int i = 0; i < dimensions; i++) {
            for (int j = i; j < dimensions; j++) {
                double product = i == j ? -1 : 0;
                for (int row = 0; row < dimensions; row++) {
                    product += (double) basis[row * dimensions + i] * basis[row * dimensions + j];
                }
                // Math.max keeps NaN.
                largest = Math.max(largest, Math.abs(product));
            }
        }
        return largest;
    }
}
