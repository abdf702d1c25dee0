package unweave.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.layer.Weights;
import unweave.engine.tape.IndexMap;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;

/**
 * A network, y = f_L(... f_1(x)) (thesis Eq. 2.4), with its weights in the memory of one backend; it closes them, not
 * the backend.
 *
 * <p>{@link #forward} computes a convolution or dense layer together with the ReLU that alone reads it, a convolution
 * also with the max-pooling that alone reads that ReLU, and on a tape of predictions with any other nonlinearity. Less
 * memory is written; the outputs between them exist only where they are to be kept. {@link #forwardEveryLayer} computes
 * every layer by itself: conv1 gives z = x * w + b, relu1 gives max(0, z). Which tape records them makes no difference.
 * {@link #activation} finds outputs by the names of layers.
 */
public final class Model implements AutoCloseable {
    /** Bounds the memory of {@link #predict}: values of one batch's largest activation. */
    private static final int PREDICTION_VALUES = 1 << 24;

    private static final int PREDICTION_BATCH = 64;
    /** As {@link #PREDICTION_VALUES}, for {@link #inputsAtOnce}. */
    private static final int KEPT_VALUES = 1 << 26;

    private final ModelDescription description;
    private final Backend backend;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    /** By the names of layers. */
    private final Map<String, IndexMap> indexMaps = new HashMap<>();
    /** By the layers to keep. */
    private final Map<Set<String>, Plan> plans = new ConcurrentHashMap<>();

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
     * Some of many inputs as a tensor that the tape frees.
     *
     * @param inputs N H W C values; not modified
     * @param first the number of the first input taken
     * @param count how many are taken
     */
    public Tensor input(Tape tape, float[] inputs, int first, int count) {
        int size = description.input().features();
        Floats x = backend.floats((long) count * size);
        backend.upload(inputs, first * size, x, 0, count * size);
        return tape.input(x, description.input().ofBatch(count));
    }

    /**
     * Runs the network, layers that one operation computes together in one step.
     *
     * @param x N H W C, of the size that the description says
     * @param keep layers whose {@link #activation} will be read; a tape of predictions frees the others as soon as
     *     nothing reads them
     * @return the logits, N x classes
     */
    public Tensor forward(Tape tape, Tensor x, String... keep) {
        return run(plans.computeIfAbsent(Set.copyOf(List.of(keep)), this::plan), tape, x);
    }

    /** As {@link #forward}, every layer by itself, so that the output of each can be read from the tape. */
    public Tensor forwardEveryLayer(Tape tape, Tensor x) {
        return run(Plan.everyLayer(description.graph()), tape, x);
    }

    private Plan plan(Set<String> keep) {
        keep.forEach(description::requireLayer);
        return Plan.fused(description.graph(), keep);
    }

    private Tensor run(Plan plan, Tape tape, Tensor x) {
        requireInput(x);
        return plan.run(tape, x, new OwnWeights());
    }

    private final class OwnWeights implements Weights {
        @Override
        public Parameter get(String layer, Role role) {
            return parameters.get(layer + "." + role.suffix());
        }

        @Override
        public IndexMap indexMap(String name, Supplier<IndexMap> make) {
            return indexMaps.computeIfAbsent(name, missing -> make.get());
        }
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
     * @throws BadInputException if there is no such layer; the message lists the layers
     * @throws IllegalStateException if the model has not run on this tape, or the layer was computed together with the
     *     one behind it
     */
    public Tensor activation(Tape tape, String layer) {
        description.requireLayer(layer);
        Tensor output = tape.remembered(description.graph().activationOf(layer));
        if (output != null) {
            return output;
        }
        throw new IllegalStateException(
                tape.nodes().isEmpty()
                        ? "the model has not run on this tape"
                        : layer + " was computed together with the layer behind it, such as pooling, which leaves no"
                                + " activation to read: name it as a layer to keep when the model runs");
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
                try (Tape tape = Tape.prediction(backend)) {
                    Tensor output = forward(tape, input(tape, inputs, start, count));
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
     * How many inputs one pass that keeps all activations should take: as many as the backend wants, unless their
     * largest activation would take too much memory.
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
    /**
     * Promises that the weights no longer change, so that the backend need not order them anew for every pass
     * ({@link Backend#freeze}). {@link #setWeights} and training are errors from now on.
     */
    public void freeze() {
        parameters.values().forEach(parameter -> backend.freeze(parameter.value()));
    }

    @Override
    public void close() {
        parameters.values().forEach(Parameter::close);
        parameters.clear();
        indexMaps.values().forEach(IndexMap::close);
        indexMaps.clear();
    }
}
