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
import java.util.function.LongFunction;
import unweave.bench.JobData;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.engine.file.WeightLayout;
import unweave.engine.layer.Dropout;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.train.TrainingData;
import unweave.kernels.Backend;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;

/**
 * Training in PyTorch: cross-entropy, automatic differentiation, Adam as DJL calls it, one tensor after the other and
 * in place.
 */
final class TorchTraining implements AutoCloseable {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final double LAST_GRADIENT_TOLERANCE = 1e-3;
    /**
     * Rounding opens some ReLUs and closes others, which the gradient of the first layer has behind it: in MobileNetV2
     * ours differs by 0.7 % from float64, and PyTorch's by 2 % from ours.
     */
    private static final double FIRST_GRADIENT_TOLERANCE = 5e-2;

    private final TorchNetwork network;
    private final int classes;
    private final List<PtNDArray> parameters;
    private final List<PtNDArray> means = new ArrayList<>();
    private final List<PtNDArray> variances = new ArrayList<>();
    private int steps;

    TorchTraining(Weighted weighted, MemoryFormat format) {
        network = new TorchNetwork(weighted, format);
        classes = weighted.description().classNames().size();
        parameters = network.parameters();
        for (PtNDArray parameter : parameters) {
            means.add((PtNDArray) parameter.zerosLike());
            variances.add((PtNDArray) parameter.zerosLike());
            parameter.setRequiresGradient(true);
        }
    }

    TorchNetwork network() {
        return network;
    }

    /**
     * One step of Adam; returns the loss.
     *
     * @param inputs as {@link TorchNetwork#arranged} gives them
     */
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
        PtNDArray loss = logarithms.mul(minusMean(labels)).sum();
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

    /**
     * Throws if the loss or the gradients of the first and the last weights are not ours: what comes of them by Adam,
     * which divides by their size, is rounding where they are near zero. Of networks with dropout, whose losses are
     * random, the logits are compared instead.
     */
    static void check(NetworkCase network, MemoryFormat format) {
        int batch = network.batch();
        ModelDescription description = network.description();
        if (description.layers().stream().anyMatch(Dropout.class::isInstance)) {
            TorchNetwork.check(network.trainable(), format, batch);
            return;
        }
        float[] inputs = JobData.inputs(description, batch);
        int[] labels = JobData.classes(description, batch);
        List<ParameterDescription> trained = description.parameters().stream()
                .filter(ParameterDescription::trainable)
                .toList();
        try (Backend backend = CpuBackend.create(1);
                Model model = network.model(backend);
                Ints classes = backend.ints(labels);
                Tape tape = Tape.training(backend, 0);
                TorchTraining training = new TorchTraining(network.trainable(), format);
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Tensor losses =
                    tape.crossEntropy("loss", model.forward(tape, model.input(tape, inputs, 0, batch)), classes);
            tape.backward(losses);
            float loss = 0;
            for (float one : backend.toArray(losses.data())) {
                loss += one / batch;
            }
            double theirs = training.differentiate(training.network.arranged(inputs), labels);
            PeerJob.requireAgreement("loss", new float[] {loss}, new float[] {(float) theirs});
            for (int i : new int[] {0, trained.size() - 2, trained.size() - 1}) {
                ParameterDescription parameter = trained.get(i);
                float[] ours = backend.toArray(model.parameter(parameter.name()).gradient());
                PeerJob.requireAgreement(
                        "gradient of " + parameter.name(),
                        i == 0 ? FIRST_GRADIENT_TOLERANCE : LAST_GRADIENT_TOLERANCE,
                        WeightLayout.toTorch(parameter, ours),
                        JniUtils.getGradient(training.parameters.get(i)).toFloatArray());
            }
        }
    }

    /** The same batch again and again, with labels that turn. */
    static PreparedJob step(NetworkCase network, MemoryFormat format) {
        ModelDescription description = network.description();
        return job(
                network.trainable(),
                format,
                network.batch(),
                step -> JobData.turningClasses(description, network.batch(), step));
    }

    /** The same batch again and again. */
    static PreparedJob step(ModelDescription description, MemoryFormat format, int batch) {
        int[] labels = JobData.classes(description, batch);
        return job(Weighted.initial(description), format, batch, step -> labels);
    }

    private static PreparedJob job(Weighted network, MemoryFormat format, int batch, LongFunction<int[]> labels) {
        TorchTraining training = new TorchTraining(network, format);
        float[] inputs = training.network.arranged(JobData.inputs(network.description(), batch));
        return new PreparedJob() {
            @Override
            public double run() {
                return training.step(inputs, labels.apply(training.steps));
            }

            @Override
            public void close() {
                training.close();
            }
        };
    }

    /** All samples once, in random order and masked anew. */
    static PreparedJob epoch(ModelDescription description, MemoryFormat format) {
        TorchTraining training = new TorchTraining(Weighted.initial(description), format);
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
