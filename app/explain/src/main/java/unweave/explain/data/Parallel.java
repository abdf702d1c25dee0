package unweave.explain.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import unweave.explain.progress.Progress;

/** Independent pieces of work, such as one sound each, on several threads. */
public final class Parallel {
    private Parallel() {}

    /** Number of threads that an option {@code --threads} of the given value means: 0 is one per processor. */
    public static int threads(int chosen) {
        return chosen > 0 ? chosen : Runtime.getRuntime().availableProcessors();
    }

    /** One piece of work. */
    @FunctionalInterface
    public interface Task {
        void run(int index) throws IOException;
    }

    /**
     * Runs tasks 0 to count - 1 in any order and waits for all.
     *
     * @param threads 0 for one per processor
     * @throws IOException the first failure, if it was one of reading or writing
     */
    public static void run(int count, int threads, Progress progress, Task task) throws IOException {
        if (count == 1 || threads == 1) {
            for (int i = 0; i < count; i++) {
                task.run(i);
                progress.at(i + 1, "");
            }
            return;
        }
        ForkJoinPool pool = new ForkJoinPool(threads(threads));
        AtomicInteger done = new AtomicInteger();
        try {
            pool.submit(() -> IntStream.range(0, count).parallel().forEach(i -> {
                        try {
                            task.run(i);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        progress.at(done.incrementAndGet(), "");
                    }))
                    .get();
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Streams wrap exceptions of other threads in new ones of the same type; the innermost has the message. */
    private static IOException unwrapped(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null
                && (cause instanceof UncheckedIOException
                        || cause.getClass() == cause.getCause().getClass())) {
            cause = cause.getCause();
        }
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(cause);
    }
}
