package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Training;

/** {@link Training} on the GPU. */
final class CudaTraining implements Training {
    private static final int WARPS_OF_BLOCK = 4;

    private final CudaDevice device;
    private final ElementLaunches elements;

    CudaTraining(CudaDevice device) {
        this.device = device;
        elements = new ElementLaunches(device);
    }

    @Override
    public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
        long batch = labels.size();
        ElementLaunches.requireSize(batch, losses);
        ElementLaunches.requireSize(batch * classes, logits, dlogits);
        device.kernel("softmaxCrossEntropy")
                .value(classes)
                .in(logits)
                .in(labels)
                .in(losses)
                .in(dlogits)
                .value(Math.toIntExact(batch))
                .grid((batch + WARPS_OF_BLOCK - 1) / WARPS_OF_BLOCK)
                .block(32 * WARPS_OF_BLOCK)
                .work(10.0 * batch * classes, Float.BYTES * 2.0 * (batch * classes + batch))
                .run();
    }

    @Override
    public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
        ElementLaunches.requireSize(w.size(), gradient, velocity);
        elements.run(
                elements.kernel("sgd")
                        .value(rate)
                        .value(momentum)
                        .value(decay)
                        .in(gradient)
                        .in(velocity)
                        .in(w),
                w.size(),
                6,
                5);
    }

    @Override
    public void adam(
            float beta1,
            float beta2,
            float eps,
            float decay,
            Floats step,
            Floats gradient,
            Floats m,
            Floats v,
            Floats w) {
        ElementLaunches.requireSize(w.size(), gradient, m, v);
        ElementLaunches.requireSize(2, step);
        Launch launch = elements.kernel("adam")
                .value(beta1)
                .value(1 - beta1)
                .value(beta2)
                .value(1 - beta2)
                .value(eps)
                .value(decay)
                .in(step)
                .in(gradient)
                .in(m)
                .in(v)
                .in(w);
        elements.run(launch, w.size(), 14, 7);
    }
}
