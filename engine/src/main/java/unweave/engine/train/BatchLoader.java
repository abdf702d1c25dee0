package unweave.engine.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import unweave.kernels.Spans;

/**
 * Prepares batches on other threads before they are used. Batches come in order. Their content depends on the data and
 * the seeds alone, not on the number of threads.
 *
 * <p>Threads share a batch, each loading a part of it: the first batch is ready soon, and a few batches ahead keep many
 * threads busy. Threads do not wait between two passes over the data: they load the first batches of the next pass
 * while the last ones of this pass are used.
 */
final class BatchLoader implements AutoCloseable {
    /**
     * How long loading a part should take: much shorter than a batch of augmented sounds, much longer than handing a
     * part to another thread.
     */
    private static final double PART_SECONDS = 5e-4;
    /** Batches ahead, unless they are too small to keep all threads busy. */
    private static final int FEWEST_AHEAD = 3;

    private final TrainingData data;
    private final int inputSize;
    private final int batchSize;
    private final boolean noneAlone;
    private final LoaderThreads threads;
    private final Spans spans;
    private final Iterator<Pass> passes;
    private final int mostAhead;
    private final Deque<Pending> ahead = new ArrayDeque<>();
    /** Memory of used batches, for new ones. */
    private final Deque<float[]> unused = new ArrayDeque<>();

    private Pass pass = new Pass(new int[0], index -> 0);
    private int next;
    /** How long loading one input took lately; 0 before the first. */
    private volatile double secondsPerInput;

    /** One time through the data: the order of the inputs, and the seed of each one's augmentation by its number. */
    record Pass(int[] order, IntToLongFunction seeds) {}

    /** The inputs of one step: size x inputSize values, and their labels. */
    record Batch(float[] inputs, int[] labels) {
        int size() {
            return labels.length;
        }
    }

    /** A batch whose parts are being loaded. */
    private record Pending(Batch batch, List<Future<Void>> parts, boolean endsPass) {}

    /**
     * @param inputSize values of one input
     * @param noneAlone whether an input that would be a last batch by itself joins the batch before it
     * @param threads load; they stay the caller's
     * @param passes read some time before the next pass starts
     */
    BatchLoader(
            TrainingData data,
            int inputSize,
            int batchSize,
            boolean noneAlone,
            LoaderThreads threads,
            Spans spans,
            Iterator<Pass> passes) {
        this.data = data;
        this.inputSize = inputSize;
        this.batchSize = batchSize;
        this.noneAlone = noneAlone;
        this.threads = threads;
        this.spans = spans;
        this.passes = passes;
        this.mostAhead = Math.max(FEWEST_AHEAD, (2 * threads.count() + batchSize - 1) / batchSize);
    }

    /** Uses a batch. */
    interface Step {
        /**
         * Uses one batch.
         *
         * @param batch its inputs are overwritten some time after the call
         */
        void accept(Batch batch) throws IOException;
    }

    /** Number of batches per pass. */
    int batches() {
        boolean joined = noneAlone && data.size() > batchSize && data.size() % batchSize == 1;
        return joined ? data.size() / batchSize : (data.size() + batchSize - 1) / batchSize;
    }

    /**
     * Gives the inputs of the next pass to {@code user} batch by batch. After a failure the loader cannot be used
     * again.
     */
    void forEach(Step step) throws IOException {
        loadAhead();
        boolean ended = ahead.isEmpty();
        while (!ended) {
            Pending pending = ahead.remove();
            for (Future<Void> part : pending.parts) {
                await(part);
            }
            step.accept(pending.batch);
            if (pending.batch.size() == batchSize) {
                unused.add(pending.batch.inputs);
            }
            loadAhead();
            ended = pending.endsPass;
        }
    }

    private void loadAhead() {
        while (ahead.size() < mostAhead) {
            while (next == pass.order.length) {
                if (!passes.hasNext()) {
                    return;
                }
                pass = passes.next();
                next = 0;
            }
            int left = pass.order.length - next;
            int size = noneAlone && left == batchSize + 1 ? left : Math.min(batchSize, left);
            ahead.add(begin(pass, next, size));
            next += size;
        }
    }

    private Pending begin(Pass of, int start, int size) {
        float[] used = size == batchSize ? unused.poll() : null;
        Batch batch = new Batch(used != null ? used : new float[size * inputSize], new int[size]);
        List<Future<Void>> parts = new ArrayList<>();
        int partSize = partSize();
        for (int first = 0; first < size; first += partSize) {
            int from = first;
            int to = Math.min(size, first + partSize);
            parts.add(threads.submit(() -> load(of, start, batch, from, to)));
        }
        return new Pending(batch, parts, start + size == of.order.length);
    }

    private int partSize() {
        double seconds = secondsPerInput;
        int evenly = (batchSize + threads.count() - 1) / threads.count();
        return seconds == 0 ? evenly : (int) Math.max(1, Math.min(batchSize, PART_SECONDS / seconds));
    }

    private Void load(Pass of, int start, Batch batch, int from, int to) throws IOException {
        long begin = System.nanoTime();
        try (Spans.Span span = spans.open("load", "batch")) {
            for (int i = from; i < to; i++) {
                int index = of.order[start + i];
                data.load(index, of.seeds.applyAsLong(index), batch.inputs, i * inputSize);
                batch.labels[i] = data.label(index);
            }
        }
        secondsPerInput = (System.nanoTime() - begin) * 1e-9 / (to - from);
        return null;
    }

    private static void await(Future<Void> part) throws IOException {
        try {
            part.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while loading data");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Stops loading. */
    @Override
    public void close() {
        ahead.forEach(pending -> pending.parts.forEach(part -> part.cancel(true)));
    }
}
