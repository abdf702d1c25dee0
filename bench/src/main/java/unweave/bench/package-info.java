/**
 * How fast Unweave is, and how fast it could be. Two tables are timed with JMH: the operations of
 * {@link unweave.kernels.operations.Operations}, which the tests check too, and the {@link unweave.bench.Jobs}, what
 * users wait for. Each time is set against the {@link unweave.bench.Roofline} of the machine, which the same run
 * measures. {@link unweave.bench.Benchmarks} is the program.
 */
package unweave.bench;
