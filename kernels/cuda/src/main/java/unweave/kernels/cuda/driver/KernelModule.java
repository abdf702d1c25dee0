package unweave.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jcuda.Pointer;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** Kernels that the driver has compiled from PTX for the device (once: the driver keeps the result on disk). */
public final class KernelModule implements AutoCloseable {
    private static final int LOG_BYTES = 8192;
    private final CUmodule handle = new CUmodule();
    private final Context context;
    private boolean open = true;

    /**
     * @param name for messages
     * @param ptx the text
     * @throws CudaException with the compiler's first words if it refuses
     */
    public KernelModule(Context context, String name, String ptx) {
        this.context = context;
        context.enter();
        byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
        // image, its terminating zero, then the log, then the two option values (8-byte aligned)
        int log = (text.length + Long.BYTES) / Long.BYTES * Long.BYTES;
        try (PinnedMemory memory = new PinnedMemory(context, log + LOG_BYTES + 2 * Long.BYTES)) {
            ByteBuffer buffer = memory.buffer();
            buffer.put(0, text).put(text.length, (byte) 0).put(log, (byte) 0);
            buffer.putLong(log + LOG_BYTES, memory.address() + log).putLong(log + LOG_BYTES + Long.BYTES, LOG_BYTES);
            int[] options = {CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
            Pointer values = Addresses.pointer(memory.address() + log + LOG_BYTES);
            int code = JCudaDriver.cuModuleLoadDataEx(
                    handle, Addresses.pointer(memory.address()), options.length, options, values);
            if (code != 0) {
                throw new CudaException("the kernels of " + name + " cannot be loaded: " + Status.describe(code)
                        + compilerLog(buffer, log));
            }
        }
    }

    /** The kernel of that name. */
    public Function function(String name) {
        return new Function(this, name);
    }

    CUmodule handle() {
        return handle;
    }

    private static String compilerLog(ByteBuffer buffer, int start) {
        int end = start;
        while (end < start + LOG_BYTES && buffer.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - start];
        buffer.get(start, text);
        String line = new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", "; ");
        return line.isEmpty() ? "" : ": " + line;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            context.enter();
            Status.check(JCudaDriver.cuModuleUnload(handle), "cuModuleUnload");
        }
    }
}
