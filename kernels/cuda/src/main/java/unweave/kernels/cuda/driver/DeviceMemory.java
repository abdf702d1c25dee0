package unweave.kernels.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A piece of device memory, aligned to at least 256 bytes. */
public final class DeviceMemory implements AutoCloseable {
    private final Addresses.DevicePointer pointer = new Addresses.DevicePointer();
    private final long bytes;
    private boolean open = true;

    /** @throws CudaOutOfMemoryException if the device has not so much left */
    public DeviceMemory(Context context, long bytes) {
        context.enter();
        this.bytes = bytes;
        int code = JCudaDriver.cuMemAlloc(pointer, bytes);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            long[] memory = context.memory();
            throw new CudaOutOfMemoryException(bytes, memory[0], memory[1]);
        }
        Status.check(code, "cuMemAlloc of " + bytes + " bytes");
    }

    /** Where it begins. */
    public long address() {
        return pointer.address();
    }

    public long bytes() {
        return bytes;
    }

    /** Frees it; waits for the device. The device's context must be current. */
    @Override
    public void close() {
        if (open) {
            open = false;
            Status.check(JCudaDriver.cuMemFree(pointer), "cuMemFree");
        }
    }
}
