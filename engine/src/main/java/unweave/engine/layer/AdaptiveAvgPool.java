package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/** Average pooling to a given output size, which divides the input's: all windows are alike and do not overlap. */
public record AdaptiveAvgPool(String name, List<String> inputs, Size size) implements Pooling {
    public AdaptiveAvgPool {
        inputs = Layer.checked(name, inputs, 1);
    }

    static AdaptiveAvgPool read(JsonFields fields, String name, List<String> inputs) {
        return new AdaptiveAvgPool(name, inputs, fields.size("size", 1, null));
    }

    @Override
    public void write(JsonObject json) {
        json.add("size", size.toJson());
    }

    @Override
    public PoolShape shape(int batch, LayerShape input) {
        requireImage(input);
        if (input.height() % size.height() != 0 || input.width() % size.width() != 0) {
            throw wrong("its output size " + size + " must divide its input size "
                    + new Size(input.height(), input.width()) + ", so that all windows are alike");
        }
        Size window = new Size(input.height() / size.height(), input.width() / size.width());
        return windows(batch, input, window, window);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        Tensor x = inputs.get(0);
        return tape.avgPool(name, x, shape(x.batch(), LayerShape.of(x)));
    }
}
