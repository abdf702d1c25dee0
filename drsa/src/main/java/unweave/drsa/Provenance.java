package unweave.drsa;

/**
 * The model, layer, class and inputs that activation and context vectors come from. Subspaces found in them belong to
 * the same.
 *
 * @param modelFingerprint identifies the weights and the architecture of the model
 * @param layer name of the layer, such as "conv3"
 * @param classIndex the class whose logit was attributed, counted from 0
 * @param className its name
 * @param inputs number of inputs of that class
 * @param positionsPerInput spatial positions drawn from each
 * @param window side of the square of neighbouring positions whose relevance is one datum; 1 in the thesis
 * @param seed decides the positions
 */
public record Provenance(
        String modelFingerprint,
        String layer,
        int classIndex,
        String className,
        int inputs,
        int positionsPerInput,
        int window,
        long seed) {
    /** Every position is a datum. */
    public Provenance(
            String modelFingerprint,
            String layer,
            int classIndex,
            String className,
            int inputs,
            int positionsPerInput,
            long seed) {
        this(modelFingerprint, layer, classIndex, className, inputs, positionsPerInput, 1, seed);
    }
}
