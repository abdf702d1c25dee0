package unweave.kernels.cuda.driver;

import jcuda.driver.JCudaDriver;

/** The driver as a whole. */
public final class Driver {
  private Driver() {}

  /**
   * Finds the driver and starts it, once per process.
   *
   * @throws CudaUnavailableException if there is none that we can use
   */
  public static synchronized void start() {
    Status.check(JCudaDriver.cuInit(0), "cuInit");
  }
}
