/**
 * The CPU backend: arrays on the heap, a pool of threads, and for every operation a kernel class.
 *
 * <p>Kernels come in two forms where it pays: with the Vector API ({@code jdk.incubator.vector}) and as its scalar
 * twin. {@link unweave.kernels.cpu.VectorSupport} chooses once per process. Work is cut into tasks by the shapes alone,
 * never by the number of threads, so results are the same bytes for any number of threads.
 */
package unweave.kernels.cpu;
