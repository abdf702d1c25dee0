package unweave.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import unweave.bench.peers.TorchNetwork.Layer;
import unweave.engine.layer.Activate;
import unweave.engine.layer.GlobalAvgPool;
import unweave.engine.layer.LayerNorm;
import unweave.engine.layer.MatMul;
import unweave.engine.layer.ParameterDescription.Role;
import unweave.engine.layer.Rearrange;
import unweave.engine.layer.Scale;
import unweave.engine.layer.Shift;
import unweave.engine.layer.Softmax;
import unweave.kernels.Activation;

/** The layers of a transformer in PyTorch; tokens are N H W C. */
final class TorchTokens {
    private TorchTokens() {}

    /** What a layer makes of tokens, or tokens of an image; null if it is not of a transformer. */
    static PtNDArray apply(Layer layer, List<PtNDArray> inputs) {
        unweave.engine.layer.Layer description = layer.description();
        PtNDArray x = inputs.get(0);
        if (description instanceof Rearrange rearrange) {
            return rearranged(rearrange, layer.readsTokens() ? x : x.transpose(0, 2, 3, 1));
        }
        if (description instanceof LayerNorm norm) {
            return JniUtils.layerNorm(
                    x,
                    new Shape(x.getShape().get(3)),
                    layer.parameters().get(Role.SCALE),
                    layer.parameters().get(Role.SHIFT),
                    norm.epsilon());
        }
        if (description instanceof Shift) {
            return JniUtils.add(x, layer.parameters().get(Role.OFFSET));
        }
        if (description instanceof Scale) {
            return x.mul(layer.parameters().get(Role.FACTOR));
        }
        if (description instanceof Softmax) {
            return JniUtils.softmax(x, 3, DataType.FLOAT32);
        }
        if (description instanceof MatMul product) {
            PtNDArray second = inputs.get(1);
            return JniUtils.matmul(x, product.transposeSecond() ? JniUtils.transpose(second, 2, 3) : second);
        }
        if (description instanceof Activate activate && activate.function() == Activation.GELU) {
            return JniUtils.gelu(x);
        }
        if (description instanceof GlobalAvgPool) {
            return JniUtils.mean(JniUtils.mean(x, 1, true), 2, true);
        }
        return null;
    }

    private static PtNDArray rearranged(Rearrange layer, PtNDArray x) {
        long batch = x.getShape().get(0);
        NDArray y = x;
        if (!Tokens.keepsOrder(layer)) {
            y = JniUtils.permute(
                    x.reshape(new Shape(Tokens.ofBatch(batch, layer.split()))), Tokens.permutation(layer.order()));
        }
        return (PtNDArray) y.reshape(new Shape(Tokens.ofBatch(batch, layer.to())));
    }

    /** A 1 x 1 convolution of tokens is a dense layer. */
    static PtNDArray linear(PtNDArray x, PtNDArray weight, PtNDArray bias) {
        Shape shape = weight.getShape();
        return JniUtils.linear(x, (PtNDArray) weight.reshape(shape.get(0), shape.get(1)), bias);
    }
}
