package unweave.kernels.cuda;

import java.util.ArrayDeque;
import unweave.kernels.DeviceLog;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.DeviceListener;
import unweave.kernels.cuda.driver.Event;
import unweave.kernels.cuda.driver.Stream;

/**
 * Times every kernel and copy of the streams it listens to by an event before it and one behind it. The log is told
 * when the device is past both. The times are put on the host's clock by a moment at which the device was idle; from
 * there the device's clock counts.
 */
final class CudaProfiler implements DeviceListener, AutoCloseable {
    /** How much work may wait for its times before the host looks which of it is done. */
    private static final int LOOK_AFTER = 256;
    /** Differences of events are float32 milliseconds: below this they are exact to a tenth of a microsecond. */
    private static final double REFERENCE_NANOS = 1e9;

    private final Context context;
    private final DeviceLog log;
    private final ArrayDeque<Work> pending = new ArrayDeque<>();
    private final ArrayDeque<Event> unused = new ArrayDeque<>();
    /** An event whose time is known. */
    private Event reference;

    private double referenceNanos;
    private Event begun;

    private record Work(String stream, String name, String shape, double flops, double bytes, Event begin, Event end) {}

    CudaProfiler(Stream stream, DeviceLog log) {
        this.context = stream.context();
        this.log = log;
        stream.synchronize();
        reference = recorded(stream);
        reference.synchronize();
        referenceNanos = System.nanoTime();
    }

    @Override
    public void before(Stream stream) {
        begun = recorded(stream);
    }

    @Override
    public void after(Stream stream, String name, long blocks, int threads, double flops, double bytes) {
        String shape = blocks == 0 ? "" : blocks + " blocks of " + threads;
        pending.add(new Work(stream.name(), name, shape, flops, bytes, begun, recorded(stream)));
        if (pending.size() >= LOOK_AFTER) {
            tellWhatIsPast();
        }
    }

    private Event recorded(Stream stream) {
        Event event = unused.isEmpty() ? Event.timing(context) : unused.pop();
        event.record(stream);
        return event;
    }

    private void tellWhatIsPast() {
        while (!pending.isEmpty() && pending.peek().end().isPast()) {
            Work work = pending.poll();
            double begin = nanos(work.begin());
            double end = nanos(work.end());
            log.deviceWork(
                    work.stream(),
                    work.name(),
                    work.shape(),
                    work.flops(),
                    work.bytes(),
                    Math.round(begin),
                    Math.round(end));
            unused.push(work.begin());
            if (end - referenceNanos > REFERENCE_NANOS) {
                unused.push(reference);
                reference = work.end();
                referenceNanos = end;
            } else {
                unused.push(work.end());
            }
        }
    }

    private double nanos(Event event) {
        return referenceNanos + event.millisecondsSince(reference) * 1e6;
    }

    /** Waits for the device and tells the rest. */
    @Override
    public void close() {
        pending.forEach(work -> work.end().synchronize());
        tellWhatIsPast();
        unused.forEach(Event::close);
        reference.close();
    }
}
