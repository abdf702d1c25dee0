package unweave.bench;

import unweave.kernels.Backend;

/**
 * One thing that users wait for, such as a training step.
 *
 * @param name what is computed, the model and batch size among it
 * @param flops additions and multiplications of one run by the plain formulas; 0 where that says nothing about the time
 * @param parts a run does its work so many times; the time reported is that of one part
 * @param setup makes everything that is not timed
 */
public record Job(String name, double flops, int parts, Setup setup) {
  /** Makes a job ready to run. */
  @FunctionalInterface
  public interface Setup {
    /**
     * Prepares inputs and models.
     *
     * @param threads how many threads compute, for work that does not go through the backend
     */
    PreparedJob prepare(Backend backend, int threads);
  }

  @Override
  public String toString() {
    return name;
  }
}
