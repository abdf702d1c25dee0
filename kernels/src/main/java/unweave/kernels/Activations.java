package unweave.kernels;

/** Nonlinearities that are not ReLU. Outputs may be the same memory as an input. */
public interface Activations {
    /** y[i] = f(x[i]; a). */
    void activate(Activation f, float a, Floats x, Floats y);

    /** dx[i] = dy[i] * f'(x[i]; a), with the derivative from the left where there is a kink. */
    void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx);
}
