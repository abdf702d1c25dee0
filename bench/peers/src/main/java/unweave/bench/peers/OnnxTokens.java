package unweave.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import unweave.engine.layer.Activate;
import unweave.engine.layer.Conv;
import unweave.engine.layer.GlobalAvgPool;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerNorm;
import unweave.engine.layer.MatMul;
import unweave.engine.layer.Rearrange;
import unweave.engine.layer.Scale;
import unweave.engine.layer.Shift;
import unweave.engine.layer.Softmax;
import unweave.engine.onnx.OnnxWriter;
import unweave.kernels.Activation;

/** The layers of a transformer as ONNX nodes; tokens are N H W C. */
final class OnnxTokens {
    private static final double HALF = 0.5;

    private final OnnxWriter writer;
    private final int batch;
    private final Map<String, float[]> weights;

    /** @param weights of the network, in its own order */
    OnnxTokens(OnnxWriter writer, int batch, Map<String, float[]> weights) {
        this.writer = writer;
        this.batch = batch;
        this.weights = weights;
    }

    /**
     * Adds a layer whose output is tokens.
     *
     * @param readsTokens whether its inputs are
     * @return whether it is known here
     */
    boolean add(Layer layer, List<String> reads, boolean readsTokens) {
        String x = reads.get(0);
        String name = layer.name();
        if (layer instanceof Rearrange rearrange) {
            rearrange(rearrange, x, readsTokens);
        } else if (layer instanceof Conv conv
                && conv.kernel().height() * conv.kernel().width() == 1) {
            float[] weight = weights.get(name + ".weight");
            writer.initializer(name + ".weight", weight, weight.length / conv.filters(), conv.filters());
            writer.initializer(name + ".bias", weights.get(name + ".bias"), conv.filters());
            writer.node("MatMul", List.of(x, name + ".weight"), name + ".product");
            writer.node("Add", List.of(name + ".product", name + ".bias"), name);
        } else if (layer instanceof LayerNorm norm) {
            List<String> inputs = new ArrayList<>(List.of(x));
            for (String role : List.of(".weight", ".bias")) {
                float[] values = weights.get(name + role);
                writer.initializer(name + role, values, values.length);
                inputs.add(name + role);
            }
            writer.node(
                    "LayerNormalization",
                    inputs,
                    name,
                    OnnxWriter.attribute("axis", -1L),
                    OnnxWriter.attribute("epsilon", norm.epsilon()));
        } else if (layer instanceof Shift shift) {
            writer.initializer(name + ".bias", weights.get(name + ".bias"), Tokens.ofBatch(1, shift.shape()));
            writer.node("Add", List.of(x, name + ".bias"), name);
        } else if (layer instanceof Scale scale) {
            writer.initializer(name + ".weight", weights.get(name + ".weight"), Tokens.ofBatch(1, scale.shape()));
            writer.node("Mul", List.of(x, name + ".weight"), name);
        } else if (layer instanceof Softmax) {
            writer.node("Softmax", reads, name, OnnxWriter.attribute("axis", -1L));
        } else if (layer instanceof MatMul product) {
            String second = reads.get(1);
            if (product.transposeSecond()) {
                writer.node(
                        "Transpose", List.of(second), name + ".transposed", OnnxWriter.attribute("perm", new long[] {
                            0, 1, 3, 2
                        }));
                second = name + ".transposed";
            }
            writer.node("MatMul", List.of(x, second), name);
        } else if (layer instanceof Activate activate && activate.function() == Activation.GELU) {
            gelu(name, x);
        } else if (layer instanceof GlobalAvgPool) {
            writer.node("ReduceMean", reads, name, OnnxWriter.attribute("axes", new long[] {1, 2}));
        } else {
            return false;
        }
        return true;
    }

    private void rearrange(Rearrange layer, String x, boolean readsTokens) {
        String name = layer.name();
        String at = x;
        if (!readsTokens) {
            writer.node(
                    "Transpose", List.of(at), name + ".tokens", OnnxWriter.attribute("perm", new long[] {0, 2, 3, 1}));
            at = name + ".tokens";
        }
        if (!Tokens.keepsOrder(layer)) {
            at = reshape(name + ".split", at, layer.split());
            writer.node(
                    "Transpose",
                    List.of(at),
                    name + ".moved",
                    OnnxWriter.attribute("perm", Tokens.permutation(layer.order())));
            at = name + ".moved";
        }
        reshape(name, at, layer.to());
    }

    private String reshape(String name, String x, List<Integer> lengths) {
        long[] shape = Tokens.ofBatch(batch, lengths);
        writer.initializer(name + ".shape", shape, shape.length);
        writer.node("Reshape", List.of(x, name + ".shape"), name);
        return name;
    }

    /** x (1 + erf(x / sqrt(2))) / 2, in the nodes that PyTorch exports and ONNX Runtime makes one of. */
    private void gelu(String name, String x) {
        writer.node("Div", List.of(x, constant(name + ".root", Math.sqrt(2))), name + ".scaled");
        writer.node("Erf", List.of(name + ".scaled"), name + ".erf");
        writer.node("Add", List.of(name + ".erf", constant(name + ".one", 1)), name + ".sum");
        writer.node("Mul", List.of(x, name + ".sum"), name + ".twice");
        writer.node("Mul", List.of(name + ".twice", constant(name + ".half", HALF)), name);
    }

    private String constant(String name, double value) {
        writer.initializer(name, new float[] {(float) value});
        return name;
    }
}
