/** Explanations of sounds as pictures, files and a page. */
package unweave.report.explanation;
