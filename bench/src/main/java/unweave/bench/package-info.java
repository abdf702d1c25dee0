/**
 * Measures how fast Unweave is, and how fast it could be. JMH times two tables: the operations of
 * {@link unweave.kernels.operations.Operations}, which the tests check too, and the {@link unweave.bench.Jobs} that
 * users wait for. Each time is compared with the {@link unweave.bench.Roofline} of the machine, which the same run
 * measures. {@link unweave.bench.Benchmarks} is the program.
 */
package unweave.bench;
