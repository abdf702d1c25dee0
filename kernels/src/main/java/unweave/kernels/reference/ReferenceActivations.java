package unweave.kernels.reference;

import unweave.kernels.Activation;

/** The definition of {@link unweave.kernels.Activations}. */
public final class ReferenceActivations {
    private ReferenceActivations() {}

    /** See {@link unweave.kernels.Activations#activate}. */
    public static void activate(Activation f, Activation.Constants c, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = f.value(c, x[i]);
        }
    }

    /** See {@link unweave.kernels.Activations#activationBackward}. */
    public static void activationBackward(Activation f, Activation.Constants c, double[] x, double[] dy, double[] dx) {
        for (int i = 0; i < x.length; i++) {
            dx[i] = dy[i] * f.derivative(c, x[i]);
        }
    }
}
