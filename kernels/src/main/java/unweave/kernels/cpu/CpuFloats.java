package unweave.kernels.cpu;

import unweave.kernels.Floats;

/** Float32 values in a Java array of exactly their number. */
final class CpuFloats implements Floats {
    /** The values; null after {@link #close}, so that later use fails at once. */
    float[] array;

    private final int size;
    final CpuMemory memory;

    CpuFloats(float[] array, CpuMemory memory) {
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
        return "CpuFloats of " + size + " values of " + memory.owner();
    }
}
