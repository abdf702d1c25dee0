package unweave.kernels.cuda;

import java.util.List;
import unweave.kernels.cuda.driver.Graph;

/** Work of a device, recorded once and launched many times ({@link CudaDevice#capture}). Owns the scratch memory that the work uses. */
final class CudaGraph implements AutoCloseable {
  private final CudaDevice device;
  private final Graph graph;
  private final List<CachingAllocator.Block> scratch;
  private boolean open = true;

  CudaGraph(CudaDevice device, Graph graph, List<CachingAllocator.Block> scratch) {
    this.device = device;
    this.graph = graph;
    this.scratch = scratch;
  }

  /** Queues the recorded work. */
  void launch() {
    device.noteUnknownUses();
    graph.launch(device.stream());
  }

  /** Waits until the device is done with it, then frees it. */
  @Override
  public void close() {
    if (open) {
      open = false;
      device.stream().synchronize();
      graph.close();
      device.memory().release(scratch);
    }
  }
}
