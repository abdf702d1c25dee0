package unweave.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that share the tasks of one operation at a time. The caller of {@link #run} works too, so a pool of one thread has no other. A
 * training step is hundreds of operations of some tens of microseconds: idle workers therefore spin for a moment before they sleep.
 *
 * <p>Which thread takes which task is a matter of chance; a caller whose results must not depend on it gives every task its own outputs.
 */
final class WorkerPool implements AutoCloseable {
  /** How long a thread without work spins before it sleeps: longer than the gap between two operations, too short to be noticed. */
  private static final long SPIN_NANOS = 50_000;

  private final Worker[] workers;
  private volatile Job current;
  private volatile boolean closed;
  private boolean running;

  /** @param threads number of threads that compute, the caller among them; 0 for one per processor */
  WorkerPool(int threads) {
    if (threads < 0) {
      throw new IllegalArgumentException("the number of threads must be 0 (all processors) or more, not " + threads);
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
   * Runs task.accept(0), ..., task.accept(tasks - 1), each once, and returns when all are done. The first exception of a task is thrown again
   * here, after the tasks already begun have ended. A task that calls this method again runs the inner tasks itself, in order.
   */
  void run(int tasks, IntConsumer task) {
    if (closed) {
      throw new IllegalStateException("the backend is used after it was closed");
    }
    if (tasks <= 1 || workers.length == 0 || running || Thread.currentThread() instanceof Worker) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    running = true;
    try {
      Job job = new Job(tasks, task);
      current = job;
      wake(tasks - 1);
      job.work();
      job.await();
      current = null;
      job.rethrowFailure();
    } finally {
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

  /** Ends the threads. */
  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /** The tasks of one call of {@link #run}. A worker that comes late finds none left and touches nothing else. */
  private static final class Job {
    private final int tasks;
    private final IntConsumer task;
    private final Thread owner = Thread.currentThread();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean ownerAsleep;

    Job(int tasks, IntConsumer task) {
      this.tasks = tasks;
      this.task = task;
    }

    void work() {
      int i;
      while ((i = taken.getAndIncrement()) < tasks) {
        try {
          if (failure.get() == null) {
            task.accept(i);
          }
        } catch (Throwable thrown) {
          failure.compareAndSet(null, thrown);
        }
        if (done.incrementAndGet() == tasks && ownerAsleep) {
          LockSupport.unpark(owner);
        }
      }
    }

    void await() {
      long deadline = 0;
      while (done.get() < tasks) {
        if (deadline == 0) {
          deadline = System.nanoTime() + SPIN_NANOS;
        } else if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          ownerAsleep = true;
          if (done.get() < tasks) {
            LockSupport.park(this);
          }
        }
      }
    }

    void rethrowFailure() {
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
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
      Job last = null;
      while (!closed) {
        Job job = nextJob(last);
        if (job != null) {
          job.work();
          last = job;
        }
      }
    }

    /** Waits for a job other than {@code last}: spins, then sleeps. Returns null after a wake-up without one. */
    private Job nextJob(Job last) {
      long deadline = System.nanoTime() + SPIN_NANOS;
      do {
        for (int i = 0; i < 64; i++) {
          Job job = current;
          if (job != null && job != last) {
            return job;
          }
          Thread.onSpinWait();
        }
      } while (System.nanoTime() < deadline);
      asleep = true;
      Job job = current;
      if ((job == null || job == last) && !closed) {
        LockSupport.park(WorkerPool.this);
      }
      asleep = false;
      return null;
    }
  }
}
