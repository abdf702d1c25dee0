package unweave.engine.layer;

import unweave.engine.tape.Parameter;

/** The parameters of a network, as its layers ask for them. */
@FunctionalInterface
public interface Weights {
    /** The parameter of a layer, or null if the layer has none of this role. */
    Parameter get(String layer, ParameterDescription.Role role);
}
