package unweave.kernels.cuda;

import java.nio.ByteBuffer;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.Transfers;
import unweave.kernels.cuda.driver.Event;
import unweave.kernels.cuda.driver.PinnedMemory;
import unweave.kernels.cuda.driver.Stream;

/**
 * Memory and its movement. Uploads pass through pinned memory and a stream of their own, so the next batch travels
 * while this one is computed; events order them: a copy waits for the computing that still uses its target, and
 * computing waits for the copies before it.
 */
final class CudaTransfers implements Transfers, AutoCloseable {
    private static final int RING_BYTES = 16 << 20;
    /** Larger arrays pass in pieces, so that filling one piece and copying the one before go on at the same time. */
    private static final int PIECE_BYTES = RING_BYTES / 4;

    private final CudaDevice device;
    private final Stream copies;
    private final StagingRing ring;
    private final PinnedMemory landing;
    private final Event[] landed;
    /** Recorded on the compute stream behind the first {@link #markedUses} uses of memory. */
    private final Event mark;

    private long markedUses;

    CudaTransfers(CudaDevice device) {
        this.device = device;
        copies = new Stream(device.context(), "copies");
        ring = new StagingRing(device.context(), RING_BYTES);
        landing = new PinnedMemory(device.context(), 2 * PIECE_BYTES);
        landed = new Event[] {Event.ordering(device.context()), Event.ordering(device.context())};
        mark = Event.ordering(device.context());
    }

    Stream copies() {
        return copies;
    }

    @Override
    public Floats floats(long size) {
        return device.floats(size);
    }

    @Override
    public Ints ints(long size) {
        return device.ints(size);
    }

    @Override
    public void upload(float[] source, int sourceOffset, Floats target, long targetOffset, int length) {
        CudaFloats floats = device.own(target);
        requireRange(targetOffset, length, floats.size());
        requireRange(sourceOffset, length, source.length);
        upload(floats.memory(), targetOffset, length, (buffer, from, count) -> buffer.asFloatBuffer()
                .put(source, sourceOffset + from, count));
    }

    @Override
    public void upload(int[] source, int sourceOffset, Ints target, long targetOffset, int length) {
        CudaInts ints = device.own(target);
        requireRange(targetOffset, length, ints.size());
        requireRange(sourceOffset, length, source.length);
        upload(ints.memory(), targetOffset, length, (buffer, from, count) -> buffer.asIntBuffer()
                .put(source, sourceOffset + from, count));
    }

    @Override
    public void download(Floats source, long sourceOffset, float[] target, int targetOffset, int length) {
        CudaFloats floats = device.own(source);
        requireRange(sourceOffset, length, floats.size());
        requireRange(targetOffset, length, target.length);
        download(floats.address(sourceOffset), length, (buffer, from, count) -> buffer.asFloatBuffer()
                .get(target, targetOffset + from, count));
    }

    @Override
    public void download(Ints source, long sourceOffset, int[] target, int targetOffset, int length) {
        CudaInts ints = device.own(source);
        requireRange(sourceOffset, length, ints.size());
        requireRange(targetOffset, length, target.length);
        download(ints.address(sourceOffset), length, (buffer, from, count) -> buffer.asIntBuffer()
                .get(target, targetOffset + from, count));
    }

    @Override
    public void copy(Floats source, long sourceOffset, Floats target, long targetOffset, long length) {
        requireRange(sourceOffset, length, source.size());
        requireRange(targetOffset, length, target.size());
        if (length > 0) {
            device.stream()
                    .copy(
                            device.own(source).address(sourceOffset),
                            device.own(target).address(targetOffset),
                            length * Float.BYTES);
        }
    }

    @Override
    public void fill(Floats x, float value) {
        if (x.size() > 0) {
            device.stream().fill(device.own(x).address(), Float.floatToRawIntBits(value), x.size());
        }
    }

    @Override
    public void synchronize() {
        device.stream().synchronize();
        copies.synchronize();
    }

    /**
     * Moves {@code count} 4-byte values, the first of them number {@code from}, between an array and the start of a
     * buffer.
     */
    private interface Mover {
        void move(ByteBuffer buffer, int from, int count);
    }

    private void upload(CudaMemory target, long targetOffset, int length, Mover filler) {
        requireNoCapture();
        device.context().enter();
        awaitUsesOf(target);
        Event copied = null;
        for (int from = 0; from < length; from += PIECE_BYTES / Float.BYTES) {
            int count = Math.min(length - from, PIECE_BYTES / Float.BYTES);
            int bytes = count * Float.BYTES;
            int position = ring.reserve(bytes);
            filler.move(slice(ring.buffer(), position, bytes), from, count);
            copies.upload(ring.address(position), target.address() + (targetOffset + from) * Float.BYTES, bytes);
            copied = ring.queued(position, bytes, copies);
        }
        if (copied != null) {
            device.stream().waitFor(copied);
        }
    }

    /** Makes the copy stream wait for the computing queued so far that touches {@code target}. */
    private void awaitUsesOf(CudaMemory target) {
        long lastUse = Math.max(target.lastUse(), device.unknownUse());
        if (lastUse > markedUses) {
            mark.record(device.stream());
            markedUses = device.memory().uses();
        }
        if (lastUse > 0) {
            copies.waitFor(mark);
        }
    }

    /** Piece by piece through two buffers: one is emptied while the device fills the other. */
    private void download(long address, int length, Mover emptier) {
        requireNoCapture();
        device.context().enter();
        int piece = PIECE_BYTES / Float.BYTES;
        int pieces = (length + piece - 1) / piece;
        for (int i = 0; i <= pieces; i++) {
            if (i < pieces) {
                int count = Math.min(length - i * piece, piece);
                device.stream()
                        .download(
                                address + (long) i * PIECE_BYTES,
                                landing.address() + i % 2L * PIECE_BYTES,
                                (long) count * Float.BYTES);
                landed[i % 2].record(device.stream());
            }
            if (i > 0) {
                int from = (i - 1) * piece;
                int count = Math.min(length - from, piece);
                landed[(i - 1) % 2].synchronize();
                emptier.move(slice(landing.buffer(), (i - 1) % 2 * PIECE_BYTES, count * Float.BYTES), from, count);
            }
        }
    }

    private void requireNoCapture() {
        if (device.memory().isCapturing()) {
            throw new IllegalStateException("no transfers between host and device while a graph is captured");
        }
    }

    private static ByteBuffer slice(ByteBuffer buffer, int position, int bytes) {
        return buffer.slice(position, bytes).order(buffer.order());
    }

    private static void requireRange(long offset, long length, long size) {
        if (offset < 0 || length < 0 || offset + length > size) {
            throw new IndexOutOfBoundsException("values " + offset + " to " + (offset + length) + " of " + size);
        }
    }

    @Override
    public void close() {
        synchronize();
        ring.close();
        landing.close();
        for (Event event : landed) {
            event.close();
        }
        mark.close();
        copies.close();
    }
}
