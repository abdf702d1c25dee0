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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.bench.JobData;
import unweave.bench.PreparedJob;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dropout;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.Relu;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * A network of the thesis in PyTorch: 3 x 3 convolutions, ReLU, 2 x 2 max-pooling, dense layers, dropout; with the
 * weights that ours begins with.
 */
final class TorchNetwork implements AutoCloseable {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape ZERO = new Shape(0, 0);

    private final ModelDescription description;
    private final NDManager manager;
    private final TorchScript script;
    private final MemoryFormat format;
    private final List<Layer> layers = new ArrayList<>();

    /** A layer; weight and bias are null where it has none. */
    record Layer(unweave.engine.layer.Layer description, PtNDArray weight, PtNDArray bias) {
        boolean isConvolution() {
            return description instanceof Conv;
        }

        boolean isAffine() {
            return weight != null;
        }
    }

    TorchNetwork(ModelDescription description, MemoryFormat format) {
        this.description = description;
        this.format = format;
        manager = Engine.getEngine("PyTorch").newBaseManager();
        script = new TorchScript(manager);
        JniUtils.setGradMode(false);
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(description, backend, 1)) {
            Map<String, float[]> weights = model.weights();
            Map<String, ParameterDescription> parameters = new HashMap<>();
            description.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
            for (unweave.engine.layer.Layer layer : description.layers()) {
                ParameterDescription weight = parameters.get(layer.name() + ".weight");
                layers.add(
                        weight == null
                                ? new Layer(layer, null, null)
                                : new Layer(layer, weight(weight, weights.get(weight.name())), (PtNDArray)
                                        manager.create(weights.get(layer.name() + ".bias"))));
            }
        }
    }

    /** From our order of memory, H W I O or F O with F = H W C, to PyTorch's O I H W or O F with F = C H W. */
    private PtNDArray weight(ParameterDescription parameter, float[] values) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Integer> shape = parameter.shape();
            int outputs = shape.get(shape.size() - 1);
            boolean convolution = shape.size() == 4;
            LayerShape input = parameter.input();
            NDArray ours = convolution
                    ? manager.create(values, new Shape(shape.get(0), shape.get(1), shape.get(2), outputs))
                    : manager.create(values, new Shape(input.height(), input.width(), input.channels(), outputs));
            Shape shapeThere = convolution
                    ? new Shape(outputs, shape.get(2), shape.get(0), shape.get(1))
                    : new Shape(outputs, input.features());
            NDArray torch = manager.create(ours.transpose(3, 2, 0, 1).toFloatArray(), shapeThere);
            if (convolution && format == MemoryFormat.CHANNELS_LAST) {
                torch = script.channelsLast(torch);
            }
            NDScope.unregister(torch);
            return (PtNDArray) torch;
        }
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

    /** All weights and biases. */
    List<PtNDArray> parameters() {
        return layers.stream()
                .filter(Layer::isAffine)
                .flatMap(layer -> List.of(layer.weight(), layer.bias()).stream())
                .toList();
    }

    /** Images with one channel, N 1 H W: the same order of memory in both formats. */
    PtNDArray images(float[] inputs, int count) {
        LayerShape input = description.input();
        return (PtNDArray) manager.create(
                FloatBuffer.wrap(inputs), new Shape(count, 1, input.height(), input.width()), DataType.FLOAT32);
    }

    /** The logits, N x classes. */
    PtNDArray logits(PtNDArray images, boolean training) {
        PtNDArray x = images;
        for (Layer layer : layers) {
            x = apply(layer, x, training);
        }
        return x;
    }

    static PtNDArray apply(Layer layer, PtNDArray x, boolean training) {
        unweave.engine.layer.Layer description = layer.description();
        if (layer.isAffine()) {
            return affine(layer, x, layer.weight(), layer.bias());
        }
        if (description instanceof Relu) {
            return JniUtils.relu(x);
        }
        if (description instanceof MaxPool) {
            return JniUtils.maxPool(x, TWO, TWO, ZERO, false);
        }
        if (description instanceof Flatten) {
            return (PtNDArray) x.reshape(x.getShape().get(0), -1);
        }
        if (description instanceof Dropout dropout) {
            return training ? JniUtils.dropout(x, dropout.probability(), true) : x;
        }
        throw new IllegalArgumentException("no PyTorch for layer " + description.name());
    }

    /** The layer with other weights. */
    static PtNDArray affine(Layer layer, PtNDArray x, PtNDArray weight, PtNDArray bias) {
        return layer.isConvolution()
                ? JniUtils.convolution(x, weight, bias, ONE, ONE, ONE, 1)
                : JniUtils.linear(x, weight, bias);
    }

    /** Prediction, without gradients. */
    static PreparedJob forward(ModelDescription description, MemoryFormat format, int batch) {
        TorchNetwork network = new TorchNetwork(description, format);
        float[] inputs = JobData.inputs(description, batch);
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
