package unweave.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.kernels.BadInputException;

/** Which layer of a network reads which, and the shapes of their outputs. Layers read earlier ones only. */
final class Graph {
    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final Map<String, List<String>> inputs = new LinkedHashMap<>();
    private final Map<String, List<String>> readers = new LinkedHashMap<>();
    private final Map<String, LayerShape> shapes = new LinkedHashMap<>();

    /** @throws BadInputException if the layers do not make a network, naming the first that does not fit */
    Graph(LayerShape input, List<Layer> descriptions) {
        shapes.put(Layer.INPUT, input);
        readers.put(Layer.INPUT, new ArrayList<>());
        String previous = Layer.INPUT;
        for (Layer layer : descriptions) {
            append(layer, previous);
            previous = layer.name();
        }
        requireUse(previous);
    }

    private void append(Layer layer, String previous) {
        String name = layer.name();
        if (shapes.containsKey(name)) {
            throw new BadInputException("layer " + name + ": the name is taken"
                    + (name.equals(Layer.INPUT)
                            ? ", \"input\" means the input of the network"
                            : " by an earlier layer; every layer needs its own"));
        }
        List<String> read = layer.inputs().isEmpty() ? List.of(previous) : layer.inputs();
        List<LayerShape> arriving = new ArrayList<>();
        for (String source : read) {
            if (!shapes.containsKey(source)) {
                throw new BadInputException("layer " + name + ": unknown input \"" + source
                        + "\"; the layers before it are " + String.join(", ", shapes.keySet()));
            }
            arriving.add(shapes.get(source));
            readers.get(source).add(name);
        }
        try {
            shapes.put(name, layer.outputShape(arriving));
        } catch (ArithmeticException e) {
            throw layer.wrong("its output is too large (" + e.getMessage() + ")");
        } catch (BadInputException e) { // a shape does not know whose it is
            throw e.getMessage().startsWith("layer ") ? e : layer.wrong(e.getMessage());
        }
        layer.parameters(arriving); // refuses weights that no array holds
        layers.put(name, layer);
        inputs.put(name, read);
        readers.put(name, new ArrayList<>());
    }

    private void requireUse(String last) {
        readers.forEach((name, by) -> {
            if (by.isEmpty() && !name.equals(last)) {
                throw new BadInputException((name.equals(Layer.INPUT) ? "the input" : "layer " + name)
                        + ": no layer reads it; only the last layer, " + last + ", may end the network");
            }
        });
    }

    boolean contains(String layer) {
        return layers.containsKey(layer);
    }

    Layer layer(String name) {
        return layers.get(name);
    }

    /** The layers in the order in which they run. */
    List<Layer> layers() {
        return List.copyOf(layers.values());
    }

    /** The names of the layers that a layer reads. */
    List<String> inputs(String layer) {
        return inputs.get(layer);
    }

    /** The shape of a layer's output for one input of the network; "input" is the input itself. */
    LayerShape shape(String layer) {
        return shapes.get(layer);
    }

    /** The shapes of what a layer reads. */
    List<LayerShape> inputShapes(String layer) {
        return inputs(layer).stream().map(shapes::get).toList();
    }

    /** The layer that alone reads another one, if exactly one does. */
    Optional<Layer> onlyReader(String layer) {
        List<String> by = readers.get(layer);
        return by.size() == 1 ? Optional.of(layers.get(by.get(0))) : Optional.empty();
    }

    /** The layer whose output is meant by the activation of another one: the ReLU that alone reads it, or itself. */
    String activationOf(String layer) {
        return onlyReader(layer).filter(Layer::isActivation).map(Layer::name).orElse(layer);
    }
}
