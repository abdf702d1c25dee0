package unweave.kernels.profile;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.FlightRecorder;
import unweave.kernels.DeviceLog;
import unweave.kernels.Spans;

/**
 * What happened when: spans and operations on the threads of the host, kernels and copies on the streams of a device.
 * Sums over all operations are kept always, single pieces up to a limit. All times are {@link System#nanoTime}. Any
 * thread may use it.
 */
public final class Timeline implements Spans, DeviceLog {
    /**
     * Longer pieces are kept even when the limit is reached: a run has room for few of them, and they frame the rest.
     */
    static final long ALWAYS_KEPT_NANOS = 100_000_000;

    private final int limit;
    private final long start = System.nanoTime();
    private final ThreadLocal<Track> threads = ThreadLocal.withInitial(this::trackOfThisThread);
    private final Map<String, Owner> owners = new HashMap<>();
    private final Map<String, Track> streams = new HashMap<>();
    private final List<Track> tracks = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Key, Sums> sums = new HashMap<>();
    private long dropped;

    /**
     * A thread of the host or a stream of a device: a line of the picture.
     *
     * @param number from 0, in the order of appearance
     */
    public record Track(boolean device, int number, String name) {}

    /**
     * A rectangle of the picture.
     *
     * @param kind the kind of a span; "operation" or "device" otherwise
     * @param name the name of a span or operation
     * @param shape of the operands; null for spans and where there is none
     * @param cost null for spans
     */
    public record Piece(Track track, String kind, Object name, Object shape, Cost cost, long begin, long end) {}

    /**
     * All calls of an operation, or kernel, with operands of one shape.
     *
     * @param nanoseconds their time
     * @param cost of all together
     */
    public record Total(String operation, String shape, long calls, long nanoseconds, Cost cost) {}

    private record Owner(WeakReference<Thread> thread, Track track) {}

    private record Key(String operation, Object shape) {}

    private static final class Sums {
        private long calls;
        private long nanoseconds;
        private Cost cost = Cost.UNKNOWN;

        Total total(Key key) {
            return new Total(key.operation(), text(key.shape()), calls, nanoseconds, cost);
        }
    }

    /** @param limit how many pieces are kept; a million takes about 60 MB */
    public Timeline(int limit) {
        this.limit = limit;
    }

    /**
     * Whether Java Flight Recorder was started before, so that a timeline is of use even if nobody asks for its pieces.
     */
    public static boolean flightRecorderRuns() {
        return FlightRecorder.isInitialized() && (new OperationEvent().isEnabled() || new SpanEvent().isEnabled());
    }

    @Override
    public Span open(String kind, Object name) {
        Track track = threads.get();
        SpanEvent event = new SpanEvent();
        event.begin();
        long begin = System.nanoTime();
        return () -> {
            keep(new Piece(track, kind, name, null, null, begin, System.nanoTime()));
            if (event.shouldCommit()) {
                event.kind = kind;
                event.name = name.toString();
                event.commit();
            }
        };
    }

    /**
     * Runs an operation of a backend on this thread.
     *
     * @param total whether its time counts in {@link #totals}; not if it is only queued for a device
     */
    void operation(String name, Object shape, Cost cost, boolean total, Runnable operation) {
        Track track = threads.get();
        OperationEvent event = new OperationEvent();
        event.begin();
        long begin = System.nanoTime();
        operation.run();
        long end = System.nanoTime();
        keep(new Piece(track, "operation", name, shape, cost, begin, end));
        if (total) {
            add(name, shape, cost, end - begin);
        }
        if (event.shouldCommit()) {
            event.operation = name;
            event.shape = text(shape);
            event.flops = cost.flops();
            event.bytes = (long) cost.bytes();
            event.commit();
        }
    }

    @Override
    public void deviceWork(String stream, String name, String shape, double flops, double bytes, long begin, long end) {
        Cost cost = new Cost(flops, bytes);
        keep(new Piece(stream(stream), "device", name, shape, cost, begin, end));
        add(name, null, cost, end - begin);
        DeviceWorkEvent event = new DeviceWorkEvent();
        if (event.shouldCommit()) {
            event.stream = stream;
            event.work = name;
            event.deviceTime = end - begin;
            event.flops = flops;
            event.bytes = (long) bytes;
            event.commit();
        }
    }

    private synchronized void keep(Piece piece) {
        if (pieces.size() < limit || (limit > 0 && piece.end() - piece.begin() > ALWAYS_KEPT_NANOS)) {
            pieces.add(piece);
        } else {
            dropped++;
        }
    }

    private synchronized void add(String operation, Object shape, Cost cost, long nanoseconds) {
        Sums row = sums.computeIfAbsent(new Key(operation, shape), key -> new Sums());
        row.calls++;
        row.nanoseconds += nanoseconds;
        row.cost = row.cost.plus(cost);
    }

    /** Threads that follow each other under one name, such as those of one pool after the other, share a track. */
    private synchronized Track trackOfThisThread() {
        Thread current = Thread.currentThread();
        Owner earlier = owners.get(current.getName());
        Thread alive = earlier == null ? null : earlier.thread().get();
        Track track = earlier == null || (alive != null && alive.isAlive())
                ? newTrack(false, current.getName())
                : earlier.track();
        owners.put(current.getName(), new Owner(new WeakReference<>(current), track));
        return track;
    }

    private synchronized Track newTrack(boolean device, String name) {
        Track track = new Track(device, tracks.size(), name);
        tracks.add(track);
        return track;
    }

    private synchronized Track stream(String name) {
        return streams.computeIfAbsent(name, stream -> newTrack(true, stream));
    }

    /** When it began. */
    public long start() {
        return start;
    }

    public synchronized List<Track> tracks() {
        return List.copyOf(tracks);
    }

    /** The pieces that were kept, in the order in which they ended. */
    public synchronized List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** How many pieces were not kept. */
    public synchronized long dropped() {
        return dropped;
    }

    /**
     * All operations or, where a device works on its own, all of its kernels and copies; those that took longest first.
     */
    public synchronized List<Total> totals() {
        return sums.entrySet().stream()
                .map(entry -> entry.getValue().total(entry.getKey()))
                .sorted((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds()))
                .toList();
    }

    private static String text(Object shape) {
        return shape == null ? "" : shape.toString();
    }
}
