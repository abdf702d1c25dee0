package unweave.bench.network;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.layer.Activate;
import unweave.engine.layer.Add;
import unweave.engine.layer.AvgPool;
import unweave.engine.layer.Axis;
import unweave.engine.layer.BatchNorm;
import unweave.engine.layer.Concat;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Depthwise;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.GlobalAvgPool;
import unweave.engine.layer.GlobalMaxPool;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.Relu;
import unweave.engine.layer.Size;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Activation;

/** Writes down the layers of a network, each reading the one before it unless {@link #from} says otherwise. */
final class LayerList {
    private static final Size ONE = Size.square(1);

    private final List<Layer> layers = new ArrayList<>();
    private String reads = Layer.INPUT;

    /** The layer that the next one reads. */
    String last() {
        return reads;
    }

    /** Lets the next layer read another one than the last. */
    LayerList from(String layer) {
        reads = layer;
        return this;
    }

    LayerList add(Layer layer) {
        layers.add(layer);
        reads = layer.name();
        return this;
    }

    /** The inputs of the next layer. */
    List<String> inputs() {
        return List.of(reads);
    }

    /** A convolution that keeps height and width but for the stride. */
    LayerList conv(String name, int filters, Size kernel, Size stride, boolean bias) {
        Size padding = new Size(kernel.height() / 2, kernel.width() / 2);
        return add(new Conv(name, inputs(), filters, kernel, stride, padding, ONE, 1, bias));
    }

    /** A square kernel for each channel by itself. */
    LayerList depthwise(String name, int kernel, int stride) {
        return add(new Depthwise(
                name, inputs(), 1, Size.square(kernel), Size.square(stride), Size.square(kernel / 2), ONE, false));
    }

    /** A kernel along time for each channel by itself, then a mixture of all channels with its normalisation. */
    LayerList separable(String name, int filters, int kernel, int dilation) {
        add(new Depthwise(
                name + ".depthwise",
                inputs(),
                1,
                new Size(1, kernel),
                ONE,
                new Size(0, dilation * (kernel / 2)),
                new Size(1, dilation),
                false));
        return normalizedConv(name, filters, 1, 1);
    }

    /** A convolution along time without bias, and the normalisation and ReLU behind it: NAME.bn and NAME.relu. */
    LayerList timeConv(String name, int filters, int kernel) {
        return conv(name, filters, new Size(1, kernel), ONE, false)
                .batchNorm(name + ".bn")
                .relu(name + ".relu");
    }

    /** A square convolution without bias and the normalisation of its channels: NAME and NAME.bn. */
    LayerList normalizedConv(String name, int filters, int kernel, int stride) {
        return conv(name, filters, Size.square(kernel), Size.square(stride), false)
                .batchNorm(name + ".bn");
    }

    /** A convolution without padding along the height. */
    LayerList highConv(String name, int filters, Size kernel) {
        return add(new Conv(name, inputs(), filters, kernel, ONE, new Size(0, kernel.width() / 2), ONE, 1, false));
    }

    LayerList batchNorm(String name) {
        return add(new BatchNorm(name, inputs(), 1e-5f, 0.1f, Axis.CHANNELS, true, 1));
    }

    LayerList relu(String name) {
        return add(new Relu(name, inputs()));
    }

    /** min(max(x, 0), 6). */
    LayerList relu6(String name) {
        return add(new Activate(name, inputs(), Activation.CLIP, new Activation.Constants(0, 6)));
    }

    /** Windows that do not overlap. */
    LayerList maxPool(String name, Size window) {
        return add(new MaxPool(name, inputs(), window, window, Size.square(0)));
    }

    LayerList maxPool(String name, int window, int stride, int padding) {
        return add(new MaxPool(name, inputs(), Size.square(window), Size.square(stride), Size.square(padding)));
    }

    /** Windows that do not overlap. */
    LayerList avgPool(String name, Size window) {
        return add(new AvgPool(name, inputs(), window, window, Size.square(0)));
    }

    LayerList sum(String name, String first, String second) {
        return add(new Add(name, List.of(first, second)));
    }

    LayerList concat(String name, String... parts) {
        return add(new Concat(name, List.of(parts), Axis.CHANNELS));
    }

    LayerList globalMaxPool(String name) {
        return add(new GlobalMaxPool(name, inputs()));
    }

    LayerList globalAvgPool(String name) {
        return add(new GlobalAvgPool(name, inputs()));
    }

    LayerList flatten() {
        return add(new Flatten("flatten", inputs()));
    }

    LayerList dense(String name, int units) {
        return add(new Dense(name, inputs(), units, true));
    }

    /** The network, whose last layer gives the logits. */
    ModelDescription build(LayerShape input, int classes) {
        List<String> names =
                IntStream.rangeClosed(1, classes).mapToObj(i -> "class " + i).toList();
        return new ModelDescription(input, layers, names, new JsonObject(), new JsonObject());
    }
}
