package unweave.kernels.cpu;

import unweave.kernels.Ints;

/** Int32 values in a Java array of exactly their number. */
final class CpuInts implements Ints {
    /** The values; null after {@link #close}, so that later use fails at once. */
    int[] array;

    private final int size;
    private final CpuMemory memory;

    CpuInts(int[] array, CpuMemory memory) {
        this.array = array;
        this.size = array.length;
        this.memory = memory;
    }

    /** The array behind {@code ints}, which must be open and belong to a CPU backend. */
    static int[] of(Ints ints) {
        if (!(ints instanceof CpuInts cpu)) {
            throw new IllegalArgumentException("memory of another backend was handed to the CPU backend: " + ints);
        }
        if (cpu.array == null) {
            throw new IllegalStateException(cpu + " is used after it was closed");
        }
        return cpu.array;
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
        return "CpuInts of " + size + " values";
    }
}
