package unweave.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import unweave.bench.peers.TorchNetwork.Layer;

/**
 * Rules the way zennit computes them: a rule with changed weights and inputs is a forward pass with these, and what
 * carries its relevance to the inputs is that pass' gradient,
 *
 * <pre>
 * R = x * dz(x)/dx [R_out / stabilised z].
 * </pre>
 */
final class TorchRules {
    private static final float STABILIZER = 1e-7f;

    private TorchRules() {}

    /** What a layer saw in the forward pass. */
    record Step(Layer layer, List<PtNDArray> inputs, PtNDArray y) {
        PtNDArray x() {
            return inputs.get(0);
        }
    }

    /** The epsilon rule of a step that automatic differentiation has recorded. */
    static PtNDArray epsilon(Step step, PtNDArray relevance, float epsilon) {
        JniUtils.backward(step.y(), quotient(relevance, step.y(), epsilon), false, false);
        return detached(step.x()).mul(JniUtils.getGradient(step.x()));
    }

    /** As {@link #epsilon}, for pooling. */
    static PtNDArray norm(Step step, PtNDArray relevance) {
        return epsilon(step, relevance, STABILIZER);
    }

    /** Passes relevance as the gradient goes: to what won. */
    static PtNDArray gradient(Step step, PtNDArray relevance) {
        JniUtils.backward(step.y(), relevance, false, false);
        return JniUtils.getGradient(step.x());
    }

    /** Every input counts by the square of its weight, whatever its value. */
    static PtNDArray square(Step step, PtNDArray relevance) {
        Layer layer = step.layer();
        PtNDArray ones = leaf((PtNDArray) step.x().onesLike());
        JniUtils.setGradMode(true);
        PtNDArray z = TorchNetwork.affine(
                layer, ones, layer.weight().square(), layer.bias().square());
        JniUtils.setGradMode(false);
        JniUtils.backward(z, quotient(relevance, z, STABILIZER), false, false);
        return JniUtils.getGradient(ones);
    }

    /** Positive contributions alone: positive inputs by positive weights, negative by negative. */
    static PtNDArray zPlus(Step step, PtNDArray relevance) {
        Layer layer = step.layer();
        PtNDArray positive = leaf(step.x().maximum(0f));
        PtNDArray negative = leaf(step.x().minimum(0f));
        PtNDArray bias = layer.bias() == null ? null : layer.bias().maximum(0f);
        JniUtils.setGradMode(true);
        PtNDArray z = TorchNetwork.affine(layer, positive, layer.weight().maximum(0f), bias)
                .add(TorchNetwork.affine(layer, negative, layer.weight().minimum(0f), null));
        JniUtils.setGradMode(false);
        JniUtils.backward(z, quotient(relevance, z, STABILIZER), false, false);
        return shares(positive, negative);
    }

    /** Outputs above 0 favour positive contributions by a factor 1 + gamma, outputs below 0 negative ones. */
    static PtNDArray gamma(Step step, PtNDArray relevance, float gamma) {
        Layer layer = step.layer();
        PtNDArray up = favoured(layer.weight(), true, gamma);
        PtNDArray down = favoured(layer.weight(), false, gamma);
        PtNDArray positive = leaf(step.x().maximum(0f));
        PtNDArray negative = leaf(step.x().minimum(0f));
        JniUtils.setGradMode(true);
        PtNDArray above = TorchNetwork.affine(layer, positive, up, favoured(layer.bias(), true, gamma))
                .add(TorchNetwork.affine(layer, negative, down, null));
        PtNDArray below = TorchNetwork.affine(layer, positive, down, favoured(layer.bias(), false, gamma))
                .add(TorchNetwork.affine(layer, negative, up, null));
        JniUtils.setGradMode(false);
        JniUtils.backward(above, where(step.y().gt(0f), quotient(relevance, above, STABILIZER)), false, false);
        JniUtils.backward(below, where(step.y().lt(0f), quotient(relevance, below, STABILIZER)), false, false);
        return shares(positive, negative);
    }

    /** gamma(1) for the sum of two layers, whose weights are 1. */
    static List<PtNDArray> addition(Step step, PtNDArray relevance) {
        PtNDArray a = step.inputs().get(0);
        PtNDArray b = step.inputs().get(1);
        NDArray positive = a.maximum(0f).add(b.maximum(0f));
        NDArray negative = a.minimum(0f).add(b.minimum(0f));
        PtNDArray above = where(
                step.y().gt(0f),
                quotient(relevance, (PtNDArray) positive.mul(2f).add(negative), STABILIZER));
        PtNDArray below = where(
                step.y().lt(0f),
                quotient(relevance, (PtNDArray) negative.mul(2f).add(positive), STABILIZER));
        return List.of(ofSummand(a, above, below), ofSummand(b, above, below));
    }

    /** Of channels that were put side by side: to each layer its own. */
    static List<PtNDArray> parts(Step step, PtNDArray relevance) {
        List<PtNDArray> parts = new ArrayList<>();
        long start = 0;
        for (PtNDArray x : step.inputs()) {
            long end = start + x.getShape().get(1);
            parts.add(JniUtils.slice(relevance, 1, start, end, 1));
            start = end;
        }
        return parts;
    }

    private static PtNDArray ofSummand(PtNDArray x, PtNDArray above, PtNDArray below) {
        NDArray positive = x.maximum(0f);
        NDArray negative = x.minimum(0f);
        return (PtNDArray) positive.mul(2f)
                .add(negative)
                .mul(above)
                .add(negative.mul(2f).add(positive).mul(below));
    }

    private static PtNDArray shares(PtNDArray positive, PtNDArray negative) {
        return detached(positive)
                .mul(JniUtils.getGradient(positive))
                .add(detached(negative).mul(JniUtils.getGradient(negative)));
    }

    private static PtNDArray favoured(PtNDArray values, boolean positive, float gamma) {
        return values.add((positive ? values.maximum(0f) : values.minimum(0f)).mul(gamma));
    }

    private static PtNDArray where(NDArray condition, PtNDArray values) {
        return JniUtils.where((PtNDArray) condition, values, (PtNDArray) values.zerosLike());
    }

    /** R / (z + eps sign(z)), sign(0) = 1. */
    private static PtNDArray quotient(PtNDArray relevance, PtNDArray z, float epsilon) {
        PtNDArray values = detached(z);
        NDArray sign =
                values.gte(0f).toType(z.getDataType(), false).mul(2f * epsilon).sub(epsilon);
        return relevance.div(values.add(sign));
    }

    static PtNDArray detached(PtNDArray x) {
        return (PtNDArray) x.stopGradient();
    }

    static PtNDArray leaf(PtNDArray x) {
        PtNDArray leaf = detached(x);
        leaf.setRequiresGradient(true);
        return leaf;
    }
}
