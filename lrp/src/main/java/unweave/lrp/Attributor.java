package unweave.lrp;

import unweave.engine.model.Model;

/** Says how much every input value contributes to the decision of a model. */
public interface Attributor {
    /** For people, such as "integrated gradients". */
    String name();

    /**
     * A map for every input.
     *
     * @param inputs n x H x W x C; not modified
     * @param target what is attributed, for each input
     * @return maps of the size of the inputs
     * @throws IllegalArgumentException if sizes or classes do not fit the model
     */
    Attribution attribute(Model model, float[] inputs, int n, Target target);

    /**
     * Checks inputs and targets.
     *
     * @throws IllegalArgumentException unless there are n inputs of the model's size, and a target for each
     */
    static void requireInputs(Model model, float[] inputs, int n, Target target) {
        int size = model.description().input().features();
        if (n < 1 || inputs.length != (long) n * size || target.count() != n) {
            throw new IllegalArgumentException(
                    n + " inputs of " + model.description().input() + " take " + (long) n * size + " values and " + n
                            + " classes, not " + inputs.length + " and " + target.count());
        }
    }
}
