package unweave.kernels.cuda;

import unweave.kernels.Activation;
import unweave.kernels.Activations;
import unweave.kernels.Floats;

/** Nonlinearities that are not ReLU, on the GPU. */
final class CudaActivations implements Activations {
  private final CudaDevice device;

  CudaActivations(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void activate(Activation f, float a, Floats x, Floats y) {
    throw device.missing("activate");
  }

  @Override
  public void activationBackward(Activation f, float a, Floats x, Floats dy, Floats dx) {
    throw device.missing("activationBackward");
  }
}
