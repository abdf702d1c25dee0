/** From a sound to its explanation: {@link unweave.explain.Explainer} computes. */
package unweave.explain;
