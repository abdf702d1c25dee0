package unweave.engine.onnx.convert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which code converts which operator. */
final class Operators {
    /** Converts a node of one output, or of whose outputs only the first is there. */
    private interface One {
        Value convert(Site site);
    }

    /** Converts a node; gives a value for each output. */
    interface Many {
        List<Value> convert(Site site);
    }

    private static final Map<String, Many> CONVERTERS = new HashMap<>();

    static {
        one(ImageNodes::conv, "Conv");
        one(ImageNodes::convTranspose, "ConvTranspose");
        one(ImageNodes::maxPool, "MaxPool");
        one(ImageNodes::averagePool, "AveragePool");
        one(ImageNodes::lpPool, "LpPool");
        one(ProductNodes::matMul, "MatMul");
        one(ProductNodes::gemm, "Gemm");
        one(NormalizationNodes::batchNorm, "BatchNormalization");
        one(NormalizationNodes::layerNorm, "LayerNormalization");
        one(NormalizationNodes::instanceNorm, "InstanceNormalization");
        one(NormalizationNodes::groupNorm, "GroupNormalization");
        one(NormalizationNodes::softmax, "Softmax", "LogSoftmax");
        one(NormalizationNodes::prelu, "PRelu");
        one(Reduction::convert, "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "ReduceL2");
        one(Reduction::convert, "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp");
        one(Reduction::global, "GlobalAveragePool", "GlobalMaxPool");
        one(Reduction::globalLp, "GlobalLpPool");
        one(Reduction::lpNormalization, "LpNormalization");
        one(CombinationNodes::convert, "Add", "Sub", "Mul", "Div", "Pow", "Sum", "Mean", "Max", "Min");
        one(
                ScalarNodes::convert,
                "Relu",
                "Sigmoid",
                "Tanh",
                "Exp",
                "Log",
                "Sqrt",
                "Abs",
                "Erf",
                "Softplus",
                "Softsign");
        one(ScalarNodes::convert, "HardSwish", "Mish", "Gelu", "LeakyRelu", "Elu", "Celu", "ThresholdedRelu", "Selu");
        one(ScalarNodes::convert, "HardSigmoid", "Clip");
        one(site -> CombinationNodes.scaled(site, site.view(0), Spread.of(-1)), "Neg");
        one(site -> ScalarNodes.power(site, site.view(0), -1), "Reciprocal");
        one(ShapeNodes::same, "Identity");
        one(ShapeNodes::dropout, "Dropout");
        one(ShapeNodes::cast, "Cast");
        one(ShapeNodes::shape, "Shape");
        one(ShapeNodes::size, "Size");
        one(ShapeNodes::transpose, "Transpose");
        one(ShapeNodes::reshape, "Reshape");
        one(ShapeNodes::flatten, "Flatten");
        one(ShapeNodes::squeeze, "Squeeze");
        one(ShapeNodes::unsqueeze, "Unsqueeze");
        one(ShapeNodes::expand, "Expand");
        one(ShapeNodes::tile, "Tile");
        one(ShapeNodes::slice, "Slice");
        one(ShapeNodes::gather, "Gather");
        one(ShapeNodes::depthToSpace, "DepthToSpace");
        one(ShapeNodes::spaceToDepth, "SpaceToDepth");
        one(ShapeNodes::pad, "Pad");
        one(JoinNodes::concat, "Concat");
        one(ResizeNodes::convert, "Resize", "Upsample");
        CONVERTERS.put("Split", ShapeNodes::split);
        for (String recurrent : List.of("LSTM", "GRU", "RNN")) {
            CONVERTERS.put(recurrent, RecurrentNodes::convert);
        }
    }

    static final Set<String> CONTROL_FLOW = Set.of("If", "Loop", "Scan", "SequenceMap");

    private static final String CUT = "; cut before or behind it with --output or --input";
    static final String NO_CONTROL_FLOW =
            "control flow cannot be explained" + CUT + ", or export the network by tracing it";

    private Operators() {}

    private static void one(One converter, String... operators) {
        for (String operator : operators) {
            CONVERTERS.put(operator, site -> List.of(converter.convert(site)));
        }
    }

    /** @throws unweave.engine.file.ModelFileException if there is none for this operator, with the way round */
    static Many of(Site site) {
        String op = site.node().op();
        Many converter = site.node().domain().isEmpty() ? CONVERTERS.get(op) : null;
        if (converter != null) {
            return converter;
        }
        throw site.refusal(wayRound(site, op));
    }

    private static String wayRound(Site site, String op) {
        if (!site.node().domain().isEmpty()) {
            return "an operator of another domain is unknown" + CUT + ", or export to the standard operators";
        }
        if (CONTROL_FLOW.contains(op)) {
            return NO_CONTROL_FLOW;
        }
        if (op.contains("Quantize") || op.endsWith("Integer") || op.startsWith("QLinear")) {
            return "quantised networks cannot be explained; import the network as it was before it was quantised";
        }
        if (Set.of("STFT", "DFT", "MelWeightMatrix", "HannWindow", "HammingWindow")
                .contains(op)) {
            return "the front end is a part of the file; cut behind it with --input, and name it with --front-end";
        }
        return "this operator is unknown" + CUT;
    }
}
