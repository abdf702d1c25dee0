package unweave.kernels.cuda;

import unweave.kernels.cuda.driver.Dnn;

/** cuDNN on one device, with all that was made for its shapes. */
final class CudnnLibrary implements AutoCloseable {
  private final Dnn dnn;
  private final CudnnConvolutions convolutions;
  private final CudnnPooling pooling;

  /** @throws unweave.kernels.cuda.driver.CudaUnavailableException if there is no cuDNN that can be used */
  CudnnLibrary(CudaDevice device) {
    dnn = new Dnn(device.stream());
    convolutions = new CudnnConvolutions(device, new CudaConvolutions(device), dnn);
    pooling = new CudnnPooling(device, new CudaPooling(device), dnn);
  }

  CudnnConvolutions convolutions() {
    return convolutions;
  }

  CudnnPooling pooling() {
    return pooling;
  }

  /** "cuDNN 9.5.1". */
  String description() {
    long version = dnn.version();
    return "cuDNN " + version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
  }

  @Override
  public void close() {
    convolutions.close();
    pooling.close();
    dnn.close();
  }
}
