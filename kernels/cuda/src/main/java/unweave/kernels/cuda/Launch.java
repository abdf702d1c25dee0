package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.cuda.driver.Function;
import unweave.kernels.cuda.driver.KernelArguments;

/**
 * The launch of one kernel: grid, block, the arguments in the order of the kernel's parameters, then {@link #run}. The
 * object is the same for every launch of a kernel and allocates nothing. Arguments are checked against the parameters
 * that the PTX declares.
 */
final class Launch {
    private static final int BLOCK = 256;
    /** More blocks than this on each multiprocessor gain nothing for kernels that stride over the grid. */
    private static final int BLOCKS_PER_MULTIPROCESSOR = 16;

    private final CudaDevice device;
    private final Function function;
    private final KernelSignature signature;
    private final KernelArguments arguments;
    private int given;
    private long gridX = 1;
    private long gridY = 1;
    private long gridZ = 1;
    private int blockX = BLOCK;
    private int blockY = 1;
    private int blockZ = 1;
    private double flops;
    private double bytes;

    Launch(CudaDevice device, Function function, KernelSignature signature) {
        this.device = device;
        this.function = function;
        this.signature = signature;
        arguments = new KernelArguments(device.stream().context(), signature.size());
    }

    /** Forgets what an unfinished launch left. */
    Launch begin() {
        given = 0;
        grid(1, 1, 1);
        block(BLOCK, 1, 1);
        return work(0, 0);
    }

    /** Blocks of the grid. With no blocks at all, {@link #run} does nothing. */
    Launch grid(long x) {
        return grid(x, 1, 1);
    }

    Launch grid(long x, long y, long z) {
        gridX = x;
        gridY = y;
        gridZ = z;
        return this;
    }

    /** Threads of a block; 256 where nothing is said. */
    Launch block(int x) {
        return block(x, 1, 1);
    }

    Launch block(int x, int y, int z) {
        blockX = x;
        blockY = y;
        blockZ = z;
        return this;
    }

    /**
     * Grid and block for a kernel that strides over {@code elements}: one thread for each, up to what fills the device.
     */
    Launch over(long elements) {
        long most = (long) device.properties().multiprocessors() * BLOCKS_PER_MULTIPROCESSOR;
        return grid(Math.min((elements + BLOCK - 1) / BLOCK, most)).block(BLOCK);
    }

    /** The next argument: a pointer to the values, or a null pointer for null. */
    Launch in(Floats values) {
        return in(values, 0);
    }

    /** The next argument: a pointer to value {@code offset}. */
    Launch in(Floats values, long offset) {
        return values == null ? none() : pointer(device.own(values).address(offset));
    }

    /** The next argument: a pointer to the values, or a null pointer for null. */
    Launch in(Ints values) {
        return in(values, 0);
    }

    /** The next argument: a pointer to value {@code offset}. */
    Launch in(Ints values, long offset) {
        return values == null ? none() : pointer(device.own(values).address(offset));
    }

    /** The next argument: a null pointer. */
    Launch none() {
        return pointer(0);
    }

    Launch value(int value) {
        arguments.set(next('i', Integer.BYTES), value);
        return this;
    }

    Launch value(long value) {
        arguments.set(next('i', Long.BYTES), value);
        return this;
    }

    Launch value(float value) {
        arguments.set(next('f', Float.BYTES), value);
        return this;
    }

    Launch value(double value) {
        arguments.set(next('f', Double.BYTES), value);
        return this;
    }

    /**
     * What the kernel does at least: additions and multiplications, and bytes it moves to and from memory. For
     * profiles.
     */
    Launch work(double flops, double bytes) {
        this.flops = flops;
        this.bytes = bytes;
        return this;
    }

    /** Queues the launch on the device's compute stream. */
    void run() {
        if (given != signature.size()) {
            throw new IllegalStateException("kernel " + function.name() + " takes " + signature.size() + " arguments, "
                    + given + " were given");
        }
        given = 0;
        if (gridX > 0 && gridY > 0 && gridZ > 0) {
            function.launch(
                    device.stream(),
                    Math.toIntExact(gridX),
                    Math.toIntExact(gridY),
                    Math.toIntExact(gridZ),
                    blockX,
                    blockY,
                    blockZ,
                    arguments,
                    flops,
                    bytes);
        }
    }

    void close() {
        arguments.close();
    }

    private Launch pointer(long address) {
        arguments.set(next('i', Long.BYTES), address);
        return this;
    }

    private int next(char kind, int size) {
        if (given == signature.size() || !signature.takes(given, kind, size)) {
            throw new IllegalStateException("kernel " + function.name() + ": argument " + given
                    + " has another type than its parameter, or is one too many; the parameters are " + signature);
        }
        return given++;
    }
}
