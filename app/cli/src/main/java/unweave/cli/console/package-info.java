/** What the program says while it works: progress on standard error, results on standard output. */
package unweave.cli.console;
