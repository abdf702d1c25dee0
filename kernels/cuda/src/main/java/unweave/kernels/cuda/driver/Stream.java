package unweave.kernels.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A queue of work; the device takes its pieces one after the other. Streams run beside each other unless events order
 * them.
 */
public final class Stream implements AutoCloseable {
    private final CUstream handle = new CUstream();
    private final Context context;
    private final String name;
    private DeviceListener listener;
    private boolean open = true;

    /** @param name for people who look at a profile */
    public Stream(Context context, String name) {
        this.context = context;
        this.name = name;
        context.enter();
        Status.check(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    public String name() {
        return name;
    }

    public Context context() {
        return context;
    }

    /** From now on, {@code listener} (null for none) is told of all work. */
    public void listen(DeviceListener listener) {
        this.listener = listener;
    }

    /** Whether somebody is told of all work. */
    public boolean isListenedTo() {
        return listener != null;
    }

    /** Copies from pinned host memory to the device. */
    public void upload(long hostAddress, long deviceAddress, long bytes) {
        begin();
        Status.check(
                JCudaDriver.cuMemcpyHtoDAsync(
                        Addresses.device(deviceAddress), Addresses.pointer(hostAddress), bytes, handle),
                "copy to the GPU");
        end("upload", 0, 0, 0, bytes);
    }

    /** Copies from the device to pinned host memory. */
    public void download(long deviceAddress, long hostAddress, long bytes) {
        begin();
        Status.check(
                JCudaDriver.cuMemcpyDtoHAsync(
                        Addresses.pointer(hostAddress), Addresses.device(deviceAddress), bytes, handle),
                "copy from the GPU");
        end("download", 0, 0, 0, bytes);
    }

    /** Copies within the device. */
    public void copy(long sourceAddress, long targetAddress, long bytes) {
        begin();
        Status.check(
                JCudaDriver.cuMemcpyDtoDAsync(
                        Addresses.device(targetAddress), Addresses.device(sourceAddress), bytes, handle),
                "copy on the GPU");
        end("copy", 0, 0, 0, 2.0 * bytes);
    }

    /** Sets {@code count} 32-bit words to {@code word}. */
    public void fill(long address, int word, long count) {
        begin();
        Status.check(JCudaDriver.cuMemsetD32Async(Addresses.device(address), word, count, handle), "fill on the GPU");
        end("fill", 0, 0, 0, 4.0 * count);
    }

    /** What is queued from now on waits for {@code event}. */
    public void waitFor(Event event) {
        Status.check(JCudaDriver.cuStreamWaitEvent(handle, event.handle(), 0), "cuStreamWaitEvent");
    }

    /** Waits until all work is done; a kernel that failed is reported here at the latest. */
    public void synchronize() {
        context.enter();
        Status.check(JCudaDriver.cuStreamSynchronize(handle), "work on the GPU");
    }

    /** Work comes: makes the context current and tells the listener. */
    void begin() {
        context.enter();
        if (listener != null) {
            listener.before(this);
        }
    }

    /** Work was queued. */
    void end(String work, long blocks, int threads, double flops, double bytes) {
        if (listener != null) {
            listener.after(this, work, blocks, threads, flops, bytes);
        }
    }

    CUstream handle() {
        return handle;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            context.enter();
            Status.check(JCudaDriver.cuStreamDestroy(handle), "cuStreamDestroy");
        }
    }
}
