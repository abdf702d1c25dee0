package unweave.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.MaxPool;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.Reduce;
import unweave.engine.layer.Relu;
import unweave.engine.layer.Size;
import unweave.engine.onnx.OnnxWriter;
import unweave.engine.onnx.ProtobufWriter;
import unweave.kernels.Activation;

/**
 * A network as an ONNX model, one or a few nodes for each layer. Images are N C H W there. The tensors have the names
 * of the layers.
 */
final class OnnxExport {
    private static final int OPSET = 17;

    private final Weighted network;
    private final OnnxWriter writer = new OnnxWriter(OPSET);
    private final Set<String> tokens;
    private final OnnxTokens tokenNodes;

    private OnnxExport(Weighted network, int batch) {
        this.network = network;
        tokens = Tokens.of(network.description());
        tokenNodes = new OnnxTokens(writer, batch, network.weights());
    }

    /**
     * The bytes of a model file; its input is called "input", its output as the last layer.
     *
     * @throws IllegalArgumentException if there is a layer that no node is known for
     */
    static byte[] of(Weighted network, int batch) {
        OnnxExport export = new OnnxExport(network, batch);
        LayerShape input = network.description().input();
        List<Layer> layers = network.description().layers();
        export.writer.input(Layer.INPUT, batch, input.channels(), input.height(), input.width());
        String previous = Layer.INPUT;
        for (Layer layer : layers) {
            export.add(layer, layer.inputs().isEmpty() ? List.of(previous) : layer.inputs());
            previous = layer.name();
        }
        export.writer.output(previous, batch, network.description().classNames().size());
        return export.writer.toBytes();
    }

    private void add(Layer layer, List<String> reads) {
        boolean known = tokens.contains(layer.name()) && tokenNodes.add(layer, reads, tokens.contains(reads.get(0)));
        if (known) {
            return;
        }
        if (layer instanceof Conv conv) {
            convolution(layer, reads, conv.groups(), conv.kernel(), conv.stride(), conv.dilation(), pads(conv));
        } else if (layer instanceof Depthwise conv) {
            int groups = network.description().inputShapes(layer.name()).get(0).channels();
            convolution(layer, reads, groups, conv.kernel(), conv.stride(), conv.dilation(), pads(conv));
        } else if (layer instanceof Dense) {
            node("Gemm", layer, withParameters(layer, reads), OnnxWriter.attribute("transB", 1));
        } else if (layer instanceof BatchNorm norm && norm.axis() == Axis.CHANNELS && norm.bands() == 1) {
            node(
                    "BatchNormalization",
                    layer,
                    withParameters(layer, reads),
                    OnnxWriter.attribute("epsilon", norm.epsilon()));
        } else if (layer instanceof MaxPool pool && !pool.ceil()) {
            node(
                    "MaxPool",
                    layer,
                    reads,
                    sizes("kernel_shape", pool.window()),
                    sizes("strides", pool.stride()),
                    sizes("dilations", pool.dilation()),
                    sizes("pads", pool.padding(), pool.trailing()));
        } else if (layer instanceof AvgPool pool && !pool.ceil()) {
            node(
                    "AveragePool",
                    layer,
                    reads,
                    sizes("kernel_shape", pool.window()),
                    sizes("strides", pool.stride()),
                    sizes("pads", pool.padding(), pool.trailing()),
                    OnnxWriter.attribute("count_include_pad", pool.countPadding() ? 1 : 0));
        } else if (layer instanceof Concat concat && concat.axis() == Axis.CHANNELS) {
            node("Concat", layer, reads, OnnxWriter.attribute("axis", 1));
        } else if (layer instanceof Reduce reduce) {
            reduction(reduce, reads);
        } else if (layer instanceof Activate activate && activate.function() == Activation.CLIP) {
            node(
                    "Clip",
                    layer,
                    List.of(
                            reads.get(0),
                            constant(layer.name() + ".low", activate.constants().a()),
                            constant(
                                    layer.name() + ".high", activate.constants().b())));
        } else {
            node(withoutSettings(layer), layer, reads);
        }
    }

    private static String withoutSettings(Layer layer) {
        if (layer instanceof Relu) {
            return "Relu";
        }
        if (layer instanceof Add) {
            return "Add";
        }
        if (layer instanceof GlobalAvgPool) {
            return "GlobalAveragePool";
        }
        if (layer instanceof GlobalMaxPool) {
            return "GlobalMaxPool";
        }
        if (layer instanceof Flatten) {
            return "Flatten"; // C H W order, as in PyTorch
        }
        if (layer instanceof Dropout) {
            return "Identity";
        }
        throw new IllegalArgumentException("no ONNX for layer " + layer.name() + " of kind " + layer.kind());
    }

    private static ProtobufWriter pads(Conv conv) {
        return sizes("pads", conv.padding(), conv.trailing());
    }

    private static ProtobufWriter pads(Depthwise conv) {
        return sizes("pads", conv.padding(), conv.trailing());
    }

    private void convolution(
            Layer layer, List<String> reads, int groups, Size kernel, Size stride, Size dilation, ProtobufWriter pads) {
        node(
                "Conv",
                layer,
                withParameters(layer, reads),
                sizes("kernel_shape", kernel),
                sizes("strides", stride),
                sizes("dilations", dilation),
                pads,
                OnnxWriter.attribute("group", groups));
    }

    private void reduction(Reduce reduce, List<String> reads) {
        String operation =
                switch (reduce.operation()) {
                    case MEAN -> "ReduceMean";
                    case MAX -> "ReduceMax";
                    case MIN -> "ReduceMin";
                    case SUM -> throw new IllegalArgumentException("no ONNX for the sum of layer " + reduce.name());
                };
        long[] axes = reduce.axes().stream()
                .mapToLong(axis -> switch (axis) {
                    case CHANNELS -> 1;
                    case HEIGHT -> 2;
                    case WIDTH -> 3;
                })
                .sorted()
                .toArray();
        node(operation, reduce, reads, OnnxWriter.attribute("axes", axes), OnnxWriter.attribute("keepdims", 1));
    }

    private void node(String operation, Layer layer, List<String> reads, ProtobufWriter... attributes) {
        writer.node(operation, reads, layer.name(), attributes);
    }

    /** What a layer reads, then its parameters in ONNX's order, which is ours; they become initialisers. */
    private List<String> withParameters(Layer layer, List<String> reads) {
        List<String> all = new ArrayList<>(reads);
        Map<String, float[]> weights = network.weights();
        for (ParameterDescription parameter :
                layer.parameters(network.description().inputShapes(layer.name()))) {
            float[] values = WeightLayout.toTorch(parameter, weights.get(parameter.name()));
            int[] shape = WeightLayout.torchShape(parameter);
            long[] dims = new long[shape.length];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = shape[i];
            }
            writer.initializer(parameter.name(), values, dims);
            all.add(parameter.name());
        }
        return all;
    }

    private String constant(String name, float value) {
        writer.initializer(name, new float[] {value});
        return name;
    }

    private static ProtobufWriter sizes(String name, Size... sizes) {
        long[] values = new long[2 * sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            values[2 * i] = sizes[i].height();
            values[2 * i + 1] = sizes[i].width();
        }
        return OnnxWriter.attribute(name, values);
    }
}
