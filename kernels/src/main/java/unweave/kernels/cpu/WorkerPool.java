package unweave.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that share the tasks of one operation at a time. The caller of {@link #run} works too, so a pool of one
 * thread has no other. A training step is hundreds of operations of some tens of microseconds: idle workers therefore
 * spin for a moment before they sleep, and handing out tasks allocates nothing.
 *
 * <p>Any thread may take any task. A caller whose results must not depend on this gives every task its own outputs.
 */
final class WorkerPool implements AutoCloseable {
    /**
     * How long a thread without work spins before it sleeps: longer than the gap between two operations, too short to
     * be noticed.
     */
    private static final long SPIN_NANOS = 50_000;

    private static final long NEXT_RUN = 1L << 32;

    private final Worker[] workers;
    /**
     * Upper half: the number of the present run. Lower half: how many of its tasks are not taken yet. A thread that
     * counts down by one has a task of that run. The run cannot end before this task does, so the thread may read its
     * fields.
     */
    private final AtomicLong untaken = new AtomicLong();

    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private int tasks;
    private IntConsumer task;
    private Thread caller;
    private volatile boolean callerAsleep;
    private volatile boolean closed;
    private boolean running;
    /** Null unless tasks are recorded instead of run. */
    private TaskList recorded;

    /** @param threads number of threads that compute, the caller among them; 0 for one per processor */
    WorkerPool(int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException(
                    "the number of threads must be 0 (all processors) or more, not " + threads);
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        workers = new Worker[count - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker("unweave-worker-" + (i + 1));
            workers[i].start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs task.accept(0), ..., task.accept(tasks - 1), each once, and returns when all are done. The first exception
     * of a task is thrown again here, after the tasks already begun have ended. A task that calls this method again
     * runs the inner tasks itself, in order.
     */
    void run(int tasks, IntConsumer task) {
        if (closed) {
            throw new IllegalStateException("the backend is used after it was closed");
        }
        if (recorded != null) {
            recorded.add(tasks, task);
        } else if (tasks <= 1 || workers.length == 0 || running || Thread.currentThread() instanceof Worker) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
        } else {
            share(tasks, task);
        }
    }

    /** Runs a part of an operation that is too small to share, on the calling thread. */
    void runAlone(Runnable work) {
        if (recorded != null) {
            recorded.add(1, task -> work.run());
        } else {
            work.run();
        }
    }

    /** The tasks that {@code operations} would have run, in the order of the calls. Runs nothing. */
    TaskList record(Runnable operations) {
        TaskList list = new TaskList(this);
        recorded = list;
        try {
            operations.run();
        } finally {
            recorded = null;
        }
        return list;
    }

    /** Whether tasks are recorded instead of run. */
    boolean isRecording() {
        return recorded != null;
    }

    /** @throws IllegalStateException while tasks are recorded; {@code what} cannot be recorded */
    void requireNoRecording(String what) {
        if (recorded != null) {
            throw new IllegalStateException(what + " cannot be recorded");
        }
    }

    private void share(int tasks, IntConsumer task) {
        running = true;
        try {
            this.tasks = tasks;
            this.task = task;
            caller = Thread.currentThread();
            unfinished.set(tasks);
            untaken.set((untaken.get() & -NEXT_RUN) + NEXT_RUN + tasks);
            wake(tasks - 1);
            work();
            await();
            rethrowFailure();
        } finally {
            this.task = null; // holds operands
            running = false;
        }
    }

    private void wake(int wanted) {
        for (int i = 0; i < workers.length && i < wanted; i++) {
            if (workers[i].asleep) {
                LockSupport.unpark(workers[i]);
            }
        }
    }

    /** Takes tasks until none is left. */
    private void work() {
        for (long before = untaken.get(); (int) before != 0; before = untaken.get()) {
            if (untaken.compareAndSet(before, before - 1)) {
                runTask(tasks - (int) before);
            }
        }
    }

    private void runTask(int number) {
        try {
            if (failure.get() == null) {
                task.accept(number);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
        if (unfinished.decrementAndGet() == 0 && callerAsleep) {
            LockSupport.unpark(caller);
        }
    }

    /** Waits for the tasks that other threads have taken: spins, then sleeps. */
    private void await() {
        long deadline = 0;
        while (unfinished.get() > 0) {
            if (deadline == 0) {
                deadline = System.nanoTime() + SPIN_NANOS;
            } else if (System.nanoTime() < deadline) {
                Thread.onSpinWait();
            } else {
                callerAsleep = true;
                if (unfinished.get() > 0) {
                    LockSupport.park(this);
                }
            }
        }
        callerAsleep = false;
    }

    private void rethrowFailure() {
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private final class Worker extends Thread {
        private volatile boolean asleep;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!closed) {
                if (awaitTasks()) {
                    work();
                }
            }
        }

        /** Waits for tasks: spins, then sleeps. Returns false after a wake-up without any. */
        private boolean awaitTasks() {
            long deadline = System.nanoTime() + SPIN_NANOS;
            do {
                for (int i = 0; i < 64; i++) {
                    if ((int) untaken.get() != 0) {
                        return true;
                    }
                    Thread.onSpinWait();
                }
            } while (System.nanoTime() < deadline);
            asleep = true;
            if ((int) untaken.get() == 0 && !closed) {
                LockSupport.park(WorkerPool.this);
            }
            asleep = false;
            return false;
        }
    }
}
