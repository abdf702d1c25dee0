/** The synthetic set as network inputs, and what only its ground truth can measure. */
package unweave.experiments.synthetic;
