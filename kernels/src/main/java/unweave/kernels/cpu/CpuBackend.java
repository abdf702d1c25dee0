package unweave.kernels.cpu;

import unweave.kernels.Activations;
import unweave.kernels.Attention;
import unweave.kernels.Backend;
import unweave.kernels.Broadcasting;
import unweave.kernels.Ceilings;
import unweave.kernels.Convolutions;
import unweave.kernels.Elementwise;
import unweave.kernels.Floats;
import unweave.kernels.Fused;
import unweave.kernels.Indexing;
import unweave.kernels.Ints;
import unweave.kernels.Normalization;
import unweave.kernels.Owner;
import unweave.kernels.Pooling;
import unweave.kernels.Propagation;
import unweave.kernels.Recording;
import unweave.kernels.Recurrence;
import unweave.kernels.Subspaces;
import unweave.kernels.Training;

/** Computes on the processor, at once: every operation is done when its call returns. */
public final class CpuBackend implements Backend {
    /** A dense layer of ten classes, for instance, has less: some microseconds in plain Java. */
    private static final int LEAST_VECTOR_WORK = 24_000;

    private final WorkerPool pool;
    private final Owner owner;
    private final CpuMemory memory;
    private final boolean vectors;
    private final ConvolutionKernels convolutions;
    private final PoolingKernels pooling;
    private final FusedKernels fused;
    private final ElementwiseKernels elementwise;
    private final BroadcastingKernels broadcasting;
    private final IndexingKernels indexing;
    private final RecurrenceKernels recurrence;
    private final ActivationKernels activations;
    private final NormalizationKernels normalization;
    private final AttentionKernels attention;
    private final TrainingKernels training;
    private final PropagationKernels propagation;
    private final SubspaceKernels subspaces;
    private final CpuCeilings ceilings;

    private CpuBackend(int threads, Simd simd) {
        vectors = VectorSupport.choose(simd);
        pool = new WorkerPool(threads);
        owner = new Owner(description());
        memory = new CpuMemory(owner);
        ElementLoops loops = ElementLoops.choose(vectors);
        convolutions = new ConvolutionKernels(pool, memory, vectors, simd == Simd.VECTOR ? 0 : LEAST_VECTOR_WORK);
        pooling = new PoolingKernels(pool, memory, vectors);
        elementwise = new ElementwiseKernels(pool, memory, loops);
        broadcasting = new BroadcastingKernels(pool, memory, loops, elementwise);
        indexing = new IndexingKernels(pool, memory);
        recurrence = new RecurrenceKernels(pool, memory);
        activations = new ActivationKernels(pool, memory, loops);
        normalization = new NormalizationKernels(pool, memory, loops);
        attention = new AttentionKernels(pool, memory, convolutions);
        training = new TrainingKernels(pool, memory);
        propagation = new PropagationKernels(pool, memory, loops);
        fused = new FusedKernels(pool, memory, vectors, convolutions, pooling, elementwise, propagation, activations);
        subspaces = new SubspaceKernels(pool, memory, vectors);
        ceilings = new CpuCeilings(pool);
    }

    /**
     * A backend with SIMD kernels where the Java runtime offers them, else with scalar ones.
     *
     * @param threads how many threads compute, the caller's among them; 0 for one per processor
     */
    public static CpuBackend create(int threads) {
        return create(threads, Simd.AUTOMATIC);
    }

    /**
     * As {@link #create(int)}, with a choice of the kernels.
     *
     * @throws IllegalStateException if {@link Simd#VECTOR} is wanted and cannot be had
     */
    public static CpuBackend create(int threads, Simd simd) {
        return new CpuBackend(threads, simd);
    }

    @Override
    public void claim() {
        owner.claim();
    }

    @Override
    public String description() {
        String width = vectors ? VectorWidth.FLOATS.vectorBitSize() + "-bit SIMD" : "scalar";
        return "CPU, " + width + ", " + pool.threads() + (pool.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Convolutions convolutions() {
        return convolutions;
    }

    @Override
    public Pooling pooling() {
        return pooling;
    }

    @Override
    public Fused fused() {
        return fused;
    }

    @Override
    public Elementwise elementwise() {
        return elementwise;
    }

    @Override
    public Broadcasting broadcasting() {
        return broadcasting;
    }

    @Override
    public Indexing indexing() {
        return indexing;
    }

    @Override
    public Recurrence recurrence() {
        return recurrence;
    }

    @Override
    public Activations activations() {
        return activations;
    }

    @Override
    public Normalization normalization() {
        return normalization;
    }

    @Override
    public Attention attention() {
        return attention;
    }

    @Override
    public Training training() {
        return training;
    }

    @Override
    public Propagation propagation() {
        return propagation;
    }

    @Override
    public Subspaces subspaces() {
        return subspaces;
    }

    @Override
    public Ceilings measureCeilings() {
        owner.require();
        return ceilings.measure(vectors);
    }

    /**
     * What multiplying and adding in registers reaches on all threads right now, in operations per second, measured for
     * so many nanoseconds.
     */
    public double arithmeticNow(long nanos) {
        owner.require();
        return ceilings.arithmeticNow(vectors, nanos);
    }

    @Override
    public void close() {
        owner.require();
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
    public Recording record(Runnable operations) {
        owner.require();
        return CpuRecording.of(operations, pool, memory);
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        pool.requireNoRecording("an upload");
        System.arraycopy(source, sourceOffset, memory.target(target), Math.toIntExact(targetOffset), length);
    }

    @Override
    public void freeze(Floats x) {
        memory.freeze(x);
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        pool.requireNoRecording("an upload");
        System.arraycopy(source, sourceOffset, memory.array(target), Math.toIntExact(targetOffset), length);
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        pool.requireNoRecording("a download");
        System.arraycopy(memory.array(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        pool.requireNoRecording("a download");
        System.arraycopy(memory.array(source), Math.toIntExact(sourceOffset), target, targetOffset, length);
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        elementwise.copy(
                memory.array(source),
                Math.toIntExact(sourceOffset),
                memory.target(target),
                Math.toIntExact(targetOffset),
                Math.toIntExact(length));
    }

    @Override
    public void fill(Floats x, float value) {
        elementwise.fill(memory.target(x), value);
    }

    @Override
    public void synchronize() {
        owner.require();
        pool.requireNoRecording("waiting"); // every operation is done when its call returns
    }
}
