package unweave.kernels.cuda.driver;

import jcuda.driver.CUcontext;
import jcuda.driver.JCudaDriver;

/**
 * The primary context of a device, which cuBLAS and cuDNN share. The driver keeps one current context for each thread;
 * {@link #enter} makes this one current where it is not.
 */
public final class Context implements AutoCloseable {
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();
    private final Device device;
    private final CUcontext handle = new CUcontext();
    private boolean open = true;

    public Context(Device device) {
        this.device = device;
        Status.check(JCudaDriver.cuDevicePrimaryCtxRetain(handle, device.handle()), "cuDevicePrimaryCtxRetain");
        enter();
    }

    /** Makes this context the calling thread's. */
    public void enter() {
        if (CURRENT.get() != this) {
            if (!open) {
                throw new IllegalStateException("the CUDA device is used after it was closed");
            }
            Status.check(JCudaDriver.cuCtxSetCurrent(handle), "cuCtxSetCurrent");
            CURRENT.set(this);
        }
    }

    /** Bytes free and in total, now. */
    public long[] memory() {
        enter();
        long[] free = new long[1];
        long[] total = new long[1];
        Status.check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
        return new long[] {free[0], total[0]};
    }

    /** Waits for all work on all streams. */
    public void synchronize() {
        enter();
        Status.check(JCudaDriver.cuCtxSynchronize(), "work on the GPU");
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            CURRENT.remove();
            Status.check(JCudaDriver.cuDevicePrimaryCtxRelease(device.handle()), "cuDevicePrimaryCtxRelease");
        }
    }
}
