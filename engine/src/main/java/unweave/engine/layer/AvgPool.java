package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/**
 * The mean of each window.
 *
 * @param padding rows above, columns to the left
 * @param trailing rows below, columns to the right
 * @param dilation distance of neighbouring cells of a window
 * @param ceil whether what is left over at the end gets a window too, see {@link PoolShape}
 * @param countPadding whether padding counts, as zeros; cells beyond the padding, where {@code ceil} leads, never count
 */
public record AvgPool(
        String name,
        List<String> inputs,
        Size window,
        Size stride,
        Size padding,
        Size trailing,
        Size dilation,
        boolean ceil,
        boolean countPadding)
        implements Pooling {
    public AvgPool {
        inputs = Layer.checked(name, inputs, 1);
    }

    /** With as much padding below and to the right, which counts as zeros, and without further options. */
    public AvgPool(String name, List<String> inputs, Size window, Size stride, Size padding) {
        this(name, inputs, window, stride, padding, padding, Size.square(1), false, true);
    }

    static AvgPool read(JsonFields fields, String name, List<String> inputs) {
        Size window = fields.size("window", 1, null);
        Size stride = fields.size("stride", 1, window);
        Size dilation = fields.size("dilation", 1, Size.square(1));
        Padding padding = fields.padding(window, dilation);
        return new AvgPool(
                name,
                inputs,
                window,
                stride,
                padding.leading(),
                padding.trailing(),
                dilation,
                fields.flag("ceil", false),
                fields.flag("countPadding", true));
    }

    @Override
    public void write(JsonObject json) {
        json.add("window", window.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", new Padding(padding, trailing).toJson());
        Pooling.writeOptions(json, dilation, ceil);
        if (!countPadding) {
            json.addProperty("countPadding", false);
        }
    }

    @Override
    public PoolShape shape(int batch, LayerShape input) {
        return windows(batch, input, window, stride, new Padding(padding, trailing), dilation, ceil, countPadding);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return tape.avgPool(name, x, shape(x.batch(), LayerShape.of(x)));
    }
}
