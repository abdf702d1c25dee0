package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * The product of two images of activations, as in attention: for every row of the images one product of matrices, width
 * x channels. a (H M K) times b (H K P) is H M P; with {@code transposeSecond}, b is H P K. An image of height 1 serves
 * all rows of the other.
 */
public record MatMul(String name, List<String> inputs, boolean transposeSecond) implements Layer {
    public MatMul {
        inputs = Layer.checked(name, inputs, 2);
        if (inputs.isEmpty()) {
            throw Layer.wrong(name, "matmul needs \"inputs\", the names of the two layers to multiply");
        }
    }

    static MatMul read(JsonFields fields, String name, List<String> inputs) {
        return new MatMul(name, inputs, fields.flag("transposeSecond", false));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("transposeSecond", transposeSecond);
    }

    @Override
    public LayerShape outputShape(List<LayerShape> shapes) {
        LayerShape a = shapes.get(0);
        LayerShape b = shapes.get(1);
        requireImage(a);
        requireImage(b);
        int depth = transposeSecond ? b.channels() : b.width();
        boolean rowsFit = a.height() == b.height() || a.height() == 1 || b.height() == 1;
        if (a.channels() != depth || !rowsFit) {
            throw wrong("multiplies " + a + " (" + inputs.get(0) + ") and " + b + " (" + inputs.get(1) + "): the "
                    + a.channels() + " channels of the first must be the " + (transposeSecond ? "channels" : "width")
                    + " of the second, and the heights equal or one of them 1");
        }
        return LayerShape.image(
                Math.max(a.height(), b.height()), a.width(), transposeSecond ? b.width() : b.channels());
    }

    /** Every position sees what any of both factors sees, as far as the axes alone tell. */
    @Override
    public ReceptiveField receptiveField(List<ReceptiveField> read, List<LayerShape> shapes) {
        return read.get(0).whole().union(read.get(1).whole()).everywhere(outputShape(shapes));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor a = inputs.get(0);
        Tensor b = inputs.get(1);
        int height = Math.max(a.length(1), b.length(1));
        return tape.matmul(
                name,
                repeated("first", height, tape, a, weights),
                repeated("second", height, tape, b, weights),
                transposeSecond);
    }

    /** An image of height 1 once for every row of the output. */
    private Tensor repeated(String factor, int height, Tape tape, Tensor x, Weights weights) {
        return x.length(1) == height
                ? x
                : new Take(name + "." + factor, List.of(), Axis.HEIGHT, Collections.nCopies(height, 0))
                        .apply(tape, List.of(x), weights);
    }
}
