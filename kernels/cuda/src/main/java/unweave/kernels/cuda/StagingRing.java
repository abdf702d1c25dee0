package unweave.kernels.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.Event;
import unweave.kernels.cuda.driver.PinnedMemory;
import unweave.kernels.cuda.driver.Stream;

/**
 * Pinned memory through which uploads pass, used in a circle: a piece is filled by the host, copied by the device, and
 * free again when the device is past the event behind its copy. The host waits only if the circle is full.
 */
final class StagingRing implements AutoCloseable {
    private static final int ALIGNMENT = 256;

    private final Context context;
    private final PinnedMemory memory;
    private final int capacity;
    private final ArrayDeque<Piece> inFlight = new ArrayDeque<>();
    private final ArrayDeque<Event> unusedEvents = new ArrayDeque<>();
    private int next;

    private record Piece(int begin, int end, Event copied) {}

    StagingRing(Context context, int capacity) {
        this.context = context;
        this.capacity = capacity;
        memory = new PinnedMemory(context, capacity);
    }

    ByteBuffer buffer() {
        return memory.buffer();
    }

    long address(int position) {
        return memory.address() + position;
    }

    /** The position of {@code bytes} (at most the capacity) bytes that the host may fill. */
    int reserve(int bytes) {
        int begin = next + bytes <= capacity ? next : 0;
        int end = begin + bytes;
        while (!inFlight.isEmpty()
                && (overlaps(inFlight.peek(), begin, end)
                        || inFlight.peek().copied().isPast())) {
            Piece oldest = inFlight.poll();
            oldest.copied().synchronize();
            unusedEvents.push(oldest.copied());
        }
        next = Math.min(capacity, (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        return begin;
    }

    /** The copy of the piece that was reserved last has been queued on {@code stream}; returns the event behind it. */
    Event queued(int begin, int bytes, Stream stream) {
        Event copied = unusedEvents.isEmpty() ? Event.ordering(context) : unusedEvents.pop();
        copied.record(stream);
        inFlight.add(new Piece(begin, begin + bytes, copied));
        return copied;
    }

    private static boolean overlaps(Piece piece, int begin, int end) {
        return piece.begin() < end && begin < piece.end();
    }

    @Override
    public void close() {
        inFlight.forEach(piece -> piece.copied().close());
        unusedEvents.forEach(Event::close);
        memory.close();
    }
}
