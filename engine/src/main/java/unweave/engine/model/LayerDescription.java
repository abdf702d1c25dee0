package unweave.engine.model;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.model.ParameterDescription.Role;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * One layer of a network. Every kind is a record, here or beside this file; {@link LayerDescription#KINDS} lists the
 * names they have in JSON.
 *
 * <p>Sounds and other series are images of height 1: a 1-D convolution has the kernel [1, k].
 *
 * <p>{@link #inputs()} names the layers whose outputs this one reads, "input" being the network's own; empty means the
 * previous layer. Constructors and {@link #outputShape} throw an IllegalArgumentException that names the layer.
 */
public sealed interface LayerDescription
        permits LayerDescription.Conv,
                LayerDescription.Dense,
                LayerDescription.MaxPool,
                LayerDescription.AvgPool,
                LayerDescription.GlobalAvgPool,
                LayerDescription.Relu,
                LayerDescription.Dropout,
                LayerDescription.BatchNorm,
                LayerDescription.Add,
                LayerDescription.Flatten,
                ConvTranspose,
                GlobalMaxPool,
                AdaptiveAvgPool,
                Activate,
                LayerNorm,
                Concat {
    /** The kinds of layers, as written in JSON. */
    List<String> KINDS = List.of(
            "conv",
            "convtranspose",
            "maxpool",
            "globalmaxpool",
            "avgpool",
            "adaptiveavgpool",
            "globalavgpool",
            "dense",
            "relu",
            "activation",
            "dropout",
            "batchnorm",
            "layernorm",
            "add",
            "concat",
            "flatten");

    /** Unique in its network: letters, digits, and the characters _ - . */
    String name();

    /** The names of the layers read; empty for the previous one. */
    List<String> inputs();

    /** One of {@link #KINDS}. */
    String kind();

    /**
     * What this layer makes of inputs of the given shapes (two for "add", at least two for "concat", one for all
     * others).
     */
    LayerShape outputShape(List<LayerShape> inputs);

    /** The parameters this layer has when it reads {@code input}, weights first. */
    default List<ParameterDescription> parameters(LayerShape input) {
        return List.of();
    }

    /** Convolution with zero padding, of output size (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1. */
    record Conv(
            String name,
            List<String> inputs,
            int filters,
            Size kernel,
            Size stride,
            Size padding,
            Size dilation,
            int groups,
            boolean bias)
            implements LayerDescription {
        public Conv {
            inputs = checked(name, inputs, 1);
        }

        /** A square kernel of odd size, stride 1, and the padding that keeps height and width. */
        public static Conv same(String name, int filters, int kernel) {
            return new Conv(
                    name,
                    List.of(),
                    filters,
                    Size.square(kernel),
                    Size.square(1),
                    Size.square(kernel / 2),
                    Size.square(1),
                    1,
                    true);
        }

        @Override
        public String kind() {
            return "conv";
        }

        /** The geometry for a batch of inputs. */
        public ConvShape shape(int batch, LayerShape input) {
            requireImage(this, input);
            try {
                return new ConvShape(
                        batch,
                        input.height(),
                        input.width(),
                        input.channels(),
                        filters,
                        kernel.height(),
                        kernel.width(),
                        stride.height(),
                        stride.width(),
                        padding.height(),
                        padding.width(),
                        dilation.height(),
                        dilation.width(),
                        groups);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("layer " + name + ": " + e.getMessage(), e);
            }
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            ConvShape shape = shape(1, inputs.get(0));
            if (shape.outputSize() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "layer " + name + ": its output would be " + shape.outputSize() + " values for one input");
            }
            return LayerShape.image(shape.outHeight(), shape.outWidth(), filters);
        }

        @Override
        public List<ParameterDescription> parameters(LayerShape input) {
            List<Integer> shape = List.of(kernel.height(), kernel.width(), input.channels() / groups, filters);
            return weightAndBias(name, Role.CONV_WEIGHT, shape, bias, filters, input);
        }
    }

    /** y = x W + b for a vector x. */
    record Dense(String name, List<String> inputs, int units, boolean bias) implements LayerDescription {
        public Dense {
            inputs = checked(name, inputs, 1);
            if (units < 1) {
                throw new IllegalArgumentException("layer " + name + ": units must be at least 1, not " + units);
            }
        }

        @Override
        public String kind() {
            return "dense";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            if (!inputs.get(0).flat()) {
                throw new IllegalArgumentException("layer " + name + ": a dense layer reads a vector, not an image of "
                        + inputs.get(0) + "; put a flatten layer before it");
            }
            return LayerShape.vector(units);
        }

        @Override
        public List<ParameterDescription> parameters(LayerShape input) {
            return weightAndBias(name, Role.DENSE_WEIGHT, List.of(input.features(), units), bias, units, input);
        }
    }

    /** The largest value of each window. */
    record MaxPool(String name, List<String> inputs, Size window, Size stride, Size padding)
            implements LayerDescription {
        public MaxPool {
            inputs = checked(name, inputs, 1);
        }

        @Override
        public String kind() {
            return "maxpool";
        }

        /** The geometry for a batch of inputs. */
        public PoolShape shape(int batch, LayerShape input) {
            return pooling(this, batch, input, window, stride, padding);
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return pooled(shape(1, inputs.get(0)));
        }
    }

    /** The mean of each window, padding counted as zeros. */
    record AvgPool(String name, List<String> inputs, Size window, Size stride, Size padding)
            implements LayerDescription {
        public AvgPool {
            inputs = checked(name, inputs, 1);
        }

        @Override
        public String kind() {
            return "avgpool";
        }

        /** The geometry for a batch of inputs. */
        public PoolShape shape(int batch, LayerShape input) {
            return pooling(this, batch, input, window, stride, padding);
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return pooled(shape(1, inputs.get(0)));
        }
    }

    /** The mean of each channel over the whole image: average pooling with one window. */
    record GlobalAvgPool(String name, List<String> inputs) implements LayerDescription {
        public GlobalAvgPool {
            inputs = checked(name, inputs, 1);
        }

        @Override
        public String kind() {
            return "globalavgpool";
        }

        /** The geometry for a batch of inputs. */
        public PoolShape shape(int batch, LayerShape input) {
            Size whole = new Size(input.height(), input.width());
            return pooling(this, batch, input, whole, whole, new Size(0, 0));
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return pooled(shape(1, inputs.get(0)));
        }
    }

    /** max(0, x). */
    record Relu(String name, List<String> inputs) implements LayerDescription {
        public Relu {
            inputs = checked(name, inputs, 1);
        }

        @Override
        public String kind() {
            return "relu";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return inputs.get(0);
        }
    }

    /** In training, each value is dropped with this probability and the others are divided by 1 - probability. */
    record Dropout(String name, List<String> inputs, float probability) implements LayerDescription {
        public Dropout {
            inputs = checked(name, inputs, 1);
            if (!(probability >= 0 && probability < 1)) {
                throw new IllegalArgumentException(
                        "layer " + name + ": probability must be at least 0 and below 1, not " + probability);
            }
        }

        @Override
        public String kind() {
            return "dropout";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return inputs.get(0);
        }
    }

    /**
     * gamma (x - mean) / sqrt(variance + epsilon) + beta per channel; momentum is the weight of the newest batch in the
     * running statistics.
     */
    record BatchNorm(String name, List<String> inputs, float epsilon, float momentum) implements LayerDescription {
        public BatchNorm {
            inputs = checked(name, inputs, 1);
            if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
                throw new IllegalArgumentException(
                        "layer " + name + ": epsilon must be above 0 and momentum between 0 and 1, not " + epsilon
                                + " and " + momentum);
            }
        }

        @Override
        public String kind() {
            return "batchnorm";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return inputs.get(0);
        }

        @Override
        public List<ParameterDescription> parameters(LayerShape input) {
            List<Integer> shape = List.of(input.flat() ? input.features() : input.channels());
            List<ParameterDescription> parameters = new ArrayList<>();
            for (Role role : List.of(Role.SCALE, Role.SHIFT, Role.RUNNING_MEAN, Role.RUNNING_VARIANCE)) {
                parameters.add(new ParameterDescription(name, role, shape, input));
            }
            return parameters;
        }
    }

    /** a + b, the end of a residual block. */
    record Add(String name, List<String> inputs) implements LayerDescription {
        public Add {
            inputs = checked(name, inputs, 2);
            if (inputs.isEmpty()) {
                throw new IllegalArgumentException(
                        "layer " + name + ": add needs \"inputs\", the names of the two layers to add");
            }
        }

        @Override
        public String kind() {
            return "add";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            if (!inputs.get(0).equals(inputs.get(1))) {
                throw new IllegalArgumentException(
                        "layer " + name + ": adds " + inputs.get(0) + " (" + this.inputs.get(0) + ") and "
                                + inputs.get(1) + " (" + this.inputs.get(1) + "); the shapes must be equal");
            }
            return inputs.get(0);
        }
    }

    /** An image as one vector, in H W C order. */
    record Flatten(String name, List<String> inputs) implements LayerDescription {
        public Flatten {
            inputs = checked(name, inputs, 1);
        }

        @Override
        public String kind() {
            return "flatten";
        }

        @Override
        public LayerShape outputShape(List<LayerShape> inputs) {
            return inputs.get(0).flattened();
        }
    }

    static List<String> checked(String name, List<String> inputs, int count) {
        if (name == null || !name.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException(
                    "layer '" + name + "': a name consists of letters, digits and the characters _ - .");
        }
        if (!inputs.isEmpty() && inputs.size() != count) {
            throw new IllegalArgumentException("layer " + name + ": reads " + count
                    + (count == 1 ? " input" : " inputs") + ", not " + inputs.size() + " " + inputs);
        }
        return List.copyOf(inputs);
    }

    static void requireImage(LayerDescription layer, LayerShape input) {
        if (input.flat()) {
            throw new IllegalArgumentException("layer " + layer.name() + ": " + layer.kind()
                    + " reads an image, not a vector of " + input + "; put it before flatten");
        }
    }

    static PoolShape pooling(
            LayerDescription layer, int batch, LayerShape input, Size window, Size stride, Size padding) {
        requireImage(layer, input);
        if (input.height() + 2 * padding.height() < window.height()
                || input.width() + 2 * padding.width() < window.width()) {
            throw new IllegalArgumentException("layer " + layer.name() + ": window " + window
                    + " is larger than its input " + new Size(input.height(), input.width()));
        }
        try {
            return new PoolShape(
                    batch,
                    input.height(),
                    input.width(),
                    input.channels(),
                    window.height(),
                    window.width(),
                    stride.height(),
                    stride.width(),
                    padding.height(),
                    padding.width());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + layer.name() + ": " + e.getMessage(), e);
        }
    }

    static LayerShape pooled(PoolShape shape) {
        return LayerShape.image(shape.outHeight(), shape.outWidth(), shape.channels());
    }

    static List<ParameterDescription> weightAndBias(
            String layer, Role role, List<Integer> shape, boolean bias, int outputs, LayerShape input) {
        ParameterDescription weight = new ParameterDescription(layer, role, shape, input);
        return bias
                ? List.of(weight, new ParameterDescription(layer, Role.BIAS, List.of(outputs), input))
                : List.of(weight);
    }
}
