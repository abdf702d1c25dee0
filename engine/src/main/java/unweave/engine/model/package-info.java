/**
 * Networks: what a network is made of ({@link unweave.engine.model.ModelDescription}, a list of
 * {@link unweave.engine.layer.Layer}s that can be written as JSON) and the network itself
 * ({@link unweave.engine.model.Model}), which holds the weights and runs on a tape.
 */
package unweave.engine.model;
