package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/**
 * The largest value of each window; padding never wins.
 *
 * @param padding rows above, columns to the left
 * @param trailing rows below, columns to the right
 * @param dilation distance of neighbouring cells of a window
 * @param ceil whether what is left over at the end gets a window too, see {@link PoolShape}
 */
public record MaxPool(
        String name,
        List<String> inputs,
        Size window,
        Size stride,
        Size padding,
        Size trailing,
        Size dilation,
        boolean ceil)
        implements Pooling {
    public MaxPool {
        inputs = Layer.checked(name, inputs, 1);
    }

    /** With as much padding below and to the right, and without further options. */
    public MaxPool(String name, List<String> inputs, Size window, Size stride, Size padding) {
        this(name, inputs, window, stride, padding, padding, Size.square(1), false);
    }

    static MaxPool read(JsonFields fields, String name, List<String> inputs) {
        Size window = fields.size("window", 1, null);
        Size stride = fields.size("stride", 1, window);
        Size dilation = fields.size("dilation", 1, Size.square(1));
        Padding padding = fields.padding(window, dilation);
        return new MaxPool(
                name,
                inputs,
                window,
                stride,
                padding.leading(),
                padding.trailing(),
                dilation,
                fields.flag("ceil", false));
    }

    @Override
    public void write(JsonObject json) {
        json.add("window", window.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", new Padding(padding, trailing).toJson());
        Pooling.writeOptions(json, dilation, ceil);
    }

    @Override
    public PoolShape shape(int batch, LayerShape input) {
        return windows(batch, input, window, stride, new Padding(padding, trailing), dilation, ceil, true);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return tape.maxPool(name, x, shape(x.batch(), LayerShape.of(x)));
    }

    @Override
    public Optional<Step> fusedInto(Step before) {
        return before.withMaxPool(this);
    }
}
