package unweave.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import unweave.bench.JobData;
import unweave.bench.PreparedJob;
import unweave.engine.model.ModelDescription;
import unweave.engine.train.TrainingData;

/**
 * Training in PyTorch: cross-entropy, automatic differentiation, Adam as DJL calls it, one tensor after the other and
 * in place.
 */
final class TorchTraining implements AutoCloseable {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final TorchNetwork network;
    private final int classes;
    private final List<PtNDArray> means = new ArrayList<>();
    private final List<PtNDArray> variances = new ArrayList<>();
    private int steps;

    TorchTraining(ModelDescription description, MemoryFormat format) {
        network = new TorchNetwork(description, format);
        classes = description.classNames().size();
        for (PtNDArray parameter : network.parameters()) {
            means.add((PtNDArray) parameter.zerosLike());
            variances.add((PtNDArray) parameter.zerosLike());
            parameter.setRequiresGradient(true);
        }
    }

    TorchNetwork network() {
        return network;
    }

    /** One step of Adam; returns the loss. */
    double step(float[] inputs, int[] labels) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            double loss = differentiate(inputs, labels);
            update();
            return loss;
        }
    }

    /** Adds the gradient of the mean cross-entropy to that of all parameters; returns the loss. */
    private double differentiate(float[] inputs, int[] labels) {
        JniUtils.setGradMode(true);
        PtNDArray logits = network.logits(network.images(inputs, labels.length), true);
        PtNDArray logarithms = JniUtils.logSoftmax(logits, 1, DataType.FLOAT32);
        PtNDArray loss = (PtNDArray) logarithms.mul(minusMean(labels)).sum();
        JniUtils.backward(loss, (PtNDArray) network.manager().ones(new Shape()), false, false);
        JniUtils.setGradMode(false);
        return loss.getFloat();
    }

    /** -1 / N at every input's label, 0 elsewhere. */
    private NDArray minusMean(int[] labels) {
        float[] factors = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            factors[i * classes + labels[i]] = -1f / labels.length;
        }
        return network.manager().create(factors, new Shape(labels.length, classes));
    }

    private void update() {
        steps++;
        float rate =
                (float) (JobData.LEARNING_RATE * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps)));
        List<PtNDArray> parameters = network.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            PtNDArray parameter = parameters.get(i);
            JniUtils.adamUpdate(
                    parameter,
                    JniUtils.getGradient(parameter),
                    means.get(i),
                    variances.get(i),
                    JobData.LEARNING_RATE,
                    rate,
                    0f,
                    1f,
                    -1f,
                    BETA1,
                    BETA2,
                    EPSILON,
                    false);
            JniUtils.zeroGrad(parameter);
        }
    }

    @Override
    public void close() {
        network.close();
    }

    /** The same batch again and again. */
    static PreparedJob step(ModelDescription description, MemoryFormat format, int batch) {
        TorchTraining training = new TorchTraining(description, format);
        float[] inputs = JobData.inputs(description, batch);
        int[] labels = JobData.classes(description, batch);
        return new PreparedJob() {
            @Override
            public double run() {
                return training.step(inputs, labels);
            }

            @Override
            public void close() {
                training.close();
            }
        };
    }

    /** All samples once, in random order and masked anew. */
    static PreparedJob epoch(ModelDescription description, MemoryFormat format) {
        TorchTraining training = new TorchTraining(description, format);
        TrainingData data = JobData.maskedInputs(description, JobData.TRAINING_SAMPLES);
        SplittableRandom random = new SplittableRandom(1);
        int[] order = new int[data.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int size = description.input().features();
        return new PreparedJob() {
            @Override
            public double run() {
                shuffle(order, random);
                double loss = 0;
                for (int start = 0; start < order.length; start += JobData.BATCH) {
                    int count = Math.min(JobData.BATCH, order.length - start);
                    float[] inputs = new float[count * size];
                    int[] labels = new int[count];
                    load(data, order, start, random, inputs, labels);
                    loss += training.step(inputs, labels);
                }
                return loss;
            }

            @Override
            public void close() {
                training.close();
            }
        };
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    private static void load(
            TrainingData data, int[] order, int start, SplittableRandom random, float[] inputs, int[] labels) {
        try {
            for (int i = 0; i < labels.length; i++) {
                data.load(order[start + i], random.nextLong(), inputs, i * (inputs.length / labels.length));
                labels[i] = data.label(order[start + i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
