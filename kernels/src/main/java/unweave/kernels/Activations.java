package unweave.kernels;

/** Nonlinearities that are not ReLU. Outputs may be the same memory as an input. */
public interface Activations {
    /** y[i] = f(x[i]; c). */
    void activate(Activation f, Activation.Constants c, Floats x, Floats y);

    /** dx[i] = dy[i] * f'(x[i]; c), with the derivative from the left where there is a kink. */
    void activationBackward(Activation f, Activation.Constants c, Floats x, Floats dy, Floats dx);
}
