/** Training a model as a preset says, and what is written about it. */
package unweave.app.train;
