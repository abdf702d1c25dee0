package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.LpPoolNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/**
 * The p-norm of each window, (sum |x|^p)^(1/p); padding counts as zeros (ONNX's LpPool; Gulcehre et al. 2014, <a
 * href="https://arxiv.org/abs/1311.1780">Learned-norm pooling</a>).
 *
 * @param p at least 1
 * @param padding rows above, columns to the left
 * @param trailing rows below, columns to the right
 * @param dilation distance of neighbouring cells of a window
 * @param ceil whether what is left over at the end gets a window too, see {@link PoolShape}
 */
public record LpPool(
        String name,
        List<String> inputs,
        float p,
        Size window,
        Size stride,
        Size padding,
        Size trailing,
        Size dilation,
        boolean ceil)
        implements Pooling {
    public LpPool {
        inputs = Layer.checked(name, inputs, 1);
        if (!(p >= 1 && p < Float.POSITIVE_INFINITY)) {
            throw Layer.wrong(name, "p must be a number of at least 1, not " + p);
        }
    }

    static LpPool read(JsonFields fields, String name, List<String> inputs) {
        float p = fields.number("p", 2f);
        Size window = fields.size("window", 1, null);
        Size stride = fields.size("stride", 1, window);
        Size dilation = fields.size("dilation", 1, Size.square(1));
        Padding padding = fields.padding(window, dilation);
        return new LpPool(
                name,
                inputs,
                p,
                window,
                stride,
                padding.leading(),
                padding.trailing(),
                dilation,
                fields.flag("ceil", false));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("p", p);
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
        return LpPoolNode.record(tape, name, x, shape(x.batch(), LayerShape.of(x)), p);
    }
}
