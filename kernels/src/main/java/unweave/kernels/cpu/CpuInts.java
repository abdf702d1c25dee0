package unweave.kernels.cpu;

import unweave.kernels.Ints;

/** Int32 values in a Java array of exactly their number. */
final class CpuInts implements Ints {
    /** The values; null after {@link #close}, so that later use fails at once. */
    int[] array;

    private final int size;
    final CpuMemory memory;

    CpuInts(int[] array, CpuMemory memory) {
        this.array = array;
        this.size = array.length;
        this.memory = memory;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void close() {
        if (array != null) {
            memory.giveBack(array);
            array = null;
        }
    }

    @Override
    public String toString() {
        return "CpuInts of " + size + " values of " + memory.owner();
    }
}
