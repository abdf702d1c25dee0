package unweave.kernels.cuda;

import unweave.kernels.Owner;

/**
 * A block of device memory that someone owns at present. Its allocator hands the same block out again once it was
 * closed.
 */
final class CudaMemory implements AutoCloseable {
    private final CachingAllocator allocator;
    private final CachingAllocator.Block block;
    private boolean open = true;

    CudaMemory(CachingAllocator allocator, CachingAllocator.Block block) {
        this.allocator = allocator;
        this.block = block;
    }

    /** The block's address, noting that the compute stream is about to get work that touches it. */
    long used() {
        requireOpen();
        block.lastUse = allocator.nextUse();
        return block.memory.address();
    }

    /** The block's address, for work on another stream. */
    long address() {
        requireOpen();
        return block.memory.address();
    }

    /** The number of the block's last use on the compute stream; 0 if there was none. */
    long lastUse() {
        return block.lastUse;
    }

    /** The backend that the block belongs to. */
    Owner owner() {
        return allocator.owner();
    }

    boolean isOf(CachingAllocator other) {
        return allocator == other;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("GPU memory is used after it was closed");
        }
    }

    @Override
    public void close() {
        if (open) {
            allocator.giveBack(this, block); // refuses another thread than the owner's
            open = false;
        }
    }
}
