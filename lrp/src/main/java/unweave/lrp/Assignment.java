package unweave.lrp;

/**
 * The rule that a composite gives to a layer, and why.
 *
 * @param layer the name of the layer, such as "conv1"
 * @param reason such as "the first layer" or "every convolution"
 */
public record Assignment(String layer, LayerKind kind, Rule rule, String reason) {
    @Override
    public String toString() {
        return layer + " (" + kind + "): " + rule + ", " + reason;
    }
}
