package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import unweave.engine.tape.IndexMap;
import unweave.engine.tape.NormalizedRows;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.RecurrentNode;
import unweave.engine.tape.RecurrentNode.Direction;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;
import unweave.kernels.RecurrentShape.Cell;

/** Layers with random weights, for networks written down in a test. Closing it frees the weights. */
final class RandomLayers implements AutoCloseable {
    private final Backend backend;
    private final Random random;
    private final boolean bias;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<IndexMap> indexMaps = new ArrayList<>();

    RandomLayers(Backend backend, long seed, boolean bias) {
        this.backend = backend;
        this.random = new Random(seed);
        this.bias = bias;
    }

    /** Normal numbers. */
    float[] normal(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    Parameter parameter(double scale, int... shape) {
        int size = 1;
        for (int length : shape) {
            size *= length;
        }
        float[] values = normal(size);
        for (int i = 0; i < size; i++) {
            values[i] *= (float) scale;
        }
        return keep(new Parameter(backend, "parameter" + parameters.size(), shape, true, values));
    }

    private Parameter keep(Parameter parameter) {
        parameters.add(parameter);
        return parameter;
    }

    Parameter biases(int channels) {
        return bias ? parameter(0.3, channels) : null;
    }

    Parameter weights(ConvShape shape) {
        double fanIn = shape.kernelHeight() * shape.kernelWidth() * shape.groupChannels();
        return parameter(
                Math.sqrt(2 / fanIn),
                shape.kernelHeight(),
                shape.kernelWidth(),
                shape.groupChannels(),
                shape.outChannels());
    }

    Tensor input(Tape tape, int... shape) {
        int size = 1;
        for (int length : shape) {
            size *= length;
        }
        return tape.inputWithGradient(backend.floats(normal(size)), shape);
    }

    /** A 3 x 3 convolution that keeps height and width. */
    Tensor conv(Tape tape, String layer, Tensor x, int filters) {
        ConvShape shape = ConvShape.same(x.batch(), x.length(1), x.length(2), x.channels(), filters, 3);
        return tape.conv(layer, x, shape, weights(shape), biases(filters), false);
    }

    Tensor dense(Tape tape, String layer, Tensor x, int units) {
        return tape.dense(
                layer, x, parameter(Math.sqrt(2.0 / x.channels()), x.channels(), units), biases(units), false);
    }

    Tensor batchNorm(Tape tape, String layer, Tensor x) {
        int channels = x.channels();
        float[] variances = normal(channels);
        for (int c = 0; c < channels; c++) {
            variances[c] = 0.5f + Math.abs(variances[c]);
        }
        Parameter variance =
                keep(new Parameter(backend, layer + ".running_var", new int[] {channels}, false, variances));
        return tape.batchNorm(
                layer,
                x,
                parameter(1, channels),
                parameter(0.5, channels),
                parameter(0.5, channels),
                variance,
                1e-5f,
                0.1f);
    }

    Tensor layerNorm(Tape tape, String layer, Tensor x) {
        return tape.layerNorm(layer, x, parameter(1, x.channels()), parameter(0.5, x.channels()), 1e-2f);
    }

    /** Of values from all over an image, half of the time with a gamma and beta for each channel. */
    Tensor rowNorm(Tape tape, String layer, Tensor x) {
        int[] order = new int[x.length(1) * x.length(2) * x.channels()];
        Arrays.setAll(order, i -> i);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = order[i];
            order[i] = order[other];
            order[other] = value;
        }
        IndexMap map = new IndexMap(backend, order.length, order, 0f);
        indexMaps.add(map);
        boolean perChannel = random.nextBoolean();
        int width = x.length(2) * x.channels();
        int parameters = perChannel ? x.channels() : width;
        return tape.layerNorm(
                layer,
                x,
                new NormalizedRows(map, width, perChannel),
                parameter(1, parameters),
                parameter(0.5, parameters),
                1e-2f);
    }

    Tensor maxPool(Tape tape, String layer, Tensor x) {
        return tape.maxPool(layer, x, PoolShape.square(x.batch(), x.length(1), x.length(2), x.channels(), 2));
    }

    /** Half of the values of x at random places of an image, some of them twice, and zeros between them. */
    Tensor gather(Tape tape, String layer, Tensor x) {
        int[] index = new int[x.length(1) * x.length(2) * x.channels()];
        Arrays.setAll(index, i -> random.nextInt(5) == 0 ? -1 : random.nextInt(index.length));
        IndexMap map = new IndexMap(backend, index.length, index, 0f);
        indexMaps.add(map);
        return tape.gather(layer, x, map, x.shape());
    }

    /** A recurrent layer of three units, with one direction or two. */
    Tensor recurrent(Tape tape, String layer, Tensor x, Cell cell) {
        List<Direction> directions = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            int rows = 3 * cell.gates();
            directions.add(new Direction(
                    cell,
                    i == 1,
                    parameter(Math.sqrt(1.0 / x.channels()), rows, x.channels()),
                    parameter(0.4, rows, 3),
                    parameter(bias ? 0.3 : 0, rows),
                    parameter(bias ? 0.3 : 0, rows)));
        }
        return RecurrentNode.record(tape, layer, x, directions);
    }

    /** conv1, conv2 with ReLU and max-pooling, dense1, ReLU, dense2: images 8 x 8 x 2 to three logits. */
    Tensor network(Tape tape, Tensor input) {
        Tensor x = maxPool(tape, "pool1", tape.relu("relu1", conv(tape, "conv1", input, 4)));
        x = maxPool(tape, "pool2", tape.relu("relu2", conv(tape, "conv2", x, 6)));
        x = tape.relu("relu3", dense(tape, "dense1", tape.flatten("flatten", x), 10));
        return dense(tape, "dense2", x, 3);
    }

    @Override
    public void close() {
        parameters.forEach(Parameter::close);
        indexMaps.forEach(IndexMap::close);
    }
}
