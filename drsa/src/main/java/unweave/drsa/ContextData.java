package unweave.drsa;

import unweave.kernels.BadInputException;

/**
 * Activation vectors a_n and context vectors c_n of one layer and one class, normalised (thesis 3.4): every value is
 * divided by D^(1/4) times the root of the mean square over all values, so that one step size suits every layer.
 */
public final class ContextData {
    private final Provenance provenance;
    private final int dimensions;
    private final int window;
    private final float[] activations;
    private final float[] contexts;
    private final double activationScale;
    private final double contextScale;

    /**
     * Normalises raw vectors, each of which is one datum.
     *
     * @param dimensions D, the number of channels of the layer
     * @param activations N x D values as the layer computes them; not modified
     * @param contexts N x D values, relevance over activation (0 where the activation is 0); not modified
     * @throws IllegalArgumentException if there are no vectors, all activations or all contexts are zero, or a value is
     *     not finite
     */
    public ContextData(Provenance provenance, int dimensions, float[] activations, float[] contexts) {
        this(provenance, dimensions, 1, activations, contexts);
    }

    /**
     * As {@link #ContextData(Provenance, int, float[], float[])}, where several vectors make one datum.
     *
     * @param window consecutive vectors whose relevance is added up; divides N
     */
    public ContextData(Provenance provenance, int dimensions, int window, float[] activations, float[] contexts) {
        if (activations.length == 0 || activations.length != contexts.length || activations.length % dimensions != 0) {
            throw new IllegalArgumentException(
                    "layer " + provenance.layer() + ": " + activations.length + " activations and " + contexts.length
                            + " contexts do not make pairs of vectors with " + dimensions + " values");
        }
        this.provenance = provenance;
        if (window < 1 || activations.length / dimensions % window != 0) {
            throw new IllegalArgumentException(
                    activations.length / dimensions + " vectors are not windows of " + window);
        }
        this.dimensions = dimensions;
        this.window = window;
        activationScale = scale(activations, "activation");
        contextScale = scale(contexts, "context value (relevance over activation)");
        this.activations = scaled(activations, activationScale);
        this.contexts = scaled(contexts, contextScale);
    }

    private double scale(float[] values, String what) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        String where = "class " + provenance.className() + ", layer " + provenance.layer() + ": ";
        if (squares == 0) {
            throw new BadInputException(where + "every " + what + " in the " + provenance.inputs()
                    + " inputs is 0, so there is nothing to find subspaces in; use a layer and inputs "
                    + "to which the network reacts");
        }
        if (!Double.isFinite(squares)) {
            throw new BadInputException(
                    where + "an " + what + " is not a finite number; the model or an input holds NaN or infinity");
        }
        return 1 / (Math.pow(dimensions, 0.25) * Math.sqrt(squares / values.length));
    }

    private static float[] scaled(float[] values, double factor) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) (values[i] * factor);
        }
        return result;
    }

    /** Where the vectors come from. */
    public Provenance provenance() {
        return provenance;
    }

    /** N, the number of vector pairs. */
    public int rows() {
        return activations.length / dimensions;
    }

    /** Consecutive vectors whose relevance is one datum of the objective. */
    public int window() {
        return window;
    }

    /** D, the number of values of a vector. */
    public int dimensions() {
        return dimensions;
    }

    /** The normalised activations, N x D; the array itself, not to be modified. */
    public float[] activations() {
        return activations;
    }

    /** The normalised contexts, N x D; the array itself, not to be modified. */
    public float[] contexts() {
        return contexts;
    }

    /**
     * The relevance that each subspace carries, summed over all vectors, in units of the model's output: with S = sum
     * over n of a_n c_n^T (before normalisation) and u_i the columns of U, total[k] = sum over columns i of block k:
     * u_i^T S u_i. All together sum to trace(S), whatever U.
     *
     * @param basis U, D x D, row-major, orthogonal
     * @param subspaces K
     */
    public double[] relevanceTotals(float[] basis, int subspaces) {
        double[] moment = relevanceMoment();
        double[] totals = new double[subspaces];
        int width = dimensions / subspaces;
        for (int i = 0; i < dimensions; i++) {
            for (int row = 0; row < dimensions; row++) {
                double product = 0;
                for (int column = 0; column < dimensions; column++) {
                    product += moment[row * dimensions + column] * basis[column * dimensions + i];
                }
                totals[i / width] += basis[row * dimensions + i] * product;
            }
        }
        return totals;
    }

    /** S = sum over n of a_n c_n^T, undoing the normalisation. */
    private double[] relevanceMoment() {
        double[] moment = new double[dimensions * dimensions];
        for (int start = 0; start < activations.length; start += dimensions) {
            for (int i = 0; i < dimensions; i++) {
                double activation = activations[start + i];
                for (int j = 0; j < dimensions && activation != 0; j++) {
                    moment[i * dimensions + j] += activation * contexts[start + j];
                }
            }
        }
        for (int i = 0; i < moment.length; i++) {
            moment[i] /= activationScale * contextScale;
        }
        return moment;
    }
}
