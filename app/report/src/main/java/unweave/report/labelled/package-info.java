/** The results of labelled sets: tables and a page. */
package unweave.report.labelled;
