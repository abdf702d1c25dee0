package unweave.engine.tape;

import java.util.Arrays;
import java.util.function.Supplier;
import unweave.kernels.Floats;

/**
 * A value on a tape: a shape (N H W C for images, N F for vectors, N for losses) over float32 memory. The tape that
 * recorded a tensor frees it; two tensors may share memory (flatten is a view).
 */
public final class Tensor {
    private final int[] shape;
    private final Supplier<Floats> compute;
    private final boolean needsGradient;
    private Floats data;
    private Node producer;

    Tensor(int[] shape, Floats data, boolean needsGradient) {
        this.shape = shape.clone();
        this.compute = null;
        this.needsGradient = needsGradient;
        this.data = data;
        if (size() != data.size()) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " holds " + size() + " values, the memory " + data.size());
        }
    }

    /** A tensor whose values are computed when they are asked for, if ever. */
    Tensor(int[] shape, Supplier<Floats> compute) {
        this.shape = shape.clone();
        this.compute = compute;
        this.needsGradient = false;
    }

    /** A copy of the shape, batch first. */
    public int[] shape() {
        return shape.clone();
    }

    /** The length of one axis. */
    public int length(int axis) {
        return shape[axis];
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /** Number of inputs in the batch: the first axis. */
    public int batch() {
        return shape[0];
    }

    /** Length of the last axis: the channels of an image, the features of a vector. */
    public int channels() {
        return shape[shape.length - 1];
    }

    /** Number of values. */
    public long size() {
        long size = 1;
        for (int length : shape) {
            size *= length;
        }
        return size;
    }

    /** The values; owned by the tape. */
    public Floats data() {
        if (data == null) {
            data = compute.get();
        }
        return data;
    }

    /** Whether a backward pass carries a gradient to here. */
    public boolean needsGradient() {
        return needsGradient;
    }

    /** The operation that computed this tensor, or null for an input. */
    public Node producer() {
        return producer;
    }

    /** Whether the operations that lead here tell that no value is below zero. */
    public boolean isNonNegative() {
        return producer != null && producer.isNonNegative();
    }

    /** Whether the values are those of a gate, as {@link Node#isGate} says. */
    public boolean isGate() {
        return producer != null && producer.isGate();
    }

    void producedBy(Node node) {
        producer = node;
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
