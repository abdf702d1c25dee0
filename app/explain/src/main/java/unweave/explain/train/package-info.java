/** Training a model as a preset says, once or for every fold of a collection. */
package unweave.explain.train;
