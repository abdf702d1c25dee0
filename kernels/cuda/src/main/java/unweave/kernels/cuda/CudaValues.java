package unweave.kernels.cuda;

/** A run of 4-byte values in the memory of a GPU. */
abstract class CudaValues implements AutoCloseable {
    private static final int BYTES = 4;
    private final CudaMemory memory;
    private final long size;

    CudaValues(CudaMemory memory, long size) {
        this.memory = memory;
        this.size = size;
    }

    /** Number of values. */
    public long size() {
        return size;
    }

    /** The memory behind the values. */
    CudaMemory memory() {
        return memory;
    }

    /** Where value {@code offset} lies on the device; for work on the compute stream that reads or writes it. */
    long address(long offset) {
        return memory.used() + offset * BYTES;
    }

    /** Where the first value lies on the device. */
    long address() {
        return address(0);
    }

    /** Gives the memory back in the order of the compute stream: work that was queued before still has it to itself. */
    @Override
    public void close() {
        memory.close();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " of " + size + " values of " + memory.owner();
    }
}
