/**
 * What {@code --profile} gives: a trace for chrome://tracing and Perfetto, and a table of operations against what the
 * device can do.
 */
package unweave.cli.profile;
