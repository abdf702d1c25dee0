/** One class per command: its options, their checks, and the call of the pipeline that does the work. */
package unweave.cli.command;
