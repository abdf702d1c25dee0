package unweave.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the layers of a network hang together: who reads whom, and what shapes flow. Layers only read earlier ones. */
final class Graph {
    /** The name by which layers read the network's input. */
    static final String INPUT = "input";

    private final Map<String, LayerDescription> layers = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new LinkedHashMap<>();
    private final Map<String, List<String>> readers = new LinkedHashMap<>();
    private final Map<String, LayerShape> shapes = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if the layers do not make a network, naming the first that does not fit */
    Graph(LayerShape input, List<LayerDescription> descriptions) {
        shapes.put(INPUT, input);
        readers.put(INPUT, new ArrayList<>());
        String previous = INPUT;
        for (LayerDescription layer : descriptions) {
            append(layer, previous);
            previous = layer.name();
        }
        requireUse(previous);
    }

    private void append(LayerDescription layer, String previous) {
        String name = layer.name();
        if (shapes.containsKey(name)) {
            throw new IllegalArgumentException("layer " + name + ": the name is taken"
                    + (name.equals(INPUT)
                            ? ", \"input\" means the input of the network"
                            : " by an earlier layer; every layer needs its own"));
        }
        List<String> read = layer.inputs().isEmpty() ? List.of(previous) : layer.inputs();
        List<LayerShape> arriving = new ArrayList<>();
        for (String source : read) {
            if (!shapes.containsKey(source)) {
                throw new IllegalArgumentException("layer " + name + ": unknown input \"" + source
                        + "\"; the layers before it are " + String.join(", ", shapes.keySet()));
            }
            arriving.add(shapes.get(source));
            readers.get(source).add(name);
        }
        shapes.put(name, layer.outputShape(arriving));
        layer.parameters(arriving.get(0)); // refuses weights that no array holds
        layers.put(name, layer);
        inputs.put(name, read);
        readers.put(name, new ArrayList<>());
    }

    private void requireUse(String last) {
        readers.forEach((name, by) -> {
            if (by.isEmpty() && !name.equals(last)) {
                throw new IllegalArgumentException((name.equals(INPUT) ? "the input" : "layer " + name)
                        + ": no layer reads it; only the last layer, " + last + ", may end the network");
            }
        });
    }

    boolean contains(String layer) {
        return layers.containsKey(layer);
    }

    LayerDescription layer(String name) {
        return layers.get(name);
    }

    /** The layers in the order in which they run. */
    List<LayerDescription> layers() {
        return List.copyOf(layers.values());
    }

    /** The names of the layers that a layer reads. */
    List<String> inputs(String layer) {
        return inputs.get(layer);
    }

    /** What a layer hands on for one input; "input" is the network's. */
    LayerShape shape(String layer) {
        return shapes.get(layer);
    }

    /** The ReLU that alone reads a layer, or null. */
    String reluAfter(String layer) {
        List<String> by = readers.get(layer);
        return by.size() == 1 && layers.get(by.get(0)) instanceof LayerDescription.Relu ? by.get(0) : null;
    }

    /** The name of the max-pooling layer that alone reads the ReLU that alone reads a convolution, or null. */
    String poolAfter(String layer) {
        String relu = layers.get(layer) instanceof LayerDescription.Conv ? reluAfter(layer) : null;
        List<String> by = relu == null ? List.of() : readers.get(relu);
        return by.size() == 1 && layers.get(by.get(0)) instanceof LayerDescription.MaxPool ? by.get(0) : null;
    }
}
