package unweave.kernels.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A mark between the pieces of work of a stream. */
public final class Event implements AutoCloseable {
    private final CUevent handle = new CUevent();
    private boolean open = true;

    private Event(Context context, int flags) {
        context.enter();
        Status.check(JCudaDriver.cuEventCreate(handle, flags), "cuEventCreate");
    }

    /** An event that orders work. */
    public static Event ordering(Context context) {
        return new Event(context, CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    /** An event that knows its time. */
    public static Event timing(Context context) {
        return new Event(context, CUevent_flags.CU_EVENT_DEFAULT);
    }

    /** Marks the end of all work that {@code stream} has now. */
    public void record(Stream stream) {
        Status.check(JCudaDriver.cuEventRecord(handle, stream.handle()), "cuEventRecord");
    }

    /** Whether the device has come past the mark (also true if it was never recorded). */
    public boolean isPast() {
        int code = JCudaDriver.cuEventQuery(handle);
        if (code == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        Status.check(code, "work on the GPU");
        return true;
    }

    /** Waits until the device has come past the mark. */
    public void synchronize() {
        Status.check(JCudaDriver.cuEventSynchronize(handle), "work on the GPU");
    }

    /** Milliseconds from {@code earlier} to this one; both must be past and know their time. */
    public double millisecondsSince(Event earlier) {
        float[] milliseconds = new float[1];
        Status.check(JCudaDriver.cuEventElapsedTime(milliseconds, earlier.handle, handle), "cuEventElapsedTime");
        return milliseconds[0];
    }

    CUevent handle() {
        return handle;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Status.check(JCudaDriver.cuEventDestroy(handle), "cuEventDestroy");
        }
    }
}
