/**
 * The one table of operations. {@link unweave.kernels.operations.Operations#all} lists every operation of
 * {@link unweave.kernels.Backend} at many shapes, each with its inputs, its call on a backend, its definition in
 * float64 and its cost. The table drives the proof that the backends agree with the definition, the check of the
 * definition's backward passes against finite differences, and the benchmarks. A new operation is one entry.
 */
package unweave.kernels.operations;
