package unweave.kernels.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Work that was recorded once and is launched as a whole, many times, without the cost of launching its pieces. */
public final class Graph implements AutoCloseable {
    private final CUgraphExec executable = new CUgraphExec();
    private final Context context;
    private boolean open = true;

    private Graph(Context context, CUgraph graph) {
        this.context = context;
        Status.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
    }

    /**
     * Records what {@code work} queues on {@code stream}; nothing of it runs. It may ask for device memory, but must
     * not wait or touch other streams.
     */
    public static Graph capture(Stream stream, Runnable work) {
        stream.context().enter();
        CUgraph graph = new CUgraph();
        Status.check(
                JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
                "cuStreamBeginCapture");
        int code;
        try {
            work.run();
        } finally {
            code = JCudaDriver.cuStreamEndCapture(stream.handle(), graph);
        }
        Status.check(code, "cuStreamEndCapture");
        try {
            return new Graph(stream.context(), graph);
        } finally {
            Status.check(JCudaDriver.cuGraphDestroy(graph), "cuGraphDestroy");
        }
    }

    /** Queues the recorded work. */
    public void launch(Stream stream) {
        stream.begin();
        Status.check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "cuGraphLaunch");
        stream.end("graph", 0, 0, 0, 0);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            context.enter();
            Status.check(JCudaDriver.cuGraphExecDestroy(executable), "cuGraphExecDestroy");
        }
    }
}
