package unweave.kernels.cuda;

import java.util.List;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Owner;
import unweave.kernels.cuda.driver.Blas;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;
import unweave.kernels.cuda.driver.Device;
import unweave.kernels.cuda.driver.DeviceProperties;
import unweave.kernels.cuda.driver.Graph;
import unweave.kernels.cuda.driver.Stream;

/**
 * One GPU as the operations see it: its compute stream, its kernels, its memory, cuBLAS. Belongs to one thread at a
 * time.
 */
final class CudaDevice implements AutoCloseable {
    private final DeviceProperties properties;
    private final Owner owner;
    private final Context context;
    private final Stream stream;
    private final CachingAllocator memory;
    private final KernelLibrary kernels;
    private final Blas blas;
    private final boolean checkLeaks;
    private long unknownUse;

    /** @param checkLeaks fail when closed while memory is owned, and name the place that asked for it */
    CudaDevice(Device device, boolean checkLeaks) {
        this.checkLeaks = checkLeaks;
        properties = device.properties();
        owner = new Owner(properties.description());
        context = new Context(device);
        stream = new Stream(context, "compute");
        memory = new CachingAllocator(stream, checkLeaks, owner);
        kernels = new KernelLibrary(this);
        try {
            blas = new Blas(stream);
        } catch (CudaException | CudaOutOfMemoryException e) {
            closeAllButBlas();
            throw e;
        }
    }

    /** The thread that may use the device. */
    Owner owner() {
        return owner;
    }

    /** Makes the calling thread the owner, and the device's context its current one. */
    void claim() {
        owner.claim();
        context.enter();
    }

    DeviceProperties properties() {
        return properties;
    }

    Context context() {
        return context;
    }

    /** Where all operations are queued. */
    Stream stream() {
        return stream;
    }

    /** The launch of a kernel, to be given its arguments in the order of the kernel's parameters. */
    Launch kernel(String name) {
        owner.require();
        return kernels.kernel(name);
    }

    /**
     * Memory of unspecified content. It may be closed right after the launch that uses it: it is given back in the
     * order of the stream.
     */
    CudaFloats floats(long size) {
        return new CudaFloats(memory.allocate(size * Float.BYTES), size);
    }

    /** As {@link #floats}, for int32 values. */
    CudaInts ints(long size) {
        return new CudaInts(memory.allocate(size * Integer.BYTES), size);
    }

    /** Matrix products on the compute stream. Operands are addresses: {@code own(x).address(offset)}. */
    Blas blas() {
        return blas;
    }

    /**
     * Records what {@code work} queues, to be launched many times as a whole. Nothing runs while it is recorded. The
     * work must not move values between host and device nor wait. Run it once before: then its kernels are loaded, and
     * the memory that it takes is there, since recording can do neither. Memory that the work allocates and closes is
     * kept for the graph.
     */
    CudaGraph capture(Runnable work) {
        owner.require();
        if (memory.isCapturing()) {
            throw new IllegalStateException("another recording cannot be recorded");
        }
        if (stream.isListenedTo()) {
            return CudaGraph.inPieces(this, work);
        }
        memory.beginCapture();
        List<CachingAllocator.Block> scratch = null;
        try {
            Graph graph = Graph.capture(stream, work);
            scratch = memory.endCapture();
            return new CudaGraph(this, graph, scratch);
        } finally {
            if (scratch == null) {
                memory.release(memory.endCapture());
            }
        }
    }

    /** The memory behind {@code values}, which must be this device's. */
    CudaFloats own(Floats values) {
        owner.require();
        if (values instanceof CudaFloats floats && floats.memory().isOf(memory)) {
            return floats;
        }
        throw owner.foreign(values);
    }

    /** The memory behind {@code values}, which must be this device's. */
    CudaInts own(Ints values) {
        owner.require();
        if (values instanceof CudaInts ints && ints.memory().isOf(memory)) {
            return ints;
        }
        throw owner.foreign(values);
    }

    /** As {@link #own(Floats)}, where the operation needs exactly {@code size} values. */
    CudaFloats own(Floats values, long size) {
        if (values.size() != size) {
            throw new IllegalArgumentException(
                    "an operand has " + values.size() + " values where " + size + " are needed");
        }
        return own(values);
    }

    CachingAllocator memory() {
        return memory;
    }

    /** Work that touches blocks nobody counts (a graph's) is about to be queued. */
    void noteUnknownUses() {
        unknownUse = memory.nextUse();
    }

    /** The number of the last use that may have touched any block. */
    long unknownUse() {
        return unknownUse;
    }

    @Override
    public void close() {
        IllegalStateException leak = checkLeaks ? memory.leak() : null;
        stream.synchronize();
        blas.close();
        closeAllButBlas();
        if (leak != null) {
            throw leak;
        }
    }

    private void closeAllButBlas() {
        kernels.close();
        memory.close();
        stream.close();
        context.close();
    }
}
