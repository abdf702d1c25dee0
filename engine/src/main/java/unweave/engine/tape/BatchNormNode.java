package unweave.engine.tape;

import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Normalization;

/** Batch normalisation, with the statistics of the batch in training and the running ones otherwise. */
public final class BatchNormNode extends Node {
    private final Parameter gamma;
    private final Parameter beta;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private final float eps;
    private final Floats savedMean;
    private final Floats savedInverseStd;

    /** @param savedMean the batch statistics of a training pass, null outside training */
    BatchNormNode(
            String layer,
            Tensor x,
            Parameter gamma,
            Parameter beta,
            Parameter runningMean,
            Parameter runningVariance,
            float eps,
            Floats savedMean,
            Floats savedInverseStd) {
        super(layer, x);
        this.gamma = gamma;
        this.beta = beta;
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        this.eps = eps;
        this.savedMean = savedMean;
        this.savedInverseStd = savedInverseStd;
    }

    static Tensor record(
            Tape tape,
            String layer,
            Tensor x,
            Parameter gamma,
            Parameter beta,
            Parameter runningMean,
            Parameter runningVariance,
            float eps,
            float momentum) {
        Normalization normalization = tape.backend().normalization();
        int channels = x.channels();
        Floats y = tape.own(x.size());
        Floats mean = null;
        Floats inverseStd = null;
        if (tape.isTraining()) {
            mean = tape.backend().floats(channels);
            inverseStd = tape.backend().floats(channels);
            normalization.batchNormForward(
                    channels,
                    x.data(),
                    gamma.value(),
                    beta.value(),
                    eps,
                    momentum,
                    runningMean.value(),
                    runningVariance.value(),
                    mean,
                    inverseStd,
                    y);
        } else {
            normalization.batchNormInference(
                    channels,
                    x.data(),
                    gamma.value(),
                    beta.value(),
                    eps,
                    runningMean.value(),
                    runningVariance.value(),
                    y);
        }
        return tape.record(
                new BatchNormNode(layer, x, gamma, beta, runningMean, runningVariance, eps, mean, inverseStd),
                new Tensor(x.shape(), y, true));
    }

    public Parameter gamma() {
        return gamma;
    }

    public Parameter beta() {
        return beta;
    }

    public Parameter runningMean() {
        return runningMean;
    }

    public Parameter runningVariance() {
        return runningVariance;
    }

    public float eps() {
        return eps;
    }

    /** Whether the batch's own statistics were used. */
    public boolean training() {
        return savedMean != null;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        Floats dx = backend.floats(dy.size());
        if (training()) {
            gradients.addTo(
                    gamma,
                    dg -> gradients.addTo(beta, db -> backend.normalization()
                            .batchNormBackward(
                                    output().channels(),
                                    input().data(),
                                    gamma.value(),
                                    savedMean,
                                    savedInverseStd,
                                    dy,
                                    dx,
                                    dg,
                                    db)));
        } else {
            inferenceBackward(backend, dy, dx);
        }
        dy.close();
        gradients.add(input(), dx);
    }

    /**
     * Outside training the layer is an affine map: dx = dy * gamma / sqrt(variance + eps), its inference with mean 0
     * and beta 0.
     */
    private void inferenceBackward(Backend backend, Floats dy, Floats dx) {
        try (Floats zero = backend.floats(beta.value().size())) {
            backend.fill(zero, 0f);
            backend.normalization()
                    .batchNormInference(
                            output().channels(), dy, gamma.value(), zero, eps, zero, runningVariance.value(), dx);
        }
    }

    @Override
    void free() {
        if (training()) {
            savedMean.close();
            savedInverseStd.close();
        }
    }
}
