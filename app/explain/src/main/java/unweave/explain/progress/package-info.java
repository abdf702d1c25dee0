/** How long work tells its user how far it has come. */
package unweave.explain.progress;
