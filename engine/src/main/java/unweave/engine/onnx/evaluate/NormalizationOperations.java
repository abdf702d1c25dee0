package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import unweave.engine.onnx.NdArray;

/** y = scale (x - mean) / sqrt(variance + epsilon) + shift, with the mean and variance stored or of the values. */
final class NormalizationOperations {
    private static final double EPSILON = 1e-5f;

    private NormalizationOperations() {}

    static void register(OperationTable table) {
        table.one("BatchNormalization", NormalizationOperations::batch);
        table.many("LayerNormalization", NormalizationOperations::layer);
        table.one("InstanceNormalization", call -> channels(call, call.input(0).dims()[1], true));
        table.one(
                "GroupNormalization",
                call -> channels(call, (int) call.node().integer("num_groups", 1), call.opset() >= 21));
        table.one("MeanVarianceNormalization", NormalizationOperations::meanVariance);
        table.one("LRN", NormalizationOperations::localResponse);
        table.one("LpNormalization", NormalizationOperations::unitLength);
    }

    private static NdArray batch(Call call) {
        NdArray x = call.input(0);
        call.require(
                call.node().integer("training_mode", 0) == 0 && call.node().integer("spatial", 1) != 0,
                "it takes the mean and variance of the batch; export with eval()");
        int channels = x.rank() < 2 ? 1 : x.dims()[1];
        double[][] parameters = new double[4][];
        for (int i = 0; i < 4; i++) {
            parameters[i] = call.input(i + 1).numbers();
            call.require(
                    parameters[i].length == channels,
                    "its parameters are not one for each of " + channels + " channels");
        }
        double epsilon = call.node().number("epsilon", EPSILON);
        int inner = x.size() / Math.max(1, x.dims()[0] * channels);
        double[] values = x.numbers();
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            int c = i / inner % channels;
            result[i] = parameters[0][c] * (values[i] - parameters[2][c]) / Math.sqrt(parameters[3][c] + epsilon)
                    + parameters[1][c];
        }
        return NdArray.of(x.type(), x.dims(), result);
    }

    /** Also gives the mean and the reciprocal of the deviation, which the definition has as outputs. */
    private static List<NdArray> layer(Call call) {
        NdArray x = call.input(0);
        int axis = call.axis(call.node().integer("axis", -1), x.rank());
        int[] inner = Arrays.copyOfRange(x.dims(), axis, x.rank());
        int size = NdArray.size(inner);
        double[] scale = Moves.broadcast(call.input(1), inner).numbers();
        double[] shift = call.optional(2) == null
                ? new double[size]
                : Moves.broadcast(call.optional(2), inner).numbers();
        int[] statistics = x.dims().clone();
        Arrays.fill(statistics, axis, x.rank(), 1);
        double[] means = new double[NdArray.size(statistics)];
        double[] inverses = new double[means.length];
        double[] result = x.numbers().clone();
        for (int i = 0; i < means.length; i++) {
            double[] moments = moments(result, i * size, size);
            means[i] = moments[0];
            inverses[i] = 1 / Math.sqrt(moments[1] + call.node().number("epsilon", EPSILON));
            for (int k = 0; k < size; k++) {
                result[i * size + k] = scale[k] * (result[i * size + k] - means[i]) * inverses[i] + shift[k];
            }
        }
        return List.of(
                NdArray.of(x.type(), x.dims(), result),
                NdArray.of(x.type(), statistics, means),
                NdArray.of(x.type(), statistics, inverses));
    }

    /** The mean and the variance (of the values, not an estimate). */
    private static double[] moments(double[] values, int start, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[start + i];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (values[start + i] - mean) * (values[start + i] - mean);
        }
        return new double[] {mean, squares / count};
    }

    /**
     * The channels of each input in groups; scales and shifts are one for each channel, or (opset 18) for each group.
     */
    private static NdArray channels(Call call, int groups, boolean byChannel) {
        NdArray x = call.input(0);
        int channels = x.dims()[1];
        call.require(groups > 0 && channels % groups == 0, channels + " channels are not " + groups + " groups");
        double[] scale = call.input(1).numbers();
        double[] shift = call.input(2).numbers();
        int given = byChannel ? channels : groups;
        call.require(scale.length == given && shift.length == given, "its scales and shifts are not " + given);
        double[] result = x.numbers().clone();
        int size = x.size() / (x.dims()[0] * groups);
        int inner = size / (channels / groups);
        for (int group = 0; group < x.dims()[0] * groups; group++) {
            double[] moments = moments(result, group * size, size);
            double inverse = 1 / Math.sqrt(moments[1] + call.node().number("epsilon", EPSILON));
            for (int i = group * size; i < (group + 1) * size; i++) {
                int parameter = byChannel ? i / inner % channels : group % groups;
                result[i] = scale[parameter] * (result[i] - moments[0]) * inverse + shift[parameter];
            }
        }
        return NdArray.of(x.type(), x.dims(), result);
    }

    private static NdArray meanVariance(Call call) {
        NdArray x = call.input(0);
        int[] axes = call.axes(call.node().integers("axes", 0, 2, 3), x.rank());
        boolean[] along = new boolean[x.rank()];
        for (int axis : axes) {
            along[axis] = true;
        }
        int[] strides = Moves.strides(x.dims());
        int[] group = new int[x.size()];
        for (int i = 0; i < group.length; i++) {
            for (int k = 0; k < x.rank(); k++) {
                group[i] += along[k] ? 0 : i / strides[k] % x.dims()[k] * strides[k];
            }
        }
        double[] values = x.numbers();
        double[] sums = new double[values.length];
        double[] squares = new double[values.length];
        int[] counts = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            sums[group[i]] += values[i];
            squares[group[i]] += values[i] * values[i];
            counts[group[i]]++;
        }
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double mean = sums[group[i]] / counts[group[i]];
            double variance = squares[group[i]] / counts[group[i]] - mean * mean;
            result[i] = (values[i] - mean) / (Math.sqrt(variance) + 1e-9);
        }
        return NdArray.of(x.type(), x.dims(), result);
    }

    /** x / (bias + alpha / size times the sum of squares of neighbouring channels)^beta. */
    private static NdArray localResponse(Call call) {
        NdArray x = call.input(0);
        int channels = x.dims()[1];
        int size = (int) call.node().integer("size", 1);
        double alpha = call.node().number("alpha", 1e-4f);
        double beta = call.node().number("beta", 0.75);
        double bias = call.node().number("bias", 1);
        int inner = x.size() / (x.dims()[0] * channels);
        double[] values = x.numbers();
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int c = i / inner % channels;
            double squares = 0;
            for (int k = Math.max(0, c - (size - 1) / 2); k <= Math.min(channels - 1, c + size / 2); k++) {
                double neighbour = values[i + (k - c) * inner];
                squares += neighbour * neighbour;
            }
            result[i] = values[i] / Math.pow(bias + alpha / size * squares, beta);
        }
        return NdArray.of(x.type(), x.dims(), result);
    }

    private static NdArray unitLength(Call call) {
        NdArray x = call.input(0);
        int axis = call.axis(call.node().integer("axis", -1), x.rank());
        long p = call.node().integer("p", 2);
        int count = x.dims()[axis];
        int step = Moves.strides(x.dims())[axis];
        double[] values = x.numbers().clone();
        for (int start = 0; start < values.length; start++) {
            if (start / step % count != 0) {
                continue;
            }
            double sum = 0;
            for (int i = 0; i < count; i++) {
                double value = values[start + i * step];
                sum += p == 1 ? Math.abs(value) : value * value;
            }
            double length = p == 1 ? sum : Math.sqrt(sum);
            for (int i = 0; i < count && length != 0; i++) {
                values[start + i * step] /= length;
            }
        }
        return NdArray.of(x.type(), x.dims(), values);
    }
}
