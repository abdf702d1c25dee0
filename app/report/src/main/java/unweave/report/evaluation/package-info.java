/** The numbers of an evaluation as tables, figures and a page. */
package unweave.report.evaluation;
