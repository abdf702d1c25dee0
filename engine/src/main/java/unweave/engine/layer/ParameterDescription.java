package unweave.engine.layer;

import java.util.List;
import unweave.kernels.BadInputException;

/**
 * A parameter of a layer.
 *
 * @param layer the layer's name, such as "conv1"
 * @param role what the parameter is; it decides the name, the initial values and the layout in model files
 * @param shape convolution weights: kernel height, kernel width, input channels per group, output channels; dense
 *     weights: inputs, outputs; constants: height, width, channels, or features; all others: one value per channel or
 *     feature
 * @param input the shape of what the layer reads
 */
public record ParameterDescription(String layer, Role role, List<Integer> shape, LayerShape input) {
    /** What a parameter is, with the name PyTorch gives it. */
    public enum Role {
        CONV_WEIGHT("weight"),
        DENSE_WEIGHT("weight"),
        BIAS("bias"),
        /** Batch normalisation: gamma, beta and the running statistics, which no gradient changes. */
        SCALE("weight"),
        SHIFT("bias"),
        RUNNING_MEAN("running_mean"),
        RUNNING_VARIANCE("running_var"),
        /** Of a scaling, value by value; in files as in memory. */
        FACTOR("weight"),
        /** Of a shift, value by value; in files as in memory. */
        OFFSET("bias"),
        /** Of a leaky ReLU that is learnt, value by value; in files as in memory. */
        SLOPE("weight"),
        /** Values that stand in the place of a layer's output; no gradient changes them. */
        CONSTANT("value"),
        /**
         * Recurrent layers: what multiplies the input and the hidden state, and biases; then the backward direction.
         */
        WEIGHT_IH("weight_ih"),
        WEIGHT_HH("weight_hh"),
        BIAS_IH("bias_ih"),
        BIAS_HH("bias_hh"),
        WEIGHT_IH_REVERSE("weight_ih_reverse"),
        WEIGHT_HH_REVERSE("weight_hh_reverse"),
        BIAS_IH_REVERSE("bias_ih_reverse"),
        BIAS_HH_REVERSE("bias_hh_reverse");

        private final String suffix;

        Role(String suffix) {
            this.suffix = suffix;
        }

        /** The part of the parameter's name after the layer's, such as "weight". */
        public String suffix() {
            return suffix;
        }
    }

    /** 1 GB as float32; sizes from files are not believed beyond. */
    private static final double MOST_VALUES = 1 << 28;

    /** @throws BadInputException if there are more values than any network here has */
    public ParameterDescription {
        shape = List.copyOf(shape);
        if (shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b) > MOST_VALUES) {
            throw new BadInputException(
                    "layer " + layer + ": its " + role.suffix() + " of shape " + shape + " is too large");
        }
    }

    /** Weights, and unless {@code bias} is false one bias for each output. */
    static List<ParameterDescription> weightAndBias(
            String layer, Role role, List<Integer> shape, boolean bias, int outputs, LayerShape input) {
        ParameterDescription weight = new ParameterDescription(layer, role, shape, input);
        return bias
                ? List.of(weight, new ParameterDescription(layer, Role.BIAS, List.of(outputs), input))
                : List.of(weight);
    }

    /** As in model files: "conv1.weight". */
    public String name() {
        return layer + "." + role.suffix();
    }

    /** Number of values. */
    public int size() {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }

    /** Whether training changes it by its gradient. */
    public boolean trainable() {
        return role != Role.RUNNING_MEAN && role != Role.RUNNING_VARIANCE && role != Role.CONSTANT;
    }
}
