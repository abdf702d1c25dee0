package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/**
 * The mean, sum, largest or smallest value along some axes, which stay with length 1. It is pooling: over windows that
 * cover the height or the width and, for channels, over the image seen with its channels as the width.
 *
 * @param axes at least one; of a vector, channels
 */
public record Reduce(String name, List<String> inputs, Operation operation, Set<Axis> axes) implements Layer {
    /** What becomes of the values along the axes. */
    public enum Operation {
        MEAN,
        SUM,
        MAX,
        MIN;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Reduce {
        inputs = Layer.checked(name, inputs, 1);
        if (axes.isEmpty()) {
            throw Layer.wrong(name, "\"axes\" must name at least one axis");
        }
        axes = Set.copyOf(axes);
    }

    static Reduce read(JsonFields fields, String name, List<String> inputs) {
        String text = fields.text("operation");
        Operation operation = Arrays.stream(Operation.values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(() -> fields.wrong("\"operation\" must be "
                        + Arrays.stream(Operation.values()).map(Operation::text).collect(Collectors.joining(", "))
                        + ", not \"" + text + "\""));
        return new Reduce(name, inputs, operation, Axis.readAll(fields, "axes", Set.of()));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("operation", operation.text());
        json.add("axes", Axis.toJson(EnumSet.copyOf(axes)));
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        if (input.flat() && !axes.equals(Set.of(Axis.CHANNELS))) {
            throw wrong("reduces along " + Axis.toJson(EnumSet.copyOf(axes)) + ", but a vector of " + input
                    + " has channels only");
        }
        return input.flat()
                ? LayerShape.vector(1)
                : LayerShape.image(
                        axes.contains(Axis.HEIGHT) ? 1 : input.height(),
                        axes.contains(Axis.WIDTH) ? 1 : input.width(),
                        axes.contains(Axis.CHANNELS) ? 1 : input.channels());
    }

    @Override
    public ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        LayerShape image = Indexed.asImage(input);
        return read.windows(window(1, image));
    }

    private PoolShape window(int batch, LayerShape image) {
        int height = axes.contains(Axis.HEIGHT) ? image.height() : 1;
        int width = axes.contains(Axis.WIDTH) ? image.width() : 1;
        return new PoolShape(
                batch, image.height(), image.width(), image.channels(), height, width, height, width, 0, 0);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        LayerShape input = LayerShape.of(x);
        LayerShape output = outputShape(List.of(input));
        Tensor y = operation == Operation.MIN ? tape.factor(name, x, -1f) : x;
        if (axes.contains(Axis.HEIGHT) || axes.contains(Axis.WIDTH)) {
            y = pool(tape, name, y, window(x.batch(), input));
        }
        if (axes.contains(Axis.CHANNELS)) {
            int channels = y.channels();
            int positions = Math.toIntExact(y.size() / y.batch() / channels);
            y = tape.reshape(name, y, y.batch(), positions, channels, 1);
            y = pool(
                    tape,
                    name + ".channels",
                    y,
                    new PoolShape(y.batch(), positions, channels, 1, 1, channels, 1, channels, 0, 0));
            y = tape.reshape(name, y, output.ofBatch(y.batch()));
        }
        return switch (operation) {
            case MEAN, MAX -> y;
            case MIN -> tape.factor(name, y, -1f);
            case SUM -> tape.factor(name, y, (float) input.features() / output.features());
        };
    }

    private Tensor pool(Tape tape, String layer, Tensor x, PoolShape shape) {
        return operation == Operation.MEAN || operation == Operation.SUM
                ? tape.avgPool(layer, x, shape)
                : tape.maxPool(layer, x, shape);
    }
}
