package unweave.kernels.cpu;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Arrays by exact length, kept for reuse. Programs here ask for the same sizes over and over, and fresh Java arrays cost a pass of zeros
 * and work for the garbage collector. Belongs to one thread at a time, like its backend.
 */
final class CpuMemory {
  /** Unused arrays may hold this part of the heap; beyond it, all of them are dropped. */
  private static final long UNUSED_LIMIT_BYTES = Runtime.getRuntime().maxMemory() / 4;

  private final Map<Integer, ArrayDeque<float[]>> unusedFloats = new HashMap<>();
  private final Map<Integer, ArrayDeque<int[]>> unusedInts = new HashMap<>();
  private long unusedBytes;

  CpuFloats floats(long size) {
    int length = length(size);
    ArrayDeque<float[]> unused = unusedFloats.get(length);
    if (unused == null || unused.isEmpty()) {
      return new CpuFloats(new float[length], this);
    }
    unusedBytes -= (long) length * Float.BYTES;
    return new CpuFloats(unused.pop(), this);
  }

  CpuInts ints(long size) {
    int length = length(size);
    ArrayDeque<int[]> unused = unusedInts.get(length);
    if (unused == null || unused.isEmpty()) {
      return new CpuInts(new int[length], this);
    }
    unusedBytes -= (long) length * Integer.BYTES;
    return new CpuInts(unused.pop(), this);
  }

  void giveBack(float[] array) {
    makeRoom((long) array.length * Float.BYTES);
    unusedFloats.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
  }

  void giveBack(int[] array) {
    makeRoom((long) array.length * Integer.BYTES);
    unusedInts.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
  }

  /** Leaves all unused arrays to the garbage collector. */
  void clear() {
    unusedFloats.clear();
    unusedInts.clear();
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
      throw new IllegalArgumentException("the CPU backend holds at most 2147483639 values in one piece, not " + size);
    }
    return (int) size;
  }
}
