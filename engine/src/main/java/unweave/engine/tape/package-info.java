/**
 * Tensors and reverse-mode automatic differentiation. A {@link unweave.engine.tape.Tape} records every operation of a
 * forward pass as a {@link unweave.engine.tape.Node}; going through the nodes backwards gives gradients
 * ({@link unweave.engine.tape.Tape#backward}) or, with other local rules, relevance. Whatever can be trained can
 * therefore be explained.
 */
package unweave.engine.tape;
