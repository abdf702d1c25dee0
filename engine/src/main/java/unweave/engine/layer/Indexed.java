package unweave.engine.layer;

import com.google.gson.JsonArray;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.tape.IndexMap;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** What all kinds have in common whose outputs are values of the input in other places: each says which. */
interface Indexed extends Layer {
    /**
     * For each value of the output the number of the value of the input that it shows, or -1 for {@link #fill}, both in
     * H W C order.
     */
    int[] index(LayerShape input);

    /** What values hold that show none of the input. */
    default float fill() {
        return 0;
    }

    @Override
    default ReceptiveField receptiveField(ReceptiveField read, LayerShape input) {
        return read.gathered(index(input), asImage(input), asImage(outputShape(List.of(input))));
    }

    @Override
    default Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        LayerShape input = LayerShape.of(x);
        IndexMap map =
                weights.indexMap(name(), () -> new IndexMap(tape.backend(), input.features(), index(input), fill()));
        return tape.gather(
                name(),
                x,
                map,
                outputShape(inputs.stream().map(LayerShape::of).toList()).ofBatch(x.batch()));
    }

    /** A vector as the image of one position. */
    static LayerShape asImage(LayerShape shape) {
        return shape.flat() ? LayerShape.image(1, 1, shape.features()) : shape;
    }

    /** Refuses what has no such axis, and vectors that are images in an order of our own. */
    default void requireAxis(LayerShape input, Axis axis) {
        if (input.flat() && axis != Axis.CHANNELS) {
            throw wrong(kind() + " along " + axis.text() + " reads an image, not a vector of " + input);
        }
        if (input.flat() && input.height() * input.width() > 1) {
            throw wrong(kind() + " reads a vector whose order everybody agrees on, not " + input
                    + ": put it before flatten, or rearrange the image to a vector");
        }
    }

    /**
     * The index of an output whose rows, columns and channels are chosen each by themselves.
     *
     * @param rows the row of the input for each row of the output, or -1; as {@code columns} and {@code channels}
     */
    static int[] along(LayerShape input, int[] rows, int[] columns, int[] channels) {
        LayerShape image = asImage(input);
        int[] index = new int[Math.multiplyExact(Math.multiplyExact(rows.length, columns.length), channels.length)];
        int next = 0;
        for (int row : rows) {
            for (int column : columns) {
                for (int channel : channels) {
                    boolean shown = row >= 0 && column >= 0 && channel >= 0;
                    index[next++] = shown ? (row * image.width() + column) * image.channels() + channel : -1;
                }
            }
        }
        return index;
    }

    /** The index of an output that differs from the input along one axis. */
    static int[] along(LayerShape input, Axis axis, int[] places) {
        LayerShape image = asImage(input);
        return along(
                image,
                axis == Axis.HEIGHT ? places : all(image.height()),
                axis == Axis.WIDTH ? places : all(image.width()),
                axis == Axis.CHANNELS ? places : all(image.channels()));
    }

    /** The shape of the input with another length of one axis. */
    static LayerShape withLength(LayerShape input, Axis axis, int length) {
        return input.with(
                axis == Axis.HEIGHT ? length : input.height(),
                axis == Axis.WIDTH ? length : input.width(),
                axis == Axis.CHANNELS ? length : input.channels());
    }

    /** 0 to {@code length} - 1. */
    static int[] all(int length) {
        return IntStream.range(0, length).toArray();
    }

    /** Whole numbers in JSON. */
    static JsonArray toJson(List<Integer> numbers) {
        JsonArray list = new JsonArray();
        numbers.forEach(list::add);
        return list;
    }
}
