package unweave.kernels.cuda;

import unweave.kernels.Activation;
import unweave.kernels.Activations;
import unweave.kernels.Floats;

/** {@link Activations} on the GPU. */
final class CudaActivations implements Activations {
    private final ElementLaunches elements;

    CudaActivations(CudaDevice device) {
        elements = new ElementLaunches(device);
    }

    @Override
    public void activate(Activation f, Activation.Constants c, Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(
                elements.kernel("activate")
                        .value(f.ordinal())
                        .value(c.a())
                        .value(c.b())
                        .in(x)
                        .in(y),
                x.size(),
                10,
                2);
    }

    @Override
    public void activationBackward(Activation f, Activation.Constants c, Floats x, Floats dy, Floats dx) {
        ElementLaunches.requireSize(x.size(), dy, dx);
        elements.run(
                elements.kernel("activationBackward")
                        .value(f.ordinal())
                        .value(c.a())
                        .value(c.b())
                        .in(x)
                        .in(dy)
                        .in(dx),
                x.size(),
                12,
                3);
    }
}
