/** Fitting the subspaces of a model's classes as a preset says. */
package unweave.explain.subspace;
