package unweave.engine.tape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.kernels.Activation;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Counter;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.PoolShape;

/**
 * Records the operations of one forward pass, in order, and owns the memory of their results until it is closed.
 *
 * <pre>{@code
 * try (Tape tape = Tape.training(backend, seed)) {
 *   Tensor loss = tape.crossEntropy("loss", model.forward(tape, tape.input(x, 16, 64, 64, 1)), labels);
 *   tape.backward(loss);
 * }
 * }</pre>
 */
public final class Tape implements AutoCloseable {
    private final Backend backend;
    private final boolean training;
    private final boolean wayBack;
    /** Null where nothing is dropped. */
    private final Ints seed;

    private final boolean ownsSeed;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Floats> owned = new ArrayList<>();
    private final List<Parameter> constants = new ArrayList<>();
    private final Map<String, Tensor> remembered = new HashMap<>();

    private Tape(Backend backend, boolean training, boolean wayBack, Ints seed, boolean ownsSeed) {
        this.backend = backend;
        this.training = training;
        this.wayBack = wayBack;
        this.seed = seed;
        this.ownsSeed = ownsSeed;
    }

    /**
     * A tape on which dropout drops and batch normalisation uses the batch's statistics; {@code seed} decides what is
     * dropped.
     */
    public static Tape training(Backend backend, long seed) {
        return new Tape(backend, true, true, backend.ints(Counter.values(seed)), true);
    }

    /**
     * As {@link #training(Backend, long)}, with a seed in memory, as a {@link unweave.kernels.Recording} needs it.
     *
     * @param seed {@link Counter#values}; stays the caller's
     */
    public static Tape training(Backend backend, Ints seed) {
        return new Tape(backend, true, true, seed, false);
    }

    /** A tape for predictions alone: it saves nothing that gradients or relevance would need on their way back. */
    public static Tape prediction(Backend backend) {
        return new Tape(backend, false, false, null, false);
    }

    /** A tape for explanations: layers behave as outside training, and gradients and relevance can go back on it. */
    public static Tape inference(Backend backend) {
        return new Tape(backend, false, true, null, false);
    }

    public Backend backend() {
        return backend;
    }

    public boolean isTraining() {
        return training;
    }

    /** Notes under which name a tensor can be asked for; the last one of a name counts. */
    public void remember(String name, Tensor tensor) {
        remembered.put(name, tensor);
    }

    /** The tensor last noted under a name, or null. */
    public Tensor remembered(String name) {
        return remembered.get(name);
    }

    /** Whether gradients or relevance can go back on it. */
    boolean hasWayBack() {
        return wayBack;
    }

    /** The operations so far, in the order in which they ran. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** An input that no gradient flows to. The tape frees {@code data} when it is closed. */
    public Tensor input(Floats data, int... shape) {
        owned.add(data);
        return new Tensor(shape, data, false);
    }

    /** A parameter that no training changes, {@code size} times the same number. The tape frees it. */
    public Parameter constant(int size, float value) {
        Parameter constant = new Parameter(backend, size, value);
        constants.add(constant);
        return constant;
    }

    /** As {@link #input}, but {@code data} stays the caller's. */
    public Tensor borrowed(Floats data, int... shape) {
        return new Tensor(shape, data, false);
    }

    /** An input whose gradient is wanted from {@link #backward(Tensor, Floats, List)}. */
    public Tensor inputWithGradient(Floats data, int... shape) {
        owned.add(data);
        return new Tensor(shape, data, true);
    }

    /**
     * Convolution of an image N H W C, weights kernelHeight x kernelWidth x C/groups x filters, with an optional fused
     * ReLU.
     */
    public Tensor conv(String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias, boolean relu) {
        return linear(new LinearNode(layer, x, shape, false, weight, bias, relu), convolved(shape));
    }

    private static int[] convolved(ConvShape shape) {
        return new int[] {shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels()};
    }

    /** y = x W + b for vectors N F, weights F x outputs, with an optional fused ReLU. */
    public Tensor dense(String layer, Tensor x, Parameter weight, Parameter bias, boolean relu) {
        int outputs = weight.shape()[1];
        ConvShape shape = ConvShape.dense(x.batch(), x.channels(), outputs);
        return linear(new LinearNode(layer, x, shape, true, weight, bias, relu), new int[] {x.batch(), outputs});
    }

    private Tensor linear(LinearNode node, int[] outputShape) {
        return record(
                node,
                new Tensor(
                        outputShape,
                        compute(node),
                        node.inputsNeedGradient() || node.weight().trainable()));
    }

    private Floats compute(LinearNode node) {
        Floats y = own(node.shape().outputSize());
        Floats bias = node.bias() == null ? null : node.bias().value();
        backend.convolutions()
                .convForward(node.shape(), node.input().data(), node.weight().value(), bias, node.relu(), y);
        return y;
    }

    /**
     * Convolution, ReLU and max-pooling in one pass. The values between them are computed again if somebody reads them.
     *
     * @param conv the name of the convolution
     * @param layer the name of the pooling layer, whose output this is
     */
    public Tensor convPool(
            String conv, String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias, PoolShape pool) {
        LinearNode linear = new LinearNode(conv, x, shape, false, weight, bias, true);
        linear.finish(new Tensor(convolved(shape), () -> compute(linear)));
        return ConvPoolNode.record(this, layer, linear, pool);
    }

    /**
     * Convolution and a nonlinearity other than ReLU: in one pass on a tape of predictions, else one after the other,
     * since the way back needs what lies between.
     *
     * @param conv the name of the convolution
     * @param layer the name of the nonlinearity, whose output this is
     */
    public Tensor convActivation(
            String conv,
            String layer,
            Tensor x,
            ConvShape shape,
            Parameter weight,
            Parameter bias,
            Activation function,
            Activation.Constants c) {
        if (wayBack) {
            return activation(layer, conv(conv, x, shape, weight, bias, false), function, c);
        }
        Floats y = own(shape.outputSize());
        backend.fused()
                .convActivate(shape, x.data(), weight.value(), bias == null ? null : bias.value(), function, c, y);
        LinearNode linear = new LinearNode(conv, x, shape, false, weight, bias, false);
        Tensor z = linear.finish(new Tensor(convolved(shape), () -> compute(linear)));
        return record(new ActivationNode(layer, z, function, c), new Tensor(convolved(shape), y, x.needsGradient()));
    }

    /** Max-pooling of an image N H W C. */
    public Tensor maxPool(String layer, Tensor x, PoolShape shape) {
        Floats y = own(shape.outputSize());
        Ints winners = backend.ints(shape.outputSize());
        MaxPoolNode node = new MaxPoolNode(layer, x, shape, winners);
        backend.pooling().maxPoolForward(shape, x.data(), y, winners);
        return record(node, new Tensor(pooled(shape), y, x.needsGradient()));
    }

    /** Average pooling of an image N H W C. */
    public Tensor avgPool(String layer, Tensor x, PoolShape shape) {
        Floats y = own(shape.outputSize());
        backend.pooling().avgPoolForward(shape, x.data(), y);
        return record(new AvgPoolNode(layer, x, shape), new Tensor(pooled(shape), y, x.needsGradient()));
    }

    static int[] pooled(PoolShape shape) {
        return new int[] {shape.batch(), shape.outHeight(), shape.outWidth(), shape.channels()};
    }

    /** y = max(0, x). */
    public Tensor relu(String layer, Tensor x) {
        Floats y = own(x.size());
        backend.elementwise().relu(x.data(), y);
        return record(new ReluNode(layer, x), new Tensor(x.shape(), y, x.needsGradient()));
    }

    /** Inverted dropout while training; outside training the tensor itself. */
    public Tensor dropout(String layer, Tensor x, float probability) {
        if (!isTraining() || probability == 0f) {
            return x;
        }
        Floats y = own(x.size());
        int stream = nodes.size();
        backend.elementwise().dropout(probability, seed, stream, x.data(), y);
        return record(
                new DropoutNode(layer, x, probability, seed, stream), new Tensor(x.shape(), y, x.needsGradient()));
    }

    /** Batch normalisation over all axes but the last. */
    public Tensor batchNorm(
            String layer,
            Tensor x,
            Parameter gamma,
            Parameter beta,
            Parameter runningMean,
            Parameter runningVariance,
            float eps,
            float momentum) {
        return BatchNormNode.record(this, layer, x, gamma, beta, runningMean, runningVariance, eps, momentum);
    }

    /** The sum of two or more tensors; one of length 1 on an axis repeats along it. */
    public Tensor add(String layer, Tensor... inputs) {
        return AddNode.sum(this, layer, inputs);
    }

    /** y = f(x; a, b), for a nonlinearity other than ReLU. */
    public Tensor activation(String layer, Tensor x, Activation function, Activation.Constants c) {
        Floats y = own(x.size());
        backend.activations().activate(function, c, x.data(), y);
        return record(new ActivationNode(layer, x, function, c), new Tensor(x.shape(), y, x.needsGradient()));
    }

    /** Tensors joined along the last axis: images side by side along channels, vectors one after the other. */
    public Tensor concat(String layer, Tensor... inputs) {
        return concat(layer, inputs[0].rank() - 1, inputs);
    }

    /** Tensors joined along an axis other than the batch, axis 0; they agree in all the others. */
    public Tensor concat(String layer, int axis, Tensor... inputs) {
        return ConcatNode.record(this, layer, axis, inputs);
    }

    /** Layer normalisation over the last axis. */
    public Tensor layerNorm(String layer, Tensor x, Parameter gamma, Parameter beta, float eps) {
        return layerNorm(layer, x, new NormalizedRows(null, x.channels(), false), gamma, beta, eps);
    }

    /** Normalisation of the values in each row, see {@link LayerNormNode}. */
    public Tensor layerNorm(String layer, Tensor x, NormalizedRows rows, Parameter gamma, Parameter beta, float eps) {
        return LayerNormNode.record(this, layer, x, rows, gamma, beta, eps);
    }

    /** Softmax over the last axis. */
    public Tensor softmax(String layer, Tensor x) {
        return SoftmaxNode.record(this, layer, x);
    }

    /** Products of the matrices in the rows of two images, see {@link MatMulNode}. */
    public Tensor matmul(String layer, Tensor a, Tensor b, boolean transposeSecond) {
        return MatMulNode.record(this, layer, a, b, transposeSecond);
    }

    /**
     * Transposed convolution of an image.
     *
     * @param shape the convolution that reads the result and gives x; its input size decides among the sizes that would
     *     give x
     * @param weight kernelHeight x kernelWidth x filters x input channels
     */
    public Tensor transposedConv(String layer, Tensor x, ConvShape shape, Parameter weight, Parameter bias) {
        return TransposedConvNode.record(this, layer, x, shape, weight, bias);
    }

    /** N H W C seen as N (H W C). */
    public Tensor flatten(String layer, Tensor x) {
        return reshape(layer, x, x.batch(), Math.toIntExact(x.size() / x.batch()));
    }

    /** The same values in another shape, batch first. */
    public Tensor reshape(String layer, Tensor x, int... shape) {
        return record(new ReshapeNode(layer, x), new Tensor(shape, x.data(), x.needsGradient()));
    }

    /** Values of x in other places; {@code shape} has the batch first, the map stays the caller's. */
    public Tensor gather(String layer, Tensor x, IndexMap map, int... shape) {
        return record(new GatherNode(layer, x, map), new Tensor(shape, owned(map.gather(x.data())), x.needsGradient()));
    }

    /** y = factor * x. */
    public Tensor factor(String layer, Tensor x, float factor) {
        Floats y = own(x.size());
        backend.elementwise().scale(factor, x.data(), y);
        return record(new FactorNode(layer, x, factor), new Tensor(x.shape(), y, x.needsGradient()));
    }

    /** The values of a parameter once for every input of x; {@code shape} has the batch of x first. */
    public Tensor constant(String layer, Tensor x, Parameter value, int... shape) {
        Floats y = own(value.value().size() * x.batch());
        backend.fill(y, 0f);
        backend.elementwise().addScaled(1f, value.value(), y);
        return record(new ConstantNode(layer, x, value), new Tensor(shape, y, false));
    }

    /** One cross-entropy loss per input, shape N. */
    public Tensor crossEntropy(String layer, Tensor logits, Ints labels) {
        return crossEntropy(layer, logits, labels, null);
    }

    /**
     * As above, with gradients that are weighted; the losses are not.
     *
     * @param factors of the gradient of every logit, N x classes; null for none; not modified
     */
    public Tensor crossEntropy(String layer, Tensor logits, Ints labels, Floats factors) {
        return CrossEntropyNode.record(this, layer, logits, labels, factors);
    }

    /**
     * Carries the gradient of the mean of {@code loss}, a result of {@link #crossEntropy}, back to all parameters by
     * the chain rule (thesis Eq. 2.6 for a parameter, Eq. 2.7 from layer to layer); their gradients are added to what
     * {@link Parameter#clearGradient} left.
     */
    public void backward(Tensor loss) {
        Floats start = backend.floats(loss.size());
        backend.fill(start, 1f / loss.batch());
        backward(loss, start, List.of());
    }

    /**
     * Carries {@code gradient} of {@code from} back and returns the gradients that arrive at the {@code wanted}
     * tensors, in their order; null where none arrives. The gradients belong to the caller; {@code gradient} belongs to
     * this method.
     */
    public List<Floats> backward(Tensor from, Floats gradient, List<Tensor> wanted) {
        return backward(from, gradient, new Gradients(backend, wanted, true, ReluGradient.TRUE));
    }

    /**
     * As {@link #backward(Tensor, Floats, List)}, without the gradients of parameters: for attributions.
     *
     * @param throughRelu how the gradient passes ReLUs; those that are fused into another operation always pass the
     *     true one, and on a tape of predictions there are none
     */
    public List<Floats> inputGradients(Tensor from, Floats gradient, List<Tensor> wanted, ReluGradient throughRelu) {
        return backward(from, gradient, new Gradients(backend, wanted, false, throughRelu));
    }

    private List<Floats> backward(Tensor from, Floats gradient, Gradients gradients) {
        if (!wayBack) {
            throw new IllegalStateException(
                    "a tape of plain predictions keeps nothing that gradients need: use Tape.training or "
                            + "Tape.inference");
        }
        return gradients.carryBack(nodes, from, gradient);
    }

    /** Adds an operation and its result to the tape. */
    Tensor record(Node node, Tensor output) {
        nodes.add(node);
        return node.finish(output);
    }

    /** Memory that this tape frees. */
    Floats own(long size) {
        return owned(backend.floats(size));
    }

    /** Takes memory over, to free it. */
    Floats owned(Floats memory) {
        owned.add(memory);
        return memory;
    }

    /**
     * Frees the memory of a tensor that no later operation reads, if this is a tape of predictions; on others the way
     * back needs it. What has just been read is still in the cache when the next operation writes there.
     */
    public void release(Tensor tensor) {
        Floats memory = tensor.data();
        if (!wayBack && owned.remove(memory)) {
            remembered.values().removeIf(other -> other.data() == memory);
            memory.close();
        }
    }

    /** Frees all tensors of this tape. */
    @Override
    public void close() {
        nodes.forEach(Node::free);
        owned.forEach(Floats::close);
        constants.forEach(Parameter::close);
        constants.clear();
        nodes.clear();
        remembered.clear();
        owned.clear();
        if (ownsSeed) {
            seed.close();
        }
    }
}
