package unweave.kernels.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.kernels.Owner;
import unweave.kernels.cuda.driver.CudaOutOfMemoryException;
import unweave.kernels.cuda.driver.DeviceMemory;
import unweave.kernels.cuda.driver.Stream;

/**
 * Device memory in blocks of certain sizes, kept for reuse: the driver's own allocation waits for the device, and
 * programs here ask for the same sizes over and over. A block that is given back may be handed out at once, even while
 * queued work still uses it, since whoever gets it uses it on the same stream, later.
 */
final class CachingAllocator implements AutoCloseable {
    /**
     * With this system property set to false, blocks are as large as was asked for and are not used again: tools that
     * look for accesses out of bounds and for reads of unwritten memory (the checking stand-in, compute-sanitizer) then
     * see each one by itself.
     */
    static final String REUSE = "unweave.cuda.reuseMemory";
    /** How much memory may wait to be freed where it is not reused. */
    private static final long LARGEST_RETIRED = 1L << 28;
    /** Smallest block, and the alignment of all. */
    static final long SMALLEST_BLOCK = 256;
    /** Sizes between a power of two and the next: at most an eighth of a block is lost to rounding. */
    private static final int CLASSES_PER_DOUBLING = 8;

    private final Stream stream;
    private final boolean trackOwners;
    private final Owner owner;
    private final boolean reuse = !"false".equals(System.getProperty(REUSE));
    private final Map<Long, ArrayDeque<Block>> unused = new HashMap<>();
    private final Map<CudaMemory, Throwable> owners = new HashMap<>();
    private Map<Long, ArrayDeque<Block>> captured;
    private long ownedBytes;
    private long ownedBlocks;
    private long unusedBytes;
    private long uses;

    /** A piece of device memory and when the compute stream last got work that touches it. */
    static final class Block {
        final DeviceMemory memory;
        long lastUse;

        Block(DeviceMemory memory) {
            this.memory = memory;
        }
    }

    /**
     * @param stream where all work is queued that uses the blocks; other streams' work on them must be ordered before
     *     it
     * @param owner who may ask for memory and give it back
     * @param trackOwners remember where each block was asked for, to name the place of a leak
     */
    CachingAllocator(Stream stream, boolean trackOwners, Owner owner) {
        this.owner = owner;
        this.stream = stream;
        this.trackOwners = trackOwners;
    }

    Owner owner() {
        return owner;
    }

    /**
     * A block of at least {@code bytes}.
     *
     * @throws CudaOutOfMemoryException if the device has too little left, also after all unused blocks were freed
     */
    CudaMemory allocate(long bytes) {
        owner.require();
        long size = reuse ? blockSize(bytes) : Math.max(bytes, 1);
        Block block = captured == null ? null : poll(captured, size);
        if (block == null) {
            block = reuse ? poll(unused, size) : null;
            if (block == null) {
                block = new Block(fresh(size));
            } else {
                unusedBytes -= size;
            }
        }
        ownedBytes += size;
        ownedBlocks++;
        CudaMemory memory = new CudaMemory(this, block);
        if (trackOwners) {
            owners.put(memory, new Throwable("GPU memory of " + size + " bytes was asked for here"));
        }
        return memory;
    }

    void giveBack(CudaMemory memory, Block block) {
        owner.require();
        long size = block.memory.bytes();
        owners.remove(memory);
        ownedBytes -= size;
        ownedBlocks--;
        if (captured != null) {
            push(captured, block);
        } else {
            push(unused, block);
            unusedBytes += size;
            if (!reuse && unusedBytes > LARGEST_RETIRED) {
                clear();
            }
        }
    }

    /** The number of a use that is about to be queued. */
    long nextUse() {
        return ++uses;
    }

    /** The number of the last use so far. */
    long uses() {
        return uses;
    }

    /**
     * From now on, blocks given back are kept for the graph that is being captured: its launches will write to them at
     * any later time.
     */
    void beginCapture() {
        captured = new HashMap<>();
    }

    /** Ends what {@link #beginCapture} began; the blocks are the graph's until {@link #release}. */
    List<Block> endCapture() {
        List<Block> blocks = new ArrayList<>();
        captured.values().forEach(blocks::addAll);
        captured = null;
        return blocks;
    }

    boolean isCapturing() {
        return captured != null;
    }

    /** A graph needs its blocks no more. */
    void release(List<Block> blocks) {
        for (Block block : blocks) {
            block.lastUse = nextUse();
            push(unused, block);
            unusedBytes += block.memory.bytes();
        }
    }

    /** Bytes of all blocks that someone owns. */
    long ownedBytes() {
        return ownedBytes;
    }

    /** Bytes of all blocks that wait for their next use. */
    long unusedBytes() {
        return unusedBytes;
    }

    /** Frees all unused blocks. */
    void clear() {
        stream.synchronize();
        unused.values().forEach(blocks -> blocks.forEach(block -> block.memory.close()));
        unused.clear();
        unusedBytes = 0;
    }

    /**
     * One line about memory that is still owned, or null if all was given back; with the place that asked for it where
     * places are tracked.
     */
    IllegalStateException leak() {
        if (ownedBlocks == 0) {
            return null;
        }
        return new IllegalStateException(
                String.format(
                        Locale.ROOT, "%d blocks of GPU memory (%d bytes) were not closed", ownedBlocks, ownedBytes),
                owners.isEmpty() ? null : owners.values().iterator().next());
    }

    /** Frees the unused blocks; owned ones are freed with the context. */
    @Override
    public void close() {
        clear();
    }

    private DeviceMemory fresh(long size) {
        try {
            return new DeviceMemory(stream.context(), size);
        } catch (CudaOutOfMemoryException e) {
            if (unusedBytes == 0 || isCapturing()) {
                throw e;
            }
            clear();
            return new DeviceMemory(stream.context(), size);
        }
    }

    /** {@code bytes} rounded up to the next size of a block. */
    static long blockSize(long bytes) {
        if (bytes <= SMALLEST_BLOCK * CLASSES_PER_DOUBLING) {
            return Math.max(SMALLEST_BLOCK, roundUp(bytes, SMALLEST_BLOCK));
        }
        return roundUp(bytes, Long.highestOneBit(bytes - 1) / CLASSES_PER_DOUBLING);
    }

    private static long roundUp(long bytes, long unit) {
        return (bytes + unit - 1) / unit * unit;
    }

    private static Block poll(Map<Long, ArrayDeque<Block>> blocks, long size) {
        ArrayDeque<Block> ofSize = blocks.get(size);
        return ofSize == null ? null : ofSize.poll();
    }

    private static void push(Map<Long, ArrayDeque<Block>> blocks, Block block) {
        blocks.computeIfAbsent(block.memory.bytes(), size -> new ArrayDeque<>()).push(block);
    }
}
