package unweave.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import unweave.engine.tape.Node;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Spans;

/**
 * A network with its weights in the memory of one backend; it closes them, not the backend.
 *
 * <p>On a training tape a ReLU that alone reads a convolution or dense layer is computed together with it, as one node
 * that carries the name of that layer; where max-pooling alone reads the ReLU after a convolution, all three are one
 * node with the name of the pooling layer, and only the pooled values exist. On an inference tape they stay apart, so
 * that everything is there to read: conv1's node then gives z = x * w + b, relu1's node max(0, z). A tape for relevance
 * is between the two: ReLUs are computed together with their layer, pooling is not. {@link #activation} finds the same
 * values on all of them.
 */
public final class Model implements AutoCloseable {
    /** Bounds the memory of {@link #predict}: values of one batch's largest activation. */
    private static final int PREDICTION_VALUES = 1 << 24;

    private static final int PREDICTION_BATCH = 64;
    /** The same for {@link #inputsAtOnce}. */
    private static final int KEPT_VALUES = 1 << 26;

    private final ModelDescription description;
    private final Backend backend;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private Model(ModelDescription description, Backend backend) {
        this.description = description;
        this.backend = backend;
    }

    /**
     * A network with random weights, distributed as PyTorch's default; the same seed gives the same weights on every
     * device.
     */
    public static Model create(ModelDescription description, Backend backend, long seed) {
        return of(description, backend, new Initialization(description, seed)::values);
    }

    /**
     * A network with given weights.
     *
     * @param values gives the values of a parameter, in the layout of its {@link ParameterDescription#shape}
     */
    public static Model of(
            ModelDescription description, Backend backend, Function<ParameterDescription, float[]> values) {
        Model model = new Model(description, backend);
        for (ParameterDescription parameter : description.parameters()) {
            int[] shape = parameter.shape().stream().mapToInt(Integer::intValue).toArray();
            float[] initial = values.apply(parameter);
            if (initial.length != parameter.size()) {
                model.close();
                throw new IllegalArgumentException(
                        parameter.name() + " takes " + parameter.size() + " values, not " + initial.length);
            }
            model.parameters.put(
                    parameter.name(), new Parameter(backend, parameter.name(), shape, parameter.trainable(), initial));
        }
        return model;
    }

    public ModelDescription description() {
        return description;
    }

    public Backend backend() {
        return backend;
    }

    /** The parameters in the order of {@link ModelDescription#parameters}, running statistics included. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** The parameter of this name, such as "conv1.weight". */
    public Parameter parameter(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "unknown parameter \"" + name + "\"; there are " + String.join(", ", parameters.keySet()));
        }
        return parameter;
    }

    /**
     * Runs the network.
     *
     * @param x N H W C, of the size that the description says
     * @return the logits, N x classes
     */
    public Tensor forward(Tape tape, Tensor x) {
        requireInput(x);
        Graph graph = description.graph();
        Map<String, Tensor> outputs = new HashMap<>();
        outputs.put(Graph.INPUT, x);
        Tensor last = x;
        for (LayerDescription layer : graph.layers()) {
            List<String> sources = graph.inputs(layer.name());
            Tensor source = outputs.get(sources.get(0));
            if (pooledTogether(tape, layer.name()) || pooledTogether(tape, sources.get(0))) {
                continue; // a convolution, or its ReLU, that is computed together with the pooling after it
            }
            boolean alreadyRectified =
                    layer instanceof LayerDescription.Relu && tape.fusesRelu() && fuses(sources.get(0));
            try (Spans.Span span = backend.spans().open("forward", layer.name())) {
                if (layer instanceof LayerDescription.Add) {
                    last = tape.add(layer.name(), source, outputs.get(sources.get(1)));
                } else if (layer instanceof Concat) {
                    last = tape.concat(
                            layer.name(), sources.stream().map(outputs::get).toArray(Tensor[]::new));
                } else if (alreadyRectified) {
                    last = source;
                } else if (source == null) {
                    last = convPool(
                            tape,
                            (LayerDescription.MaxPool) layer,
                            graph.inputs(sources.get(0)).get(0),
                            outputs);
                } else {
                    last = apply(
                            tape, layer, graph.shape(sources.get(0)), source, tape.fusesRelu() && fuses(layer.name()));
                }
            }
            outputs.put(layer.name(), last);
        }
        return last;
    }

    private boolean pooledTogether(Tape tape, String layer) {
        return description.graph().poolAfter(layer) != null && tape.fusesPooling(layer);
    }

    private Tensor convPool(Tape tape, LayerDescription.MaxPool pool, String conv, Map<String, Tensor> outputs) {
        Graph graph = description.graph();
        String source = graph.inputs(conv).get(0);
        Tensor x = outputs.get(source);
        return tape.convPool(
                conv,
                pool.name(),
                x,
                ((LayerDescription.Conv) graph.layer(conv)).shape(x.batch(), graph.shape(source)),
                parameter(conv + ".weight"),
                parameters.get(conv + ".bias"),
                pool.shape(x.batch(), graph.shape(conv)));
    }

    /** Whether a layer can be computed together with the ReLU that follows it. */
    private boolean fuses(String layer) {
        LayerDescription description = this.description.graph().layer(layer);
        return (description instanceof LayerDescription.Conv || description instanceof LayerDescription.Dense)
                && this.description.graph().reluAfter(layer) != null;
    }

    private Tensor apply(Tape tape, LayerDescription layer, LayerShape input, Tensor x, boolean relu) {
        String name = layer.name();
        if (layer instanceof LayerDescription.Conv conv) {
            return tape.conv(
                    name,
                    x,
                    conv.shape(x.batch(), input),
                    parameter(name + ".weight"),
                    parameters.get(name + ".bias"),
                    relu);
        } else if (layer instanceof LayerDescription.Dense) {
            return tape.dense(name, x, parameter(name + ".weight"), parameters.get(name + ".bias"), relu);
        } else if (layer instanceof LayerDescription.MaxPool pool) {
            return tape.maxPool(name, x, pool.shape(x.batch(), input));
        } else if (layer instanceof LayerDescription.AvgPool pool) {
            return tape.avgPool(name, x, pool.shape(x.batch(), input));
        } else if (layer instanceof LayerDescription.GlobalAvgPool pool) {
            return tape.avgPool(name, x, pool.shape(x.batch(), input));
        } else if (layer instanceof LayerDescription.Relu) {
            return tape.relu(name, x);
        } else if (layer instanceof ConvTranspose conv) {
            return tape.transposedConv(
                    name, x, conv.shape(x.batch(), input), parameter(name + ".weight"), parameters.get(name + ".bias"));
        } else if (layer instanceof GlobalMaxPool pool) {
            return tape.maxPool(name, x, pool.shape(x.batch(), input));
        } else if (layer instanceof AdaptiveAvgPool pool) {
            return tape.avgPool(name, x, pool.shape(x.batch(), input));
        } else if (layer instanceof Activate activation) {
            return tape.activation(name, x, activation.function(), activation.constant());
        } else if (layer instanceof LayerNorm norm) {
            return tape.layerNorm(name, x, parameter(name + ".weight"), parameter(name + ".bias"), norm.epsilon());
        } else if (layer instanceof LayerDescription.Dropout dropout) {
            return tape.dropout(name, x, dropout.probability());
        } else if (layer instanceof LayerDescription.Flatten) {
            return tape.flatten(name, x);
        } else if (layer instanceof LayerDescription.BatchNorm norm) {
            return tape.batchNorm(
                    name,
                    x,
                    parameter(name + ".weight"),
                    parameter(name + ".bias"),
                    parameter(name + ".running_mean"),
                    parameter(name + ".running_var"),
                    norm.epsilon(),
                    norm.momentum());
        }
        throw new IllegalStateException("no forward pass for layers of kind " + layer.kind());
    }

    private void requireInput(Tensor x) {
        LayerShape input = description.input();
        if (!Arrays.equals(x.shape(), input.ofBatch(x.batch()))) {
            throw new IllegalArgumentException("the model reads N x " + input + ", not " + x);
        }
    }

    /**
     * The output of a layer in the last forward pass that {@code tape} recorded, taken after its ReLU if one directly
     * follows: "conv3" means after ReLU and before pooling.
     *
     * @throws IllegalArgumentException if there is no such layer; the message lists the layers
     * @throws IllegalStateException if the model has not run on this tape, or the layer was computed together with the
     *     pooling after it
     */
    public Tensor activation(Tape tape, String layer) {
        description.requireLayer(layer);
        String relu = description.graph().reluAfter(layer);
        return output(tape, relu == null ? layer : relu);
    }

    private Tensor output(Tape tape, String layer) {
        List<Node> nodes = tape.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (nodes.get(i).layer().equals(layer)) {
                return nodes.get(i).output();
            }
        }
        if (tape.fusesPooling(layer) && !nodes.isEmpty() && description.graph().poolAfter(layer) != null) {
            throw new IllegalStateException(layer
                    + " was computed together with its pooling, which leaves no activation to read: run the model on"
                    + " Tape.inference");
        }
        // A fused ReLU is part of the layer it reads, and dropout outside training is no operation at all: neither has
        // a node.
        LayerDescription missing = description.graph().layer(layer);
        String source = description.graph().inputs(layer).get(0);
        boolean nodeless = missing instanceof LayerDescription.Relu || missing instanceof LayerDescription.Dropout;
        if (!nodeless || source.equals(Graph.INPUT)) {
            throw new IllegalStateException("the model has not run on this tape");
        }
        return output(tape, source);
    }

    /**
     * The logits of many inputs, computed in batches of bounded size.
     *
     * @param inputs at least n x H x W x C values; not modified
     * @return n x classes
     */
    public float[] predict(float[] inputs, int n) {
        int size = description.input().features();
        int classes = description.classNames().size();
        if ((long) n * size > inputs.length) {
            throw new IllegalArgumentException(n + " inputs of " + description.input() + " are " + (long) n * size
                    + " values, not " + inputs.length);
        }
        int batch = predictionBatch();
        // The logits gather on the device, so that the host prepares a batch while the device computes the one before.
        try (Floats logits = backend.floats(Math.multiplyExact(n, classes))) {
            for (int start = 0; start < n; start += batch) {
                int count = Math.min(batch, n - start);
                Floats x = backend.floats((long) count * size);
                backend.upload(inputs, start * size, x, 0, count * size);
                try (Tape tape = Tape.prediction(backend)) {
                    Tensor output =
                            forward(tape, tape.input(x, description.input().ofBatch(count)));
                    backend.copy(output.data(), 0, logits, (long) start * classes, (long) count * classes);
                }
            }
            return backend.toArray(logits);
        }
    }

    private int predictionBatch() {
        return Math.min(PREDICTION_BATCH, inputsWithin(PREDICTION_VALUES));
    }

    /**
     * How many inputs a walk through the network that keeps all activations should take at once: as many as the backend
     * wants, unless the largest activation of them would take too much memory.
     */
    public int inputsAtOnce() {
        return Math.min(backend.inputsAtOnce(), inputsWithin(KEPT_VALUES));
    }

    /** How many inputs, at least one, keep the largest activation of a batch within so many values. */
    private int inputsWithin(int values) {
        int largest = description.input().features();
        for (String layer : description.layerNames()) {
            largest = Math.max(largest, description.outputShape(layer).features());
        }
        return Math.max(1, values / largest);
    }

    /** The values of all parameters by name, copied to the host; waits for the device. */
    public Map<String, float[]> weights() {
        Map<String, float[]> values = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> values.put(name, backend.toArray(parameter.value())));
        return values;
    }

    /** Overwrites all parameters; the counterpart of {@link #weights}. */
    public void setWeights(Map<String, float[]> values) {
        List<String> missing = new ArrayList<>(parameters.keySet());
        missing.removeAll(values.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no values for " + String.join(", ", missing));
        }
        parameters.forEach((name, parameter) -> {
            float[] value = values.get(name);
            if (value.length != parameter.value().size()) {
                throw new IllegalArgumentException(
                        name + " takes " + parameter.value().size() + " values, not " + value.length);
            }
            backend.upload(value, 0, parameter.value(), 0, value.length);
        });
    }

    /** Frees the weights. */
    @Override
    public void close() {
        parameters.values().forEach(Parameter::close);
        parameters.clear();
    }
}
