package unweave.kernels.cpu;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Owner;

/**
 * Arrays by exact length, kept for reuse. Programs here ask for the same sizes over and over, and fresh Java arrays
 * cost a pass of zeros and work for the garbage collector. Belongs to one thread at a time, like its backend.
 */
final class CpuMemory {
    /** Unused arrays may take this fraction of the heap; beyond it, all of them are dropped. */
    private static final long UNUSED_LIMIT_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private final Owner owner;
    private Unused unused = new Unused();
    /** With what was derived of each. */
    private final IdentityHashMap<float[], Map<Object, float[]>> frozen = new IdentityHashMap<>();

    private long unusedBytes;
    /** Null unless operations are recorded. */
    private Unused recorded;

    /** Arrays that are not in use. */
    static final class Unused {
        private final Map<Integer, ArrayDeque<float[]>> floats = new HashMap<>();
        private final Map<Integer, ArrayDeque<int[]>> ints = new HashMap<>();

        private static <T> T poll(Map<Integer, ArrayDeque<T>> arrays, int length) {
            ArrayDeque<T> unused = arrays.get(length);
            return unused == null ? null : unused.poll();
        }

        private static <T> void push(Map<Integer, ArrayDeque<T>> arrays, int length, T array) {
            arrays.computeIfAbsent(length, same -> new ArrayDeque<>()).push(array);
        }
    }

    CpuMemory() {
        this(new Owner("CPU"));
    }

    CpuMemory(Owner owner) {
        this.owner = owner;
    }

    Owner owner() {
        return owner;
    }

    CpuFloats floats(long size) {
        owner.require();
        int length = length(size);
        float[] array = recorded == null ? null : Unused.poll(recorded.floats, length);
        if (array == null) {
            array = Unused.poll(unused.floats, length);
            unusedBytes -= array == null ? 0 : (long) length * Float.BYTES;
        }
        return new CpuFloats(array == null ? new float[length] : array, this);
    }

    CpuInts ints(long size) {
        owner.require();
        int length = length(size);
        int[] array = recorded == null ? null : Unused.poll(recorded.ints, length);
        if (array == null) {
            array = Unused.poll(unused.ints, length);
            unusedBytes -= array == null ? 0 : (long) length * Integer.BYTES;
        }
        return new CpuInts(array == null ? new int[length] : array, this);
    }

    /** The array behind {@code values}, which must be open and this backend's. */
    float[] array(Floats values) {
        owner.require();
        if (!(values instanceof CpuFloats cpu) || cpu.memory != this) {
            throw owner.foreign(values);
        }
        if (cpu.array == null) {
            throw new IllegalStateException(cpu + " is used after it was closed");
        }
        return cpu.array;
    }

    /** As {@link #array(Floats)}, for an operation that writes there. */
    float[] target(Floats values) {
        float[] array = array(values);
        if (frozen.containsKey(array)) {
            throw new IllegalStateException(values + " is frozen: it must not be written to");
        }
        return array;
    }

    /** From now on {@link #derived} keeps what is made of these values. */
    void freeze(Floats values) {
        frozen.computeIfAbsent(array(values), array -> new HashMap<>());
    }

    /** What is kept with frozen values, by what it is for; null if they are not frozen. */
    Map<Object, float[]> derived(float[] values) {
        return frozen.get(values);
    }

    /** The array behind {@code values}, which must be open and this backend's. */
    int[] array(Ints values) {
        owner.require();
        if (!(values instanceof CpuInts cpu) || cpu.memory != this) {
            throw owner.foreign(values);
        }
        if (cpu.array == null) {
            throw new IllegalStateException(cpu + " is used after it was closed");
        }
        return cpu.array;
    }

    /** As {@link #array(Floats)}, where the operation needs exactly {@code size} values. */
    float[] array(Floats values, long size) {
        float[] array = array(values);
        if (array.length != size) {
            throw new IllegalArgumentException(
                    "an operand has " + array.length + " values where " + size + " are needed");
        }
        return array;
    }

    /** As {@link #array(Floats, long)}; null for null. */
    float[] optional(Floats values, long size) {
        return values == null ? null : array(values, size);
    }

    void giveBack(float[] array) {
        owner.require();
        frozen.remove(array);
        if (recorded != null) {
            Unused.push(recorded.floats, array.length, array);
            return;
        }
        makeRoom((long) array.length * Float.BYTES);
        Unused.push(unused.floats, array.length, array);
    }

    void giveBack(int[] array) {
        owner.require();
        if (recorded != null) {
            Unused.push(recorded.ints, array.length, array);
            return;
        }
        makeRoom((long) array.length * Integer.BYTES);
        Unused.push(unused.ints, array.length, array);
    }

    /**
     * From now on, arrays given back are kept for the recorded operations, which write to them whenever they are
     * played.
     */
    void beginRecording() {
        recorded = new Unused();
    }

    /**
     * Ends what {@link #beginRecording} began; the arrays are the recording's until they come to
     * {@link #giveBack(Unused)}.
     */
    Unused endRecording() {
        Unused arrays = recorded;
        recorded = null;
        return arrays;
    }

    void giveBack(Unused arrays) {
        arrays.floats.values().forEach(sameLength -> sameLength.forEach(this::giveBack));
        arrays.ints.values().forEach(sameLength -> sameLength.forEach(this::giveBack));
    }

    /** Leaves all unused arrays to the garbage collector. */
    void clear() {
        unused = new Unused();
        unusedBytes = 0;
    }

    private void makeRoom(long bytes) {
        if (unusedBytes + bytes > UNUSED_LIMIT_BYTES) {
            clear();
        }
        unusedBytes += bytes;
    }

    private static int length(long size) {
        if (size < 0 || size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "the CPU backend holds at most 2147483639 values in one piece, not " + size);
        }
        return (int) size;
    }
}
