package unweave.kernels.cuda;

import unweave.kernels.ConvShape;
import unweave.kernels.Convolutions;
import unweave.kernels.Floats;

/** Convolution and matrix products on the GPU. */
final class CudaConvolutions implements Convolutions {
  private final CudaDevice device;

  CudaConvolutions(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void convForward(ConvShape shape, Floats x, Floats w, Floats bias, boolean relu, Floats y) {
    throw device.missing("convForward");
  }

  @Override
  public void convBackwardInput(ConvShape shape, Floats dy, Floats w, Floats dx) {
    throw device.missing("convBackwardInput");
  }

  @Override
  public void convBackwardWeights(ConvShape shape, Floats x, Floats dy, Floats dw, Floats dbias) {
    throw device.missing("convBackwardWeights");
  }

  @Override
  public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, Floats a, Floats b, Floats c) {
    throw device.missing("gemm");
  }
}
