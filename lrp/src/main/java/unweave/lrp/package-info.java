/**
 * Layer-wise relevance propagation on the tape: a decision is carried back through a network, layer by layer, so that
 * what arrives at a layer's output is shared out among the layer's inputs.
 *
 * <p>A {@link unweave.lrp.Rule} says how one layer shares it out and is plain data; {@link unweave.lrp.Composite} gives
 * every layer its rule; {@link unweave.lrp.LayerwiseRelevance} carries relevance through the graph. It can explain any
 * network that the engine can run.
 *
 * <p>Papers:
 *
 * <ul>
 *   <li>Bach et al. 2015, On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance
 *       propagation, PLoS ONE
 *   <li>Montavon et al. 2017, Explaining nonlinear classification decisions with deep Taylor decomposition, Pattern
 *       Recognition
 *   <li>Montavon et al. 2019, Layer-wise relevance propagation: an overview, in Explainable AI, Springer
 *   <li>Lapuschkin et al. 2019, Unmasking Clever Hans predictors and assessing what machines really learn, Nature
 *       Communications
 *   <li>Kohlbrenner et al. 2020, Towards best practice in explaining neural network decisions with LRP, IJCNN
 *   <li>Andeol et al. 2021, Learning domain invariant representations by joint Wasserstein distance minimization
 * </ul>
 */
package unweave.lrp;
