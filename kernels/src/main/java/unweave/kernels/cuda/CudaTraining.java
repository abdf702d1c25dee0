package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Training;

/** Normalisation, loss and optimisers on the GPU. */
final class CudaTraining implements Training {
  private final CudaDevice device;

  CudaTraining(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void batchNormForward(int channels, Floats x, Floats gamma, Floats beta, float eps, float momentum, Floats runningMean,
      Floats runningVariance, Floats savedMean, Floats savedInverseStd, Floats y) {
    throw device.missing("batchNormForward");
  }

  @Override
  public void batchNormBackward(int channels, Floats x, Floats gamma, Floats savedMean, Floats savedInverseStd, Floats dy, Floats dx,
      Floats dgamma, Floats dbeta) {
    throw device.missing("batchNormBackward");
  }

  @Override
  public void batchNormInference(int channels, Floats x, Floats gamma, Floats beta, float eps, Floats mean, Floats variance, Floats y) {
    throw device.missing("batchNormInference");
  }

  @Override
  public void softmaxCrossEntropy(int classes, Floats logits, Ints labels, Floats losses, Floats dlogits) {
    throw device.missing("softmaxCrossEntropy");
  }

  @Override
  public void sgd(float rate, float momentum, float decay, Floats gradient, Floats velocity, Floats w) {
    throw device.missing("sgd");
  }

  @Override
  public void adam(float rate, float beta1, float beta2, float eps, float decay, int step, Floats gradient, Floats m, Floats v, Floats w) {
    throw device.missing("adam");
  }

  @Override
  public void layerNormForward(int channels, Floats x, Floats gamma, Floats beta, float eps, Floats savedMean, Floats savedInverseStd,
      Floats y) {
    throw device.missing("layerNormForward");
  }

  @Override
  public void layerNormBackward(int channels, Floats x, Floats gamma, Floats savedMean, Floats savedInverseStd, Floats dy, Floats dx,
      Floats dgamma, Floats dbeta) {
    throw device.missing("layerNormBackward");
  }
}
