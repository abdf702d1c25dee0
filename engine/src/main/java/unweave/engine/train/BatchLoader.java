package unweave.engine.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import unweave.kernels.Spans;

/**
 * Prepares batches ahead of their use on threads of its own. Batches come in order, and their content depends on the data and the seeds alone,
 * so the number of threads cannot be seen in them.
 */
final class BatchLoader implements AutoCloseable {
  private final TrainingData data;
  private final int inputSize;
  private final int batchSize;
  private final int threads;
  private final Spans spans;
  private final ExecutorService executor;
  /** Memory of whole batches that were used. */
  private final Queue<float[]> unused = new ConcurrentLinkedQueue<>();

  /** The inputs of one step: size x inputSize values, and their labels. */
  record Batch(float[] inputs, int[] labels) {
    int size() {
      return labels.length;
    }
  }

  /** @param inputSize values of one input */
  BatchLoader(TrainingData data, int inputSize, int batchSize, int threads, Spans spans) {
    this.data = data;
    this.inputSize = inputSize;
    this.batchSize = batchSize;
    this.threads = threads;
    this.spans = spans;
    this.executor = Executors.newFixedThreadPool(threads, task -> {
      Thread thread = new Thread(task, "batch loader");
      thread.setDaemon(true);
      return thread;
    });
  }

  /** What happens with each batch. */
  interface Step {
    /** @param batch its inputs are overwritten some time after the call */
    void accept(Batch batch) throws IOException;
  }

  /** Number of batches per epoch. */
  int batches() {
    return (data.size() + batchSize - 1) / batchSize;
  }

  /** Loads the inputs in the given order and hands them on batch by batch. */
  void forEach(int[] order, IntToLongFunction seeds, Step step) throws IOException {
    Deque<Future<Batch>> ahead = new ArrayDeque<>();
    try {
      int batches = (order.length + batchSize - 1) / batchSize;
      for (int next = 0; next < batches || !ahead.isEmpty(); ) {
        while (next < batches && ahead.size() <= threads) {
          int start = next++ * batchSize;
          ahead.add(executor.submit(() -> load(order, start, Math.min(batchSize, order.length - start), seeds)));
        }
        Batch batch = await(ahead.remove());
        step.accept(batch);
        if (batch.size() == batchSize) {
          unused.add(batch.inputs());
        }
      }
    } finally {
      ahead.forEach(batch -> batch.cancel(true));
    }
  }

  private Batch load(int[] order, int start, int size, IntToLongFunction seeds) throws IOException {
    try (Spans.Span span = spans.open("load", "batch")) {
      float[] used = size == batchSize ? unused.poll() : null;
      float[] inputs = used != null ? used : new float[size * inputSize];
      int[] labels = new int[size];
      for (int i = 0; i < size; i++) {
        int index = order[start + i];
        data.load(index, seeds.applyAsLong(index), inputs, i * inputSize);
        labels[i] = data.label(index);
      }
      return new Batch(inputs, labels);
    }
  }

  private static Batch await(Future<Batch> batch) throws IOException {
    try {
      return batch.get();
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

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
