package unweave.engine.layer;

import java.util.function.Supplier;
import unweave.engine.tape.IndexMap;
import unweave.engine.tape.Parameter;

/** The parameters of a network, as its layers ask for them, and what they keep on its device from pass to pass. */
public interface Weights {
    /** The parameter of a layer, or null if the layer has none of this role. */
    Parameter get(String layer, ParameterDescription.Role role);

    /** The index map of that name, made when it is first asked for; the network closes it. */
    IndexMap indexMap(String name, Supplier<IndexMap> make);
}
