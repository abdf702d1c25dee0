/**
 * The synthetic data set (Harck 2024, 4.1.1 and appendix D): two classes of one-second sounds, each a superposition of
 * sound objects of its class, random sounds and noise. Every object is also returned as its own signal: the ground
 * truth that makes it measurable whether a concept is an object.
 *
 * <p>{@link unweave.audio.synthetic.SyntheticGenerator} makes one sample from a seed,
 * {@link unweave.audio.synthetic.SyntheticSet} the whole set and its split. The objects themselves are in
 * {@code SoundObjects}, in the order of the thesis.
 */
package unweave.audio.synthetic;
