/**
 * Attribution without propagation rules, for comparison with layer-wise relevance propagation: gradients and what is
 * made of them, and occlusion. All are {@link unweave.lrp.Attributor}s, as {@link unweave.lrp.LayerwiseRelevance} is.
 */
package unweave.lrp.attributor;
