/**
 * The CPU backend: arrays on the heap, a pool of threads, and for every operation a kernel class.
 *
 * <p>Where it pays, a kernel has two forms: with the Vector API ({@code jdk.incubator.vector}) and as its scalar twin.
 * {@link unweave.kernels.cpu.VectorSupport} chooses once per process. The shapes alone decide how work is divided into
 * tasks, so results are the same bytes for any number of threads.
 *
 * <p>Classes {@code *Kernels} are the groups of operations; {@code *Loops}, {@code *Product} and {@code *MicroKernel}
 * are inner loops. Loops that keep many sums in registers are written out from templates when the project is built,
 * since C2 keeps a sum in a register only if it is a local variable: see {@code src/main/templates/Unroll.java}.
 *
 * <p>A class for special shapes says how much longer a job takes without it, by the least CPU time of a thread.
 */
package unweave.kernels.cpu;
