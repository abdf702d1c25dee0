/** References of concepts as pictures, files and a page. */
package unweave.report.reference;
