package unweave.engine.train;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that prepare inputs, shared by the loaders of a training: the training's own and that of every validation.
 */
final class LoaderThreads implements AutoCloseable {
    private final int count;
    private final ExecutorService executor;

    /** @param count number of threads, at least 1; they start when there is work */
    LoaderThreads(int count) {
        this.count = count;
        this.executor = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "batch loader");
            thread.setDaemon(true);
            return thread;
        });
    }

    int count() {
        return count;
    }

    /** Tasks start in the order in which they come. */
    <T> Future<T> submit(Callable<T> task) {
        return executor.submit(task);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
