package unweave.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.DivideNode;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.LpPoolNode;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.MultiplyNode.Signal;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.PreluNode;
import unweave.engine.tape.ScaleNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;
import unweave.kernels.ConvShape;
import unweave.kernels.ImageShape;
import unweave.kernels.PoolShape;
import unweave.kernels.RecurrentShape.Cell;

/**
 * Networks drawn at random: up to 12 operations on images, with residual additions, concatenations, normalisations,
 * attention, grouped, strided, dilated and transposed convolutions, all kinds of pooling, values in other places, then
 * a dense layer with three logits. The same seed draws the same network.
 */
final class RandomGraph {
    private final Random random;
    private final RandomLayers layers;
    private final Tape tape;
    private final boolean piecewiseLinear;
    private final List<Tensor> images = new ArrayList<>();
    private int count;

    /**
     * @param piecewiseLinear only what the logit is a homogeneous function of without biases: no normalisation, no
     *     activation but ReLU
     */
    RandomGraph(Tape tape, RandomLayers layers, long seed, boolean piecewiseLinear) {
        this.random = new Random(seed);
        this.layers = layers;
        this.tape = tape;
        this.piecewiseLinear = piecewiseLinear;
    }

    /** The logits of an image N H W C. */
    Tensor logits(Tensor input) {
        Tensor x = tape.relu("relu", layers.conv(tape, "first", input, 4));
        images.add(x);
        int operations = 2 + random.nextInt(10);
        for (int i = 0; i < operations; i++) {
            x = next(x);
            images.add(x);
        }
        return layers.dense(tape, "logits", tape.flatten("flatten", x), 3);
    }

    private Tensor next(Tensor x) {
        String name = "layer" + count++;
        return switch (random.nextInt(piecewiseLinear ? 12 : 20)) {
            case 0 -> tape.relu(name + ".relu", layers.conv(tape, name, x, 4));
            case 1 -> convolution(name, x, 2, 1, 1, 2);
            case 2 -> large(x) ? convolution(name, x, 1, 2, 1, 4) : layers.conv(tape, name, x, 4);
            case 3 -> convolution(name, x, 1, 1, 2, 4);
            case 4 -> large(x) ? pool(name, x) : tape.relu(name, x);
            case 5 -> addition(name, x);
            case 6 -> join(name, x);
            case 7 -> large(x) ? tape.relu(name + ".relu", convolution(name, x, 1, 1, 1, 4)) : up(name, x);
            case 8 ->
                tape.add(name, x, tape.relu(name + ".relu", layers.conv(tape, name + ".residual", x, x.channels())));
            case 9 -> layers.gather(tape, name, x);
            case 10 -> tape.concat(name, 2, x, tape.factor(name + ".half", x, -0.5f));
            case 11 -> turned(name, x);
            case 12 -> layers.batchNorm(tape, name, x);
            case 13 -> layers.layerNorm(tape, name, x);
            case 14 -> attention(name, x);
            case 15 -> recurrent(name, x);
            case 16 -> layers.rowNorm(tape, name, x);
            case 17 -> activation(name, x);
            case 18 -> values(name, x);
            default -> product(name, x);
        };
    }

    /** Of every row of the image's pixels to each other, a head for each row. */
    private Tensor attention(String name, Tensor x) {
        Tensor normed = layers.layerNorm(tape, name + ".norm", x);
        Tensor scores =
                tape.matmul(name + ".scores", normed, layers.conv(tape, name + ".key", normed, x.channels()), true);
        return tape.matmul(name + ".mixed", tape.softmax(name + ".weights", scores), x, false);
    }

    /** The functions that are numbers everywhere; the exponential soon leaves what float32 can hold. */
    private Tensor activation(String name, Tensor x) {
        List<Activation> functions = Arrays.stream(Activation.values())
                .filter(f ->
                        f != Activation.EXP && f != Activation.LOG && f != Activation.SQRT && f != Activation.POWER)
                .toList();
        Activation function = functions.get(random.nextInt(functions.size()));
        return tape.activation(name, x, function, function.usualConstants());
    }

    /** Of two or three images, of which one may have one channel or one position only. */
    private Tensor addition(String name, Tensor x) {
        Tensor same = layers.conv(tape, name + ".residual", x, x.channels());
        return switch (random.nextInt(4)) {
            case 0 -> tape.add(name, x, layers.conv(tape, name + ".plane", x, 1), same);
            case 1 -> AddNode.difference(tape, name, x, same);
            case 2 -> tape.add(name, mean(name, x), same);
            default -> tape.add(name, x, same);
        };
    }

    /** A scaling or a shift, with values for each channel or each row. */
    private Tensor values(String name, Tensor x) {
        ImageShape shape = random.nextBoolean()
                ? new ImageShape(1, 1, 1, x.channels())
                : new ImageShape(1, x.length(1), 1, random.nextBoolean() ? 1 : x.channels());
        Parameter parameter = layers.parameter(1, (int) shape.size());
        return random.nextBoolean()
                ? ScaleNode.record(tape, name, x, shape, parameter, null)
                : ScaleNode.record(tape, name, x, shape, null, parameter);
    }

    /** With a gate of a sigmoid for each position or each channel, or with itself; quotients and extrema of the two. */
    private Tensor product(String name, Tensor x) {
        Tensor gate = tape.activation(
                name + ".gate",
                layers.conv(tape, name + ".conv", random.nextBoolean() ? x : mean(name, x), x.channels()),
                Activation.SIGMOID,
                Activation.SIGMOID.usualConstants());
        return switch (random.nextInt(8)) {
            case 0 -> MultiplyNode.record(tape, name, gate, x, Signal.AUTO);
            case 1 -> MultiplyNode.record(tape, name, x, gate, Signal.BOTH);
            case 2 -> MultiplyNode.record(tape, name, x, x, Signal.AUTO);
            case 3 -> DivideNode.record(tape, name, x, away(name, gate));
            case 4 -> ExtremumNode.maximum(tape, name, x, gate);
            case 5 -> ExtremumNode.minimum(tape, name, gate, x);
            case 6 ->
                PreluNode.record(
                        tape, name, x, new ImageShape(1, 1, 1, x.channels()), layers.parameter(0.5, x.channels()));
            default -> MultiplyNode.record(tape, name, x, gate, Signal.AUTO);
        };
    }

    /** A gate that is away from zero, to divide by. */
    private Tensor away(String name, Tensor gate) {
        return ScaleNode.record(tape, name + ".above", gate, new ImageShape(1, 1, 1, 1), null, tape.constant(1, 0.5f));
    }

    private Tensor mean(String name, Tensor x) {
        PoolShape whole =
                new PoolShape(x.batch(), x.length(1), x.length(2), x.channels(), x.length(1), x.length(2), 1, 1, 0, 0);
        return tape.avgPool(name + ".mean", x, whole);
    }

    /** The rows of the image one after the other as a series. */
    private Tensor recurrent(String name, Tensor x) {
        Tensor line = tape.reshape(name + ".line", x, x.batch(), 1, x.length(1) * x.length(2), x.channels());
        Tensor states = layers.recurrent(tape, name, line, Cell.values()[random.nextInt(Cell.values().length)]);
        return tape.reshape(name + ".rows", states, x.batch(), x.length(1), x.length(2), states.channels());
    }

    private static boolean large(Tensor x) {
        return x.length(1) >= 4;
    }

    private Tensor convolution(String name, Tensor x, int groups, int stride, int dilation, int filters) {
        int usable = x.channels() % groups == 0 ? groups : 1;
        // As much padding in all, on other sides in a third of the layers.
        int shift = random.nextInt(3) == 0 ? random.nextInt(2 * dilation + 1) - dilation : 0;
        ConvShape shape = new ConvShape(
                x.batch(),
                x.length(1),
                x.length(2),
                x.channels(),
                filters * usable,
                3,
                3,
                stride,
                stride,
                dilation + shift,
                dilation - shift,
                dilation - shift,
                dilation + shift,
                dilation,
                dilation,
                usable);
        return tape.conv(name, x, shape, layers.weights(shape), layers.biases(shape.outChannels()), false);
    }

    private Tensor pool(String name, Tensor x) {
        PoolShape square = PoolShape.square(x.batch(), x.length(1), x.length(2), x.channels(), 2);
        PoolShape shape = random.nextBoolean() ? square : windows(x);
        return switch (random.nextInt(5)) {
            case 0, 1 -> tape.maxPool(name, x, shape);
            case 2, 3 -> tape.avgPool(name, x, shape);
            default -> LpPoolNode.record(tape, name, x, shape, 1 + random.nextInt(3));
        };
    }

    /** Windows with any padding, dilation, and windows beyond the padding. */
    private PoolShape windows(Tensor x) {
        while (true) {
            int[] padding = random.ints(4, 0, 3).toArray();
            try {
                return new PoolShape(
                        x.batch(),
                        x.length(1),
                        x.length(2),
                        x.channels(),
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        1 + random.nextInt(2),
                        1 + random.nextInt(2),
                        padding[0],
                        padding[1],
                        padding[2],
                        padding[3],
                        1 + random.nextInt(2),
                        1 + random.nextInt(2),
                        random.nextBoolean(),
                        random.nextBoolean());
            } catch (IllegalArgumentException noWindows) {
                // Draw others.
            }
        }
    }

    /** With an earlier image of the same size, or with itself. */
    private Tensor join(String name, Tensor x) {
        Tensor other = images.stream()
                .filter(image -> image.length(1) == x.length(1) && image.length(2) == x.length(2))
                .findFirst()
                .orElse(x);
        return x.channels() > 12 ? layers.conv(tape, name, x, 4) : tape.concat(name, x, other);
    }

    /** Height and width in one, and apart again the other way round. */
    private Tensor turned(String name, Tensor x) {
        Tensor line = tape.reshape(name + ".line", x, x.batch(), 1, x.length(1) * x.length(2), x.channels());
        return tape.reshape(name, line, x.batch(), x.length(2), x.length(1), x.channels());
    }

    private Tensor up(String name, Tensor x) {
        int groups = x.channels() % 2 == 0 ? 1 + random.nextInt(2) : 1;
        int dilation = 1 + random.nextInt(2);
        int padding = dilation - 1 + random.nextInt(2); // twice the size with either
        int before = random.nextInt(padding + 1);
        ConvShape shape = new ConvShape(
                x.batch(),
                2 * x.length(1),
                2 * x.length(2),
                2 * groups,
                x.channels(),
                2,
                2,
                2,
                2,
                before,
                padding - before,
                padding - before,
                before,
                dilation,
                dilation,
                groups);
        Parameter bias = layers.biases(2 * groups);
        return tape.transposedConv(name, x, shape, layers.weights(shape), bias);
    }
}
