package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Combination;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;

/** y = a b, such as a gate and what it lets pass. A tensor of length 1 on an axis repeats along it. */
public final class MultiplyNode extends Node {
    /** Which of the two operands relevance goes to. */
    public enum Signal {
        /** The one that is no gate ({@link Node#isGate}), if the other is one; else both. */
        AUTO,
        /** All of it to the first. */
        FIRST,
        /** All of it to the second. */
        SECOND,
        /** One half each. */
        BOTH
    }

    private final Signal signal;

    private MultiplyNode(String layer, Signal signal, Tensor a, Tensor b) {
        super(layer, a, b);
        this.signal = signal == Signal.AUTO ? signalOf(a, b) : signal;
    }

    /** Computes and records a b. */
    public static Tensor record(Tape tape, String layer, Tensor a, Tensor b, Signal signal) {
        return Images.record(tape, new MultiplyNode(layer, signal, a, b), Combination.MULTIPLY);
    }

    /** Of two gates the one that is never below zero is the gate: tanh times sigmoid in LSTM and WaveNet. */
    private static Signal signalOf(Tensor a, Tensor b) {
        boolean gateA = a.isGate() && !(b.isGate() && !a.isNonNegative());
        boolean gateB = b.isGate() && !(a.isGate() && !b.isNonNegative());
        return gateA == gateB ? Signal.BOTH : gateA ? Signal.SECOND : Signal.FIRST;
    }

    /** The operand that relevance goes to; never {@link Signal#AUTO}. */
    public Signal signal() {
        return signal;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative() || inputs().get(0) == inputs().get(1);
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        ImageShape shape = Images.shape(output());
        for (int i = 0; i < 2; i++) {
            Tensor x = inputs().get(i);
            Tensor other = inputs().get(1 - i);
            if (x.needsGradient()) {
                try (Floats product =
                        Images.combined(backend, Combination.MULTIPLY, shape, dy, Images.shape(other), other.data())) {
                    gradients.add(x, Images.summed(backend, product, shape, Images.shape(x)));
                }
            }
        }
        dy.close();
    }
}
