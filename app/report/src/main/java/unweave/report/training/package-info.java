/** Figures and pages about training and about fitting subspaces. */
package unweave.report.training;
