package unweave.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.driver.JCudaDriver;

/** Host memory that the device reads and writes by itself, so that copies need no processor. */
public final class PinnedMemory implements AutoCloseable {
    private final Addresses.AddressPointer pointer = new Addresses.AddressPointer();
    private final ByteBuffer buffer;
    private boolean open = true;

    public PinnedMemory(Context context, int bytes) {
        context.enter();
        Status.check(JCudaDriver.cuMemHostAlloc(pointer, bytes, 0), "cuMemHostAlloc of " + bytes + " bytes");
        buffer = pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    /** The memory as a buffer; not to be used after closing. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where it begins. */
    public long address() {
        return pointer.address();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Status.check(JCudaDriver.cuMemFreeHost(pointer), "cuMemFreeHost");
        }
    }
}
