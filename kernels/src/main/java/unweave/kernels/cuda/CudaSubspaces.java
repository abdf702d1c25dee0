package unweave.kernels.cuda;

import unweave.kernels.Ascent;
import unweave.kernels.Floats;
import unweave.kernels.Orthogonalization;
import unweave.kernels.Subspaces;

/** Subspace analysis on the GPU. */
final class CudaSubspaces implements Subspaces {
  private final CudaDevice device;

  CudaSubspaces(CudaDevice device) {
    this.device = device;
  }

  @Override
  public void subspaceGradient(int starts, int rows, int dimensions, int subspaces, Floats a, Floats c, Floats u, Floats gradient,
      Floats objective, long offset) {
    throw device.missing("subspaceGradient");
  }

  @Override
  public void orthogonalize(Orthogonalization method, int starts, int dimensions, Floats u) {
    throw device.missing("orthogonalize");
  }

  @Override
  public void ascend(Ascent ascent, int steps, Floats a, Floats c, Floats u, Floats gradient, Floats objective, long offset) {
    throw device.missing("ascend");
  }

  @Override
  public void projectRelevance(int rows, int dimensions, int subspaces, Floats u, Floats a, Floats c, Floats out) {
    throw device.missing("projectRelevance");
  }
}
