package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** Values of the input in other places, some of them several times or not at all, and constants between them. */
public final class GatherNode extends Node {
    private final IndexMap map;

    GatherNode(String layer, Tensor x, IndexMap map) {
        super(layer, x);
        this.map = map;
    }

    /** Which value of the input each value of the output shows. */
    public IndexMap map() {
        return map;
    }

    @Override
    public boolean isNonNegative() {
        return inputsAreNonNegative() && (map.fill() >= 0 || !map.fills());
    }

    @Override
    public boolean isGate() {
        return input().isGate();
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        if (input().needsGradient()) {
            gradients.add(input(), map.backward(dy));
        }
        dy.close();
    }
}
