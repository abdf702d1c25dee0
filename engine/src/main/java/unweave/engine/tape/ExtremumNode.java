package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/**
 * The larger or the smaller of two values; of equal ones the first. A tensor of length 1 on an axis repeats along it.
 */
public final class ExtremumNode extends Node {
    private final boolean maximum;

    private ExtremumNode(String layer, boolean maximum, Tensor a, Tensor b) {
        super(layer, a, b);
        this.maximum = maximum;
    }

    /** Computes and records max(a, b). */
    public static Tensor maximum(Tape tape, String layer, Tensor a, Tensor b) {
        return Images.record(tape, new ExtremumNode(layer, true, a, b), Combination.MAXIMUM);
    }

    /** Computes and records min(a, b). */
    public static Tensor minimum(Tape tape, String layer, Tensor a, Tensor b) {
        return Images.record(tape, new ExtremumNode(layer, false, a, b), Combination.MINIMUM);
    }

    /** Whether it is the larger value, not the smaller one. */
    public boolean isMaximum() {
        return maximum;
    }

    @Override
    public boolean isNonNegative() {
        return maximum ? inputs().stream().anyMatch(Tensor::isNonNegative) : inputsAreNonNegative();
    }

    /**
     * What reaches one input on the way back: the values of all outputs that it won, added up where it repeats.
     *
     * @param values a multiple of the output's size, not modified
     * @return new memory
     */
    public Floats share(Backend backend, int input, Floats values) {
        Tensor a = inputs().get(0);
        Tensor b = inputs().get(1);
        Combination wins = maximum ? Combination.AT_LEAST : Combination.AT_MOST;
        ImageShape shape = Images.shape(output(), values);
        try (Floats mask = Images.combined(backend, wins, Images.shape(a), a.data(), Images.shape(b), b.data());
                Floats won =
                        Images.combined(backend, Combination.MULTIPLY, shape, values, Images.shape(output()), mask)) {
            if (input == 1) {
                backend.broadcasting().combine(Combination.SUBTRACT, shape, values, shape, won, won);
            }
            ImageShape own = Images.shape(inputs().get(input)).withBatch(shape.batch());
            return Images.summed(backend, won, shape, own);
        }
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        for (int i = 0; i < 2; i++) {
            if (inputs().get(i).needsGradient()) {
                gradients.add(inputs().get(i), share(backend, i, dy));
            }
        }
        dy.close();
    }
}
