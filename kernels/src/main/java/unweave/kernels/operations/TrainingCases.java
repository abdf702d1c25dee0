package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.kernels.Training;
import unweave.kernels.reference.ReferenceTraining;

/** Entries of the table for {@link unweave.kernels.Training}. */
final class TrainingCases {
    private static final float EPS = 1e-5f;

    /** Rows and channels of batch normalisation. */
    private static final int[][] NORMALIZED = {{3, 1}, {2, 4}, {50, 3}, {33, 17}, {3000, 33}, {5000, 8}, {40, 700}};

    private TrainingCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (int[] size : NORMALIZED) {
            addBatchNorm(cases, size[0], size[1], Content.gaussian(), "");
        }
        for (int[] size : new int[][] {{1, 5}, {50, 4}, {33, 17}, {2000, 8}, {5, 700}}) {
            addLayerNorm(cases, size[0], size[1]);
        }
        addBatchNorm(cases, 400, 7, Content.uniform(100, 101), " far from zero");
        addBatchNorm(cases, 3000, 4, Content.farFirst(1000), " first value far away");
        for (int[] size : new int[][] {{1, 1}, {1, 2}, {16, 2}, {16, 10}, {7, 33}, {3, 1000}}) {
            cases.add(softmaxCrossEntropy(size[0], size[1], Content.gaussian(), ""));
        }
        cases.add(softmaxCrossEntropy(5, 4, Content.uniform(-1e4, 1e4), " large logits"));
        cases.add(softmaxCrossEntropy(5, 4, Content.constant(0), " equal logits"));
        for (int size : new int[] {1, 33, 40_001}) {
            addOptimizers(cases, size);
        }
        int first = cases.size();
        addBatchNorm(cases, 16 * 64 * 64, 32, Content.gaussian(), "");
        addOptimizers(cases, 442_000);
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static void addBatchNorm(List<OperationCase> cases, int rows, int channels, Content content, String note) {
        String shape = rows + "x" + channels + note;
        cases.add(batchNormForward(rows, channels, content, shape));
        cases.add(batchNormBackward(rows, channels, content, shape));
        cases.add(new OperationCase("batchNormInference " + shape)
                .input("x", (long) rows * channels, content)
                .input("gamma", channels)
                .input("beta", channels)
                .input("mean", channels)
                .input("variance", channels, Content.uniform(0.1, 3))
                .output("y", (long) rows * channels)
                .call((b, v) -> b.normalization()
                        .batchNormInference(
                                channels,
                                v.floats("x"),
                                v.floats("gamma"),
                                v.floats("beta"),
                                EPS,
                                v.floats("mean"),
                                v.floats("variance"),
                                v.floats("y")))
                .definition(v -> ReferenceTraining.batchNormInference(
                        channels,
                        v.floats("x"),
                        v.floats("gamma"),
                        v.floats("beta"),
                        EPS,
                        v.floats("mean"),
                        v.floats("variance"),
                        v.floats("y"))));
    }

    private static OperationCase batchNormForward(int rows, int channels, Content content, String shape) {
        float momentum = 0.1f;
        return new OperationCase("batchNormForward " + shape)
                .input("x", (long) rows * channels, content)
                .input("gamma", channels)
                .input("beta", channels)
                .updated("runningMean", channels, Content.gaussian())
                .updated("runningVariance", channels, Content.uniform(0.5, 2))
                .output("savedMean", channels)
                .output("savedInverseStd", channels)
                .output("y", (long) rows * channels)
                .call((b, v) -> b.normalization()
                        .batchNormForward(
                                channels,
                                v.floats("x"),
                                v.floats("gamma"),
                                v.floats("beta"),
                                EPS,
                                momentum,
                                v.floats("runningMean"),
                                v.floats("runningVariance"),
                                v.floats("savedMean"),
                                v.floats("savedInverseStd"),
                                v.floats("y")))
                .definition(v -> ReferenceTraining.batchNormForward(
                        channels,
                        v.floats("x"),
                        v.floats("gamma"),
                        v.floats("beta"),
                        EPS,
                        momentum,
                        v.floats("runningMean"),
                        v.floats("runningVariance"),
                        v.floats("savedMean"),
                        v.floats("savedInverseStd"),
                        v.floats("y")));
    }

    private static OperationCase batchNormBackward(int rows, int channels, Content content, String shape) {
        return new OperationCase("batchNormBackward " + shape)
                .input("x", (long) rows * channels, content)
                .input("gamma", channels)
                .input("beta", channels)
                .input("savedMean", channels, (size, random, before) -> statistics(channels, before)[0])
                .input("savedInverseStd", channels, (size, random, before) -> statistics(channels, before)[1])
                .input("dy", (long) rows * channels)
                .output("dx", (long) rows * channels)
                .output("dgamma", channels)
                .output("dbeta", channels)
                .call((b, v) -> b.normalization()
                        .batchNormBackward(
                                channels,
                                v.floats("x"),
                                v.floats("gamma"),
                                v.floats("savedMean"),
                                v.floats("savedInverseStd"),
                                v.floats("dy"),
                                v.floats("dx"),
                                v.floats("dgamma"),
                                v.floats("dbeta")))
                .definition(v -> ReferenceTraining.batchNormBackward(
                        channels,
                        v.floats("x"),
                        v.floats("gamma"),
                        v.floats("savedMean"),
                        v.floats("savedInverseStd"),
                        v.floats("dy"),
                        v.floats("dx"),
                        v.floats("dgamma"),
                        v.floats("dbeta")))
                .gradient("x", "dx", v -> batchNormLoss(channels, v))
                .gradient("gamma", "dgamma", v -> batchNormLoss(channels, v))
                .gradient("beta", "dbeta", v -> batchNormLoss(channels, v));
    }

    /** Mean and 1 / standard deviation per channel, as the forward pass saves them. */
    private static float[][] statistics(int channels, HostOperands v) {
        double[] mean = new double[channels];
        double[] inverseStd = new double[channels];
        normalize(channels, v, mean, inverseStd);
        return new float[][] {PreparedOperation.toFloats(mean), PreparedOperation.toFloats(inverseStd)};
    }

    private static double batchNormLoss(int channels, Operands<double[], int[]> v) {
        return Losses.weightedSum(v.floats("dy"), normalize(channels, v, new double[channels], new double[channels]));
    }

    private static double[] normalize(int channels, Operands<double[], int[]> v, double[] mean, double[] inverseStd) {
        double[] y = new double[v.floats("x").length];
        ReferenceTraining.batchNormForward(
                channels,
                v.floats("x"),
                v.floats("gamma"),
                v.floats("beta"),
                EPS,
                0,
                new double[channels],
                new double[channels],
                mean,
                inverseStd,
                y);
        return y;
    }

    private static void addLayerNorm(List<OperationCase> cases, int rows, int channels) {
        String shape = rows + "x" + channels;
        cases.add(new OperationCase("layerNormForward " + shape)
                .input("x", (long) rows * channels)
                .input("gamma", channels)
                .input("beta", channels)
                .output("savedMean", rows)
                .output("savedInverseStd", rows)
                .output("y", (long) rows * channels)
                .call((b, v) -> b.normalization()
                        .layerNormForward(
                                channels,
                                v.floats("x"),
                                v.floats("gamma"),
                                v.floats("beta"),
                                EPS,
                                v.floats("savedMean"),
                                v.floats("savedInverseStd"),
                                v.floats("y")))
                .definition(v -> ReferenceTraining.layerNormForward(
                        channels,
                        v.floats("x"),
                        v.floats("gamma"),
                        v.floats("beta"),
                        EPS,
                        v.floats("savedMean"),
                        v.floats("savedInverseStd"),
                        v.floats("y"))));
        cases.add(new OperationCase("layerNormBackward " + shape)
                .input("x", (long) rows * channels)
                .input("gamma", channels)
                .input("beta", channels)
                .input("savedMean", rows, (size, random, before) -> rowStatistics(channels, before)[0])
                .input("savedInverseStd", rows, (size, random, before) -> rowStatistics(channels, before)[1])
                .input("dy", (long) rows * channels)
                .output("dx", (long) rows * channels)
                .output("dgamma", channels)
                .output("dbeta", channels)
                .call((b, v) -> b.normalization()
                        .layerNormBackward(
                                channels,
                                v.floats("x"),
                                v.floats("gamma"),
                                v.floats("savedMean"),
                                v.floats("savedInverseStd"),
                                v.floats("dy"),
                                v.floats("dx"),
                                v.floats("dgamma"),
                                v.floats("dbeta")))
                .definition(v -> ReferenceTraining.layerNormBackward(
                        channels,
                        v.floats("x"),
                        v.floats("gamma"),
                        v.floats("savedMean"),
                        v.floats("savedInverseStd"),
                        v.floats("dy"),
                        v.floats("dx"),
                        v.floats("dgamma"),
                        v.floats("dbeta")))
                .gradient("x", "dx", v -> layerNormLoss(channels, v))
                .gradient("gamma", "dgamma", v -> layerNormLoss(channels, v))
                .gradient("beta", "dbeta", v -> layerNormLoss(channels, v)));
    }

    private static double layerNormLoss(int channels, Operands<double[], int[]> v) {
        double[] y = new double[v.floats("x").length];
        int rows = y.length / channels;
        ReferenceTraining.layerNormForward(
                channels,
                v.floats("x"),
                v.floats("gamma"),
                v.floats("beta"),
                EPS,
                new double[rows],
                new double[rows],
                y);
        return Losses.weightedSum(v.floats("dy"), y);
    }

    /** Mean and 1 / standard deviation per row, as the forward pass saves them. */
    private static float[][] rowStatistics(int channels, HostOperands v) {
        int rows = v.floats("x").length / channels;
        double[] mean = new double[rows];
        double[] inverseStd = new double[rows];
        ReferenceTraining.layerNormForward(
                channels,
                v.floats("x"),
                v.floats("gamma"),
                v.floats("beta"),
                EPS,
                mean,
                inverseStd,
                new double[rows * channels]);
        return new float[][] {PreparedOperation.toFloats(mean), PreparedOperation.toFloats(inverseStd)};
    }

    private static OperationCase softmaxCrossEntropy(int batch, int classes, Content content, String note) {
        return new OperationCase("softmaxCrossEntropy " + batch + "x" + classes + note)
                .input("logits", (long) batch * classes, content)
                .inputInts("labels", batch, IntContent.below(classes))
                .output("losses", batch)
                .output("dlogits", (long) batch * classes)
                .call((b, v) -> b.training()
                        .softmaxCrossEntropy(
                                classes, v.floats("logits"), v.ints("labels"), v.floats("losses"), v.floats("dlogits")))
                .definition(v -> ReferenceTraining.softmaxCrossEntropy(
                        classes, v.floats("logits"), v.ints("labels"), v.floats("losses"), v.floats("dlogits")))
                .gradient("logits", "dlogits", v -> {
                    double[] losses = new double[batch];
                    ReferenceTraining.softmaxCrossEntropy(
                            classes, v.floats("logits"), v.ints("labels"), losses, new double[batch * classes]);
                    return Arrays.stream(losses).sum() / batch;
                });
    }

    private static void addOptimizers(List<OperationCase> cases, int size) {
        cases.add(sgd(size, 0f, 0f));
        cases.add(sgd(size, 0.9f, 1e-2f));
        cases.add(adam(size, 1, 0f));
        cases.add(adam(size, 37, 1e-2f));
    }

    private static OperationCase sgd(int size, float momentum, float decay) {
        return new OperationCase("sgd " + size + " momentum " + momentum + " decay " + decay)
                .input("gradient", size)
                .updated("velocity", size, Content.gaussian())
                .updated("w", size, Content.gaussian())
                .call((b, v) -> b.training()
                        .sgd(0.1f, momentum, decay, v.floats("gradient"), v.floats("velocity"), v.floats("w")))
                .definition(v -> ReferenceTraining.sgd(
                        0.1f, momentum, decay, v.floats("gradient"), v.floats("velocity"), v.floats("w")));
    }

    private static OperationCase adam(int size, int t, float decay) {
        return new OperationCase("adam " + size + " step " + t + " decay " + decay)
                .input("gradient", size)
                .input("step", 2, (two, random, before) -> {
                    float[] values = new float[two];
                    Training.adamStep(0.1f, 0.9f, 0.999f, t, values);
                    return values;
                })
                .updated("m", size, t == 1 ? Content.constant(0) : Content.gaussian())
                .updated("v", size, t == 1 ? Content.constant(0) : Content.uniform(0.1, 1))
                .updated("w", size, Content.gaussian())
                .call((b, v) -> b.training()
                        .adam(
                                0.9f,
                                0.999f,
                                1e-8f,
                                decay,
                                v.floats("step"),
                                v.floats("gradient"),
                                v.floats("m"),
                                v.floats("v"),
                                v.floats("w")))
                .definition(v -> ReferenceTraining.adam(
                        0.1f,
                        0.9f,
                        0.999f,
                        1e-8f,
                        decay,
                        t,
                        v.floats("gradient"),
                        v.floats("m"),
                        v.floats("v"),
                        v.floats("w")));
    }
}
