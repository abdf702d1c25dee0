/**
 * Reports as one HTML file that needs nothing else: style, pictures and sounds are inside it, there is no script, and a
 * content security policy forbids the browser every access to the network. {@link unweave.report.ReportPage} is the way
 * in.
 */
package unweave.report;
