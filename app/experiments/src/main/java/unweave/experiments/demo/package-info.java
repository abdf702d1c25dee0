/**
 * The main job on synthetic data, whose ground truth is known: the synthetic chapter of the thesis (4.1) in one run,
 * from sounds to concepts, with a score of how well the concepts recover the objects that the sounds were made of.
 */
package unweave.experiments.demo;
