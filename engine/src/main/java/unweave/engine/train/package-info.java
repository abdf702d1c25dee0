/**
 * Training: {@link unweave.engine.train.Trainer} runs epochs over {@link unweave.engine.train.TrainingData} with an
 * {@link unweave.engine.train.Optimizer}, writes a checkpoint after each of them, and resumes from one as if it had not
 * stopped.
 *
 * <p>Everything random (order of the inputs, augmentation, dropout) depends on the seed, the epoch and a position
 * alone, never on time, threads or what was drawn before; this is what makes a resumed training end with the same
 * bytes.
 */
package unweave.engine.train;
