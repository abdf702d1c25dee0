package unweave.engine.model;

import java.util.List;
import unweave.kernels.Activation;

/** A nonlinearity other than ReLU; {@code constant} is the a of {@link Activation}. */
public record Activate(String name, List<String> inputs, Activation function, float constant)
        implements LayerDescription {
    public Activate {
        inputs = LayerDescription.checked(name, inputs, 1);
        if (!(constant > 0) || Float.isInfinite(constant)) {
            throw new IllegalArgumentException("layer " + name + ": constant must be above 0, not " + constant);
        }
    }

    /** The constant that is usual for a function: the slope 0.01 of the leaky ReLU, 1 for the others. */
    public static float usualConstant(Activation function) {
        return function == Activation.LEAKY_RELU ? 0.01f : 1f;
    }

    @Override
    public String kind() {
        return "activation";
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        return inputs.get(0);
    }
}
