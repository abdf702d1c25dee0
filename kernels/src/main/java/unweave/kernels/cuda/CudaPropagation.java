package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Propagation;
import unweave.kernels.WeightTransform;

/** The pieces of relevance propagation on the GPU. */
final class CudaPropagation implements Propagation {
  private final CudaDevice device;

  CudaPropagation(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
    throw device.missing("transformWeights");
  }

  @Override
  public void positivePart(Floats x, Floats y) {
    throw device.missing("positivePart");
  }

  @Override
  public void negativePart(Floats x, Floats y) {
    throw device.missing("negativePart");
  }

  @Override
  public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
    throw device.missing("stabilizedDivide");
  }

  @Override
  public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
    throw device.missing("selectiveDivide");
  }

  @Override
  public void addProduct(float alpha, Floats x, Floats g, Floats out) {
    throw device.missing("addProduct");
  }

  @Override
  public void contextVectors(Floats r, Floats a, Floats c) {
    throw device.missing("contextVectors");
  }

  @Override
  public void clippedDenominator(float eps, Floats z, Floats out) {
    throw device.missing("clippedDenominator");
  }

  @Override
  public void rmsDenominator(int width, float eps, Floats z, Floats out) {
    throw device.missing("rmsDenominator");
  }
}
