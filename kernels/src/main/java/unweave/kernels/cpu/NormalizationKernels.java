package unweave.kernels.cpu;

import unweave.kernels.Floats;
import unweave.kernels.Normalization;

/** {@link Normalization} on arrays. */
final class NormalizationKernels implements Normalization {
    private final CpuMemory memory;
    private final BatchNormKernels batchNorm;
    private final LayerNormKernels layerNorm;

    NormalizationKernels(WorkerPool pool, CpuMemory memory, ElementLoops loops) {
        this.memory = memory;
        batchNorm = new BatchNormKernels(pool, loops);
        layerNorm = new LayerNormKernels(pool);
    }

    @Override
    public void layerNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        layerNorm.forward(
                channels,
                memory.array(x),
                memory.array(gamma),
                memory.array(beta),
                eps,
                memory.array(savedMean),
                memory.array(savedInverseStd),
                memory.array(y));
    }

    @Override
    public void layerNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        layerNorm.backward(
                channels,
                memory.array(x),
                memory.array(gamma),
                memory.array(savedMean),
                memory.array(savedInverseStd),
                memory.array(dy),
                memory.array(dx),
                memory.array(dgamma),
                memory.array(dbeta));
    }

    @Override
    public void batchNormForward(
            int channels,
            Floats x,
            Floats gamma,
            Floats beta,
            float eps,
            float momentum,
            Floats runningMean,
            Floats runningVariance,
            Floats savedMean,
            Floats savedInverseStd,
            Floats y) {
        batchNorm.batchNormForward(
                channels,
                memory.array(x),
                memory.array(gamma),
                memory.array(beta),
                eps,
                momentum,
                memory.array(runningMean),
                memory.array(runningVariance),
                memory.array(savedMean),
                memory.array(savedInverseStd),
                memory.array(y));
    }

    @Override
    public void batchNormBackward(
            int channels,
            Floats x,
            Floats gamma,
            Floats savedMean,
            Floats savedInverseStd,
            Floats dy,
            Floats dx,
            Floats dgamma,
            Floats dbeta) {
        batchNorm.batchNormBackward(
                channels,
                memory.array(x),
                memory.array(gamma),
                memory.array(savedMean),
                memory.array(savedInverseStd),
                memory.array(dy),
                memory.array(dx),
                memory.array(dgamma),
                memory.array(dbeta));
    }

    @Override
    public void batchNormInference(
            int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
        batchNorm.batchNormInference(
                channels,
                memory.array(x),
                memory.array(gamma),
                memory.array(beta),
                eps,
                memory.array(mean),
                memory.array(variance),
                memory.array(y));
    }
}
