package unweave.kernels.cpu;

import java.util.Arrays;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;

/** Computes on the processor, at once: every operation is done when its call returns. Each method passes on to the kernels of its group. */
public abstract class CpuBackend implements Backend {
  private final WorkerPool pool;
  private final CpuMemory memory = new CpuMemory();
  private final boolean vectors;

  CpuBackend(int threads, Simd simd) {
    vectors = VectorSupport.choose(simd);
    pool = new WorkerPool(threads);
  }

  @Override
  public String description() {
    String width = vectors ? VectorWidth.FLOATS.vectorBitSize() + "-bit SIMD" : "scalar";
    return "CPU, " + width + ", " + pool.threads() + (pool.threads() == 1 ? " thread" : " threads");
  }

  @Override
  public void close() {
    pool.close();
    memory.clear();
  }

  @Override
  public Floats floats(long size) {
    return memory.floats(size);
  }

  @Override
  public Ints ints(long size) {
    return memory.ints(size);
  }

  @Override
  public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
    System.arraycopy(source, sourceOffset, CpuFloats.of(target), Math.toIntExact(targetOffset), length);
  }

  @Override
  public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
    System.arraycopy(source, sourceOffset, CpuInts.of(target), Math.toIntExact(targetOffset), length);
  }

  @Override
  public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
    System.arraycopy(CpuFloats.of(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
  }

  @Override
  public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
    System.arraycopy(CpuInts.of(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
  }

  @Override
  public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
    System.arraycopy(CpuFloats.of(source), Math.toIntExact(sourceOffset), CpuFloats.of(target), Math.toIntExact(targetOffset),
        Math.toIntExact(length));
  }

  @Override
  public void fill(Floats x, float value) {
    Arrays.fill(CpuFloats.of(x), value);
  }

  @Override
  public void synchronize() {
    // Every operation is done when its call returns.
  }
}
