/** Sets of labelled sounds: which are decided rightly, and which concepts right and wrong decisions rest on. */
package unweave.explain.labelled;
