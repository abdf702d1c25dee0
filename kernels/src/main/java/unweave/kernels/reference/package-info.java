/**
 * The definition of every operation of {@link unweave.kernels.Backend}: plain loops in float64 over arrays, as close to
 * the formula as code can be. Nothing here is fast and nothing here is used to compute results; every backend is
 * compared with it, and its backward passes are compared with finite differences of its forward passes.
 * {@link unweave.kernels.reference.ReferenceBackend} runs whole networks by these definitions, to check imported ones.
 *
 * <p>The methods have the names and arguments of the backend's, with {@code double[]} for its memory. As there, outputs
 * are overwritten unless the formula says {@code +=}.
 */
package unweave.kernels.reference;
