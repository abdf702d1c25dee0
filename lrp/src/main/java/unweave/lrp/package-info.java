/**
 * Layer-wise relevance propagation (Bach et al. 2015) on the tape: a decision is carried back through a network, layer by layer, so that
 * what arrives at a layer's output is shared out among the layer's inputs.
 *
 * <p>A {@link unweave.lrp.Rule} says how one layer shares it out and is plain data; {@link unweave.lrp.Composite} gives every layer its
 * rule; {@link unweave.lrp.LayerwiseRelevance} walks the graph. Any network that the engine can run, it can explain.
 */
package unweave.lrp;
