package unweave.kernels.cuda.driver;

import java.nio.ByteBuffer;
import jcuda.Pointer;

/**
 * The arguments of a kernel in memory that the driver reads: a table of pointers and, behind it, one 8-byte slot for
 * each argument. Filled again for each launch, so a launch allocates nothing.
 */
public final class KernelArguments implements AutoCloseable {
    private final PinnedMemory memory;
    private final ByteBuffer buffer;
    private final Pointer table;
    private final int count;

    public KernelArguments(Context context, int count) {
        this.count = count;
        memory = new PinnedMemory(context, Math.max(1, 2 * count) * Long.BYTES);
        buffer = memory.buffer();
        for (int i = 0; i < count; i++) {
            buffer.putLong(i * Long.BYTES, memory.address() + (long) (count + i) * Long.BYTES);
        }
        table = Addresses.pointer(memory.address());
    }

    public void set(int index, long value) {
        buffer.putLong((count + index) * Long.BYTES, value);
    }

    public void set(int index, int value) {
        buffer.putInt((count + index) * Long.BYTES, value);
    }

    public void set(int index, float value) {
        buffer.putFloat((count + index) * Long.BYTES, value);
    }

    public void set(int index, double value) {
        buffer.putDouble((count + index) * Long.BYTES, value);
    }

    Pointer table() {
        return table;
    }

    @Override
    public void close() {
        memory.close();
    }
}
