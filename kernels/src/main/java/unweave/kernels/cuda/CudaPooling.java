package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;
import unweave.kernels.Pooling;

/** Pooling on the GPU. */
final class CudaPooling implements Pooling {
  private final CudaDevice device;

  CudaPooling(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void maxPoolForward(PoolShape shape, Floats x, Floats y, Ints winners) {
    throw device.missing("maxPoolForward");
  }

  @Override
  public void maxPoolBackward(PoolShape shape, Floats dy, Ints winners, Floats dx) {
    throw device.missing("maxPoolBackward");
  }

  @Override
  public void avgPoolForward(PoolShape shape, Floats x, Floats y) {
    throw device.missing("avgPoolForward");
  }

  @Override
  public void avgPoolBackward(PoolShape shape, Floats dy, Floats dx) {
    throw device.missing("avgPoolBackward");
  }
}
