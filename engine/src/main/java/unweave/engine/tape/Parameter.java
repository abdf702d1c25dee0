package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * Values of a model that outlive a tape: weights that training changes, with their gradient, or running statistics that
 * it does not. Owned by the model.
 */
public final class Parameter implements AutoCloseable {
    private final String name;
    private final int[] shape;
    private final boolean trainable;
    private final Floats value;
    private Floats gradient;
    private boolean gradientFilled;

    /**
     * @param name as in model files, such as "conv1.weight"
     * @param shape convolution weights: kernel height, kernel width, input channels per group, output channels; dense
     *     weights: inputs, outputs
     */
    public Parameter(Backend backend, String name, int[] shape, boolean trainable, float[] initial) {
        this.name = name;
        this.shape = shape.clone();
        this.trainable = trainable;
        this.value = backend.floats(initial);
    }

    /** {@code size} times the same number, which no training changes; may be made within a recording. */
    Parameter(Backend backend, int size, float constant) {
        name = "constant";
        shape = new int[] {size};
        trainable = false;
        value = backend.floats(size);
        backend.fill(value, constant);
    }

    public String name() {
        return name;
    }

    public int[] shape() {
        return shape.clone();
    }

    public boolean trainable() {
        return trainable;
    }

    public Floats value() {
        return value;
    }

    /** The gradient of the last backward pass, or null before the first. */
    public Floats gradient() {
        return gradient;
    }

    /** Marks the gradient as stale, so that the next backward pass overwrites it. */
    public void clearGradient() {
        gradientFilled = false;
    }

    /**
     * Memory for the gradient if none was written since {@link #clearGradient}; null if a gradient is there and the
     * next must be added to it.
     */
    Floats emptyGradient(Backend backend) {
        if (gradientFilled) {
            return null;
        }
        if (gradient == null) {
            gradient = backend.floats(value.size());
        }
        gradientFilled = true;
        return gradient;
    }

    @Override
    public void close() {
        value.close();
        if (gradient != null) {
            gradient.close();
            gradient = null;
        }
    }
}
