/**
 * Jobs of the benchmarks in PyTorch, called from Java through the Deep Java Library (DJL): the same networks with the
 * same weights, rules and data, by PyTorch's own operations and automatic differentiation.
 * {@link unweave.bench.peers.PyTorch} lists them; a test compares their results with ours.
 */
package unweave.bench.peers;
