/** The results of whole recordings: tables, pictures, passages as sounds, and one page. */
package unweave.report.recording;
