package unweave.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import unweave.bench.JobData;
import unweave.bench.PreparedJob;
import unweave.bench.peers.TorchNetwork.Layer;
import unweave.engine.layer.Conv;
import unweave.engine.layer.Dense;
import unweave.engine.layer.Flatten;
import unweave.engine.layer.MaxPool;
import unweave.engine.model.ModelDescription;

/**
 * Layer-wise relevance by the gtzan composite the way zennit does it: a rule with changed weights and inputs is a
 * forward pass with these, and what carries its relevance to the inputs is that pass' gradient,
 *
 * <pre>
 * R = x * dz(x)/dx [R_out / stabilised z]
 * </pre>
 *
 * for the epsilon rule, and for gamma the sum of four such, of the positive and the negative inputs for positive and
 * negative outputs. Max-pooling passes relevance as its gradient does, ReLU passes all of it. z of the forward pass is
 * used again, where zennit computes it anew.
 */
final class TorchRelevance implements AutoCloseable {
    private static final float STABILIZER = 1e-7f;
    /** Of conv2 to conv5. */
    private static final float[] GAMMAS = {0.4f, 0.4f, 0.2f, 0.1f};

    private final TorchNetwork network;
    private final int inputLayers;

    /** What a layer saw in the forward pass. */
    private record Step(Layer layer, PtNDArray x, PtNDArray y) {}

    TorchRelevance(ModelDescription description, MemoryFormat format) {
        network = new TorchNetwork(description, format);
        inputLayers = description.layerNames().indexOf(JobData.CONCEPT_LAYER);
    }

    /** Relevance of the inputs for the logits of the given classes, N H W. */
    float[] heatmaps(float[] inputs, int[] classes) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Step> steps = forward(network.images(inputs, classes.length));
            return downTo(0, steps, target(steps, classes)).toFloatArray();
        }
    }

    /**
     * The standard map of one input and those of K subspaces of conv4, (K + 1) H W: one forward and one upper pass,
     * then K + 1 maps as a batch.
     */
    float[] concepts(float[] input, int classIndex, NDArray basis, int subspaces) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Step> steps = forward(network.images(input, 1));
            int relu = inputLayers + 1;
            PtNDArray activation = steps.get(relu).y();
            PtNDArray relevance = downTo(relu + 1, steps, target(steps, new int[] {classIndex}));
            PtNDArray all = split(activation, relevance, basis, subspaces);
            List<Step> repeated = new ArrayList<>();
            for (Step step : steps.subList(0, relu + 1)) {
                repeated.add(repeat(step, subspaces + 1));
            }
            return downTo(0, repeated, all).toFloatArray();
        }
    }

    /**
     * Max-pooling is recorded by automatic differentiation, dense layers as well; of the others input and output are
     * enough.
     */
    private List<Step> forward(PtNDArray images) {
        List<Step> steps = new ArrayList<>();
        PtNDArray x = images;
        for (Layer layer : network.layers()) {
            Step step = step(layer, x);
            steps.add(step);
            x = detached(step.y());
        }
        return steps;
    }

    private static Step step(Layer layer, PtNDArray x) {
        boolean recorded = layer.description() instanceof MaxPool || layer.description() instanceof Dense;
        PtNDArray input = recorded ? leaf(x) : x;
        JniUtils.setGradMode(recorded);
        PtNDArray y = TorchNetwork.apply(layer, input, false);
        JniUtils.setGradMode(false);
        return new Step(layer, input, y);
    }

    private static Step repeat(Step step, int times) {
        PtNDArray x = (PtNDArray) detached(step.x()).repeat(0, times);
        boolean recorded = step.layer().description() instanceof MaxPool;
        return recorded
                ? step(step.layer(), x)
                : new Step(step.layer(), x, (PtNDArray) step.y().repeat(0, times));
    }

    /** The logits of the attributed classes, all others 0. */
    private PtNDArray target(List<Step> steps, int[] classes) {
        PtNDArray logits = detached(steps.get(steps.size() - 1).y());
        int count = (int) logits.getShape().get(1);
        float[] chosen = new float[classes.length * count];
        for (int i = 0; i < classes.length; i++) {
            chosen[i * count + classes[i]] = 1;
        }
        return (PtNDArray) logits.mul(network.manager().create(chosen, logits.getShape()));
    }

    /** From the last of the steps down to the input of step {@code first}. */
    private PtNDArray downTo(int first, List<Step> steps, PtNDArray relevance) {
        PtNDArray r = relevance;
        for (int i = steps.size() - 1; i >= first; i--) {
            r = through(steps.get(i), r);
        }
        return r;
    }

    private PtNDArray through(Step step, PtNDArray relevance) {
        unweave.engine.layer.Layer description = step.layer().description();
        if (description instanceof Dense) {
            return epsilon(step, relevance);
        }
        if (description instanceof Conv) {
            int number = Integer.parseInt(description.name().substring("conv".length()));
            return number == 1 ? square(step, relevance) : gamma(step, relevance, GAMMAS[number - 2]);
        }
        if (description instanceof MaxPool) {
            JniUtils.backward(step.y(), relevance, false, false);
            return JniUtils.getGradient(step.x());
        }
        return description instanceof Flatten
                ? (PtNDArray) relevance.reshape(step.x().getShape())
                : relevance;
    }

    private static PtNDArray epsilon(Step step, PtNDArray relevance) {
        JniUtils.backward(step.y(), (PtNDArray) relevance.div(stabilized(detached(step.y()))), false, false);
        return (PtNDArray) detached(step.x()).mul(JniUtils.getGradient(step.x()));
    }

    /** Every input counts by the square of its weight, whatever its value. */
    private static PtNDArray square(Step step, PtNDArray relevance) {
        Layer layer = step.layer();
        PtNDArray ones = leaf((PtNDArray) step.x().onesLike());
        JniUtils.setGradMode(true);
        PtNDArray z =
                TorchNetwork.affine(layer, ones, (PtNDArray) layer.weight().square(), (PtNDArray)
                        layer.bias().square());
        JniUtils.setGradMode(false);
        JniUtils.backward(z, (PtNDArray) relevance.div(stabilized(detached(z))), false, false);
        return JniUtils.getGradient(ones);
    }

    /** Outputs above 0 favour positive contributions by a factor 1 + gamma, outputs below 0 negative ones. */
    private static PtNDArray gamma(Step step, PtNDArray relevance, float gamma) {
        Layer layer = step.layer();
        PtNDArray up = favoured(layer.weight(), true, gamma);
        PtNDArray down = favoured(layer.weight(), false, gamma);
        PtNDArray positive = leaf((PtNDArray) step.x().maximum(0f));
        PtNDArray negative = leaf((PtNDArray) step.x().minimum(0f));
        JniUtils.setGradMode(true);
        PtNDArray above = (PtNDArray) TorchNetwork.affine(layer, positive, up, favoured(layer.bias(), true, gamma))
                .add(TorchNetwork.affine(layer, negative, down, null));
        PtNDArray below = (PtNDArray) TorchNetwork.affine(layer, positive, down, favoured(layer.bias(), false, gamma))
                .add(TorchNetwork.affine(layer, negative, up, null));
        JniUtils.setGradMode(false);
        PtNDArray zeros = (PtNDArray) relevance.zerosLike();
        PtNDArray toAbove = JniUtils.where(
                (PtNDArray) step.y().gt(0f), (PtNDArray) relevance.div(stabilized(detached(above))), zeros);
        PtNDArray toBelow = JniUtils.where(
                (PtNDArray) step.y().lt(0f), (PtNDArray) relevance.div(stabilized(detached(below))), zeros);
        JniUtils.backward(above, toAbove, false, false);
        JniUtils.backward(below, toBelow, false, false);
        return (PtNDArray) detached(positive)
                .mul(JniUtils.getGradient(positive))
                .add(detached(negative).mul(JniUtils.getGradient(negative)));
    }

    private static PtNDArray favoured(PtNDArray values, boolean positive, float gamma) {
        return (PtNDArray) values.add((positive ? values.maximum(0f) : values.minimum(0f)).mul(gamma));
    }

    /** z + eps sign(z), sign(0) = 1. */
    private static PtNDArray stabilized(PtNDArray z) {
        NDArray sign =
                z.gte(0f).toType(z.getDataType(), false).mul(2f * STABILIZER).sub(STABILIZER);
        return (PtNDArray) z.add(sign);
    }

    /**
     * The whole relevance, then R_k = a * (U_k U_k^T c) of each subspace, c = R / a where a is not 0: (K + 1) C H W.
     */
    private PtNDArray split(PtNDArray activation, PtNDArray relevance, NDArray basis, int subspaces) {
        Shape shape = activation.getShape();
        long channels = shape.get(1);
        long pixels = shape.get(2) * shape.get(3);
        NDArray a = activation.reshape(channels, pixels);
        NDArray context = JniUtils.where(
                        (PtNDArray) activation.gt(0f), (PtNDArray) relevance.div(activation), (PtNDArray)
                                relevance.zerosLike())
                .reshape(channels, pixels);
        PtNDArray[] maps = new PtNDArray[subspaces + 1];
        maps[0] = relevance;
        long width = channels / subspaces;
        for (int k = 0; k < subspaces; k++) {
            NDArray u = JniUtils.slice((PtNDArray) basis, 1, k * width, (k + 1) * width, 1);
            maps[k + 1] =
                    (PtNDArray) a.mul(u.matMul(u.transpose().matMul(context))).reshape(shape);
        }
        return JniUtils.cat(maps, 0);
    }

    private static PtNDArray detached(PtNDArray x) {
        return (PtNDArray) x.stopGradient();
    }

    private static PtNDArray leaf(PtNDArray x) {
        PtNDArray leaf = detached(x);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    NDArray basis(float[] values, int dimensions) {
        return network.manager().create(values, new Shape(dimensions, dimensions));
    }

    @Override
    public void close() {
        network.close();
    }

    static PreparedJob heatmaps(ModelDescription description, MemoryFormat format, int batch) {
        TorchRelevance relevance = new TorchRelevance(description, format);
        float[] inputs = JobData.inputs(description, batch);
        int[] classes = JobData.classes(description, batch);
        return job(relevance, () -> relevance.heatmaps(inputs, classes)[0]);
    }

    static PreparedJob concepts(ModelDescription description, MemoryFormat format) {
        TorchRelevance relevance = new TorchRelevance(description, format);
        float[] input = JobData.inputs(description, 1);
        int dimensions = description.outputShape(JobData.CONCEPT_LAYER).channels();
        NDArray basis = relevance.basis(JobData.basis(dimensions, 1), dimensions);
        return job(relevance, () -> relevance.concepts(input, 0, basis, JobData.CONCEPTS)[0]);
    }

    private static PreparedJob job(TorchRelevance relevance, PreparedJob run) {
        return new PreparedJob() {
            @Override
            public double run() {
                return run.run();
            }

            @Override
            public void close() {
                relevance.close();
            }
        };
    }
}
