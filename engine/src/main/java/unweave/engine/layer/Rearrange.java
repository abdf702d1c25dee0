package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import unweave.engine.tape.IndexMap;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * The values of the input, in H W C order, seen as an array of the shape {@code split}, whose axes are transposed by
 * {@code order} (as numpy.transpose does), read row by row as a new shape. Transpositions, reshapes, channel shuffles
 * (Zhang et al. 2018), pixel shuffles (Shi et al. 2016) and attention heads are of this kind. Where the order is that
 * of the input, nothing is copied.
 *
 * @param split lengths whose product is the number of values
 * @param order for each axis of the transposed array the axis of {@code split}, each once
 * @param to [height, width, channels] or [features]
 */
public record Rearrange(String name, List<String> inputs, List<Integer> split, List<Integer> order, List<Integer> to)
        implements Indexed {
    public Rearrange {
        inputs = Layer.checked(name, inputs, 1);
        split = List.copyOf(split);
        order = List.copyOf(order);
        to = List.copyOf(to);
        if (!order.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, split.size()).boxed().toList())) {
            throw Layer.wrong(
                    name,
                    "\"order\" must name each axis of \"split\" " + split + " once, from 0 to " + (split.size() - 1)
                            + ", not " + order);
        }
        if (to.size() != 1 && to.size() != 3) {
            throw Layer.wrong(name, "\"to\" must be [height, width, channels] or [features], not " + to);
        }
        if (product(split) != product(to)) {
            throw Layer.wrong(name, "split " + split + " and to " + to + " must hold equally many values");
        }
    }

    static Rearrange read(JsonFields fields, String name, List<String> inputs) {
        return new Rearrange(
                name, inputs, fields.wholes("split", 1), fields.wholes("order", 0), fields.wholes("to", 1));
    }

    @Override
    public void write(JsonObject json) {
        json.add("split", Indexed.toJson(split));
        json.add("order", Indexed.toJson(order));
        json.add("to", Indexed.toJson(to));
    }

    /** The order of the values, kept with the network under this layer's name; null if they stay where they are. */
    IndexMap indexMap(Tape tape, Weights weights, LayerShape input) {
        return keepsOrder()
                ? null
                : weights.indexMap(name, () -> new IndexMap(tape.backend(), input.features(), index(input), 0f));
    }

    /** The way back from the output of this layer to its input. */
    Rearrange inverse(String layer, LayerShape input) {
        List<Integer> transposed = order.stream().map(split::get).toList();
        List<Integer> back =
                IntStream.range(0, order.size()).mapToObj(order::indexOf).toList();
        return new Rearrange(
                layer,
                List.of(),
                transposed,
                back,
                input.flat() ? List.of(input.features()) : List.of(input.height(), input.width(), input.channels()));
    }

    private static double product(List<Integer> lengths) {
        return lengths.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        if (product(split) != input.features()) {
            throw wrong("split " + split + " does not hold the " + input.features() + " values of its input " + input);
        }
        return LayerShape.of(to);
    }

    /** Whether no value moves in memory. */
    private boolean keepsOrder() {
        List<Integer> longAxes =
                order.stream().filter(axis -> split.get(axis) > 1).toList();
        return longAxes.equals(longAxes.stream().sorted().toList());
    }

    /** As flatten: channels stay the last axis of the image that becomes a vector. */
    @Override
    public boolean isView() {
        return keepsOrder() && to.size() == 1;
    }

    @Override
    public int[] index(LayerShape input) {
        int axes = split.size();
        int[] steps = new int[axes];
        int step = 1;
        for (int axis = axes - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= split.get(axis);
        }
        int[] index = new int[input.features()];
        int[] at = new int[axes];
        int source = 0;
        for (int i = 0; i < index.length; i++) {
            index[i] = source;
            for (int k = axes - 1; k >= 0; k--) {
                int axis = order.get(k);
                source += steps[axis];
                if (++at[k] < split.get(axis)) {
                    break;
                }
                source -= at[k] * steps[axis];
                at[k] = 0;
            }
        }
        return index;
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return keepsOrder()
                ? tape.reshape(name, x, LayerShape.of(to).ofBatch(x.batch()))
                : Indexed.super.apply(tape, inputs, weights);
    }
}
