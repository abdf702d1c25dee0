/**
 * A preset bundles every parameter of an experiment: spectrogram, network, training, relevance rules, subspaces.
 * Presets are JSON files.
 */
package unweave.explain.preset;
