package unweave.kernels.cuda;

import java.util.List;
import unweave.kernels.Recording;
import unweave.kernels.cuda.driver.Graph;

/**
 * Work of a device, recorded once and launched many times ({@link CudaDevice#capture}). Owns the scratch memory that
 * the work uses. While a profile is taken nothing is recorded, and every launch queues the pieces one by one, so that
 * each can be timed.
 */
final class CudaGraph implements Recording {
    private final CudaDevice device;
    /** Null while a profile is taken. */
    private final Graph graph;

    private final Runnable pieces;
    private final List<CachingAllocator.Block> scratch;
    private boolean open = true;

    CudaGraph(CudaDevice device, Graph graph, List<CachingAllocator.Block> scratch) {
        this(device, graph, () -> {}, scratch);
    }

    private CudaGraph(CudaDevice device, Graph graph, Runnable pieces, List<CachingAllocator.Block> scratch) {
        this.device = device;
        this.graph = graph;
        this.pieces = pieces;
        this.scratch = scratch;
    }

    static CudaGraph inPieces(CudaDevice device, Runnable pieces) {
        return new CudaGraph(device, null, pieces, List.of());
    }

    @Override
    public void play() {
        device.owner().require();
        if (!open) {
            throw new IllegalStateException("a recording is played after it was closed");
        }
        if (graph == null) {
            pieces.run();
            return;
        }
        device.noteUnknownUses();
        graph.launch(device.stream());
    }

    /** Waits until the device is done with it, then frees it. */
    @Override
    public void close() {
        device.owner().require();
        if (open) {
            open = false;
            device.stream().synchronize();
            if (graph != null) {
                graph.close();
            }
            device.memory().release(scratch);
        }
    }
}
