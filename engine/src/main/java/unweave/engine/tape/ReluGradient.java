package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** How a gradient passes a ReLU; anything but {@link #TRUE} makes an attribution of it, not a derivative. */
public interface ReluGradient {
    /** The derivative: passes where the output is above zero. */
    ReluGradient TRUE = (backend, x, y, dy) -> backend.elementwise().reluBackward(y, dy, dy);

    /**
     * Turns the gradient of the output into that of the input, in place.
     *
     * @param x the input of the ReLU, not modified
     * @param y its output, not modified
     */
    void apply(Backend backend, Floats x, Floats y, Floats dy);
}
