package unweave.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.bench.JobData;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.engine.file.WeightLayout;
import unweave.engine.layer.Activate;
import unweave.engine.layer.Add;
import unweave.engine.layer.AvgPool;
import unweave.engine.layer.Axis;
import unweave.engine.layer.BatchNorm;
import unweave.engine.layer.Concat;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Depthwise;
import unweave.engine.layer.Dropout;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.GlobalAvgPool;
import unweave.engine.layer.GlobalMaxPool;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.layer.Rearrange;
import unweave.engine.layer.Reduce;
import unweave.engine.layer.Relu;
import unweave.engine.layer.Size;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Activation;

/** A network in PyTorch, layer by layer, with the weights that ours begins with. */
final class TorchNetwork implements AutoCloseable {
    private static final Shape ONE = new Shape(1, 1);

    private final ModelDescription description;
    private final NDManager manager;
    private final TorchScript script;
    private final MemoryFormat format;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * A layer.
     *
     * @param reads the names of the layers that it reads
     * @param readsTokens whether these give {@link Tokens}
     * @param parameters empty for many
     */
    record Layer(
            unweave.engine.layer.Layer description,
            List<String> reads,
            boolean readsTokens,
            Map<Role, PtNDArray> parameters) {
        String name() {
            return description.name();
        }

        boolean isConvolution() {
            return description.isConvolution();
        }

        /** Of a convolution or dense layer. */
        PtNDArray weight() {
            return parameters.get(isConvolution() ? Role.CONV_WEIGHT : Role.DENSE_WEIGHT);
        }

        /** Null if there is none. */
        PtNDArray bias() {
            return parameters.get(Role.BIAS);
        }
    }

    TorchNetwork(Weighted network, MemoryFormat format) {
        description = network.description();
        this.format = format;
        manager = Engine.getEngine("PyTorch").newBaseManager();
        script = new TorchScript(manager);
        JniUtils.setGradMode(false);
        Set<String> tokens = Tokens.of(description);
        String previous = unweave.engine.layer.Layer.INPUT;
        for (unweave.engine.layer.Layer layer : description.layers()) {
            List<String> reads = layer.inputs().isEmpty() ? List.of(previous) : layer.inputs();
            Map<Role, PtNDArray> parameters = new EnumMap<>(Role.class);
            for (ParameterDescription parameter : layer.parameters(description.inputShapes(layer.name()))) {
                float[] values = network.weights().get(parameter.name());
                parameters.put(parameter.role(), parameter(parameter, WeightLayout.toTorch(parameter, values)));
            }
            layers.add(new Layer(layer, reads, tokens.contains(reads.get(0)), parameters));
            previous = layer.name();
        }
    }

    private PtNDArray parameter(ParameterDescription parameter, float[] values) {
        Shape shape = new Shape(
                Arrays.stream(WeightLayout.torchShape(parameter)).asLongStream().toArray());
        NDArray torch = manager.create(values, shape);
        return (PtNDArray)
                (shape.dimension() == 4 && format == MemoryFormat.CHANNELS_LAST ? script.channelsLast(torch) : torch);
    }

    ModelDescription description() {
        return description;
    }

    NDManager manager() {
        return manager;
    }

    TorchScript script() {
        return script;
    }

    List<Layer> layers() {
        return layers;
    }

    /** All weights and biases, and what batch normalisation learns. */
    List<PtNDArray> parameters() {
        List<PtNDArray> trained = new ArrayList<>();
        for (Layer layer : layers) {
            layer.parameters().forEach((role, values) -> {
                if (role != Role.RUNNING_MEAN && role != Role.RUNNING_VARIANCE) {
                    trained.add(values);
                }
            });
        }
        return trained;
    }

    /** Inputs in the order in which {@link #images} reads them; {@code inputs}, N H W C, is not modified. */
    float[] arranged(float[] inputs) {
        return format == MemoryFormat.CHANNELS_LAST ? inputs : Images.channelsFirst(inputs, description.input());
    }

    /** Images N C H W. Of those with one channel the order of memory is the same in both formats. */
    PtNDArray images(float[] arranged, int count) {
        LayerShape input = description.input();
        boolean last = format == MemoryFormat.CHANNELS_LAST && input.channels() > 1;
        Shape shape = last
                ? new Shape(count, input.height(), input.width(), input.channels())
                : new Shape(count, input.channels(), input.height(), input.width());
        NDArray images = manager.create(FloatBuffer.wrap(arranged), shape, DataType.FLOAT32);
        return (PtNDArray) (last ? images.transpose(0, 3, 1, 2) : images);
    }

    /** The logits, N x classes. */
    PtNDArray logits(PtNDArray images, boolean training) {
        Map<String, PtNDArray> outputs = new HashMap<>();
        outputs.put(unweave.engine.layer.Layer.INPUT, images);
        PtNDArray last = images;
        for (Layer layer : layers) {
            last = apply(layer, layer.reads().stream().map(outputs::get).toList(), training);
            outputs.put(layer.name(), last);
        }
        return last;
    }

    static PtNDArray apply(Layer layer, List<PtNDArray> inputs, boolean training) {
        unweave.engine.layer.Layer description = layer.description();
        PtNDArray x = inputs.get(0);
        if (layer.isConvolution() || description instanceof Dense) {
            return affine(layer, x, layer.weight(), layer.bias());
        }
        if (description instanceof BatchNorm norm && norm.axis() == Axis.CHANNELS && norm.bands() == 1) {
            return JniUtils.batchNorm(
                    x,
                    layer.parameters().get(Role.RUNNING_MEAN),
                    layer.parameters().get(Role.RUNNING_VARIANCE),
                    layer.parameters().get(Role.SCALE),
                    layer.parameters().get(Role.SHIFT),
                    training,
                    norm.momentum(),
                    norm.epsilon());
        }
        if (description instanceof Relu) {
            return JniUtils.relu(x);
        }
        if (description instanceof Activate activate && activate.function() == Activation.CLIP) {
            return JniUtils.clip(
                    x, activate.constants().a(), activate.constants().b());
        }
        if (layer.readsTokens() || description instanceof Rearrange) {
            PtNDArray y = TorchTokens.apply(layer, inputs);
            if (y != null) {
                return y;
            }
        }
        if (description instanceof Add) {
            return JniUtils.add(x, inputs.get(1));
        }
        if (description instanceof Concat concat && concat.axis() == Axis.CHANNELS) {
            return JniUtils.cat(inputs.toArray(PtNDArray[]::new), 1);
        }
        if (description instanceof Flatten) {
            return (PtNDArray) x.reshape(x.getShape().get(0), -1);
        }
        if (description instanceof Dropout dropout) {
            return training ? JniUtils.dropout(x, dropout.probability(), true) : x;
        }
        return pooled(description, x);
    }

    private static PtNDArray pooled(unweave.engine.layer.Layer description, PtNDArray x) {
        if (description instanceof MaxPool pool && pool.padding().equals(pool.trailing())) {
            return JniUtils.maxPool(x, shape(pool.window()), shape(pool.stride()), shape(pool.padding()), pool.ceil());
        }
        if (description instanceof AvgPool pool && pool.padding().equals(pool.trailing())) {
            return JniUtils.avgPool(
                    x,
                    shape(pool.window()),
                    shape(pool.stride()),
                    shape(pool.padding()),
                    pool.ceil(),
                    pool.countPadding());
        }
        if (description instanceof GlobalAvgPool) {
            return JniUtils.adaptiveAvgPool(x, ONE);
        }
        if (description instanceof GlobalMaxPool) {
            return JniUtils.adaptiveMaxPool(x, ONE);
        }
        if (description instanceof Reduce reduce) {
            PtNDArray y = x;
            for (Axis axis : reduce.axes()) {
                int dimension = axis == Axis.CHANNELS ? 1 : axis == Axis.HEIGHT ? 2 : 3;
                y = reduced(reduce, y, dimension);
            }
            return y;
        }
        throw new IllegalArgumentException("no PyTorch for layer " + description.name());
    }

    private static PtNDArray reduced(Reduce reduce, PtNDArray x, int dimension) {
        return switch (reduce.operation()) {
            case MEAN -> JniUtils.mean(x, dimension, true);
            case MAX -> JniUtils.max(x, dimension, true);
            default -> throw new IllegalArgumentException("no PyTorch for layer " + reduce.name());
        };
    }

    /** A convolution or dense layer with other weights. */
    static PtNDArray affine(Layer layer, PtNDArray x, PtNDArray weight, PtNDArray bias) {
        if (layer.readsTokens() && layer.isConvolution()) {
            return TorchTokens.linear(x, weight, bias);
        }
        if (layer.description() instanceof Conv conv && conv.padding().equals(conv.trailing())) {
            return JniUtils.convolution(
                    x,
                    weight,
                    bias,
                    shape(conv.stride()),
                    shape(conv.padding()),
                    shape(conv.dilation()),
                    conv.groups());
        }
        if (layer.description() instanceof Depthwise conv && conv.padding().equals(conv.trailing())) {
            int groups = (int) x.getShape().get(1);
            return JniUtils.convolution(
                    x, weight, bias, shape(conv.stride()), shape(conv.padding()), shape(conv.dilation()), groups);
        }
        if (layer.description() instanceof Dense) {
            return JniUtils.linear(x, weight, bias);
        }
        throw new IllegalArgumentException("no PyTorch for layer " + layer.name());
    }

    private static Shape shape(Size size) {
        return new Shape(size.height(), size.width());
    }

    /** Throws if the logits of a batch are not those of our own kernels. */
    static void check(Weighted network, MemoryFormat format, int batch) {
        float[] inputs = JobData.inputs(network.description(), batch);
        try (TorchNetwork torch = new TorchNetwork(network, format);
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            float[] logits = torch.logits(torch.images(torch.arranged(inputs), batch), false)
                    .toFloatArray();
            PeerJob.requireAgreement("logits", network.predict(inputs, batch), logits);
        }
    }

    /** Prediction, without gradients. */
    static PreparedJob forward(Weighted weighted, MemoryFormat format, int batch) {
        TorchNetwork network = new TorchNetwork(weighted, format);
        float[] inputs = network.arranged(JobData.inputs(network.description, batch));
        return new PreparedJob() {
            @Override
            public double run() {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    JniUtils.setGradMode(false);
                    return network.logits(network.images(inputs, batch), false).toFloatArray()[0];
                }
            }

            @Override
            public void close() {
                network.close();
            }
        };
    }

    @Override
    public void close() {
        script.close();
        manager.close();
    }
}
