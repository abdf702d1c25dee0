package unweave.kernels.cuda;

import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** Element by element on the GPU. */
final class CudaElementwise implements Elementwise {
  private final CudaDevice device;

  CudaElementwise(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void relu(Floats x, Floats y) {
    throw device.missing("relu");
  }

  @Override
  public void reluBackward(Floats y, Floats dy, Floats dx) {
    throw device.missing("reluBackward");
  }

  @Override
  public void add(Floats a, Floats b, Floats c) {
    throw device.missing("add");
  }

  @Override
  public void addScaled(float alpha, Floats x, Floats y) {
    throw device.missing("addScaled");
  }

  @Override
  public void multiply(Floats a, Floats b, Floats c) {
    throw device.missing("multiply");
  }

  @Override
  public void scale(float alpha, Floats x, Floats y) {
    throw device.missing("scale");
  }

  @Override
  public void dropout(float p, long seed, Floats x, Floats y) {
    throw device.missing("dropout");
  }

  @Override
  public void gatherRows(int width, Floats x, Ints rows, Floats y) {
    throw device.missing("gatherRows");
  }

  @Override
  public void sumRows(int width, Floats x, Floats sums) {
    throw device.missing("sumRows");
  }

  @Override
  public void copyColumns(int columns, Floats x, int xWidth, int xColumn, Floats y, int yWidth, int yColumn) {
    throw device.missing("copyColumns");
  }
}
