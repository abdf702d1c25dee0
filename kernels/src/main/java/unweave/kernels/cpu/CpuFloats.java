package unweave.kernels.cpu;

import unweave.kernels.Floats;

/** Float32 values in a Java array of exactly their number. */
final class CpuFloats implements Floats {
    /** The values; null after {@link #close}, so that later use fails at once. */
    float[] array;

    private final int size;
    private final CpuMemory memory;

    CpuFloats(float[] array, CpuMemory memory) {
        this.array = array;
        this.size = array.length;
        this.memory = memory;
    }

    /** The array behind {@code floats}, which must be open and belong to a CPU backend. */
    static float[] of(Floats floats) {
        if (!(floats instanceof CpuFloats cpu)) {
            throw new IllegalArgumentException("memory of another backend was handed to the CPU backend: " + floats);
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
        return "CpuFloats of " + size + " values";
    }
}
