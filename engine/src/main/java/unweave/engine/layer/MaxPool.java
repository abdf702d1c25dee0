package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.PoolShape;

/** The largest value of each window. */
public record MaxPool(String name, List<String> inputs, Size window, Size stride, Size padding) implements Pooling {
    public MaxPool {
        inputs = Layer.checked(name, inputs, 1);
    }

    static MaxPool read(JsonFields fields, String name, List<String> inputs) {
        Size window = fields.size("window", 1, null);
        return new MaxPool(
                name, inputs, window, fields.size("stride", 1, window), fields.size("padding", 0, Size.square(0)));
    }

    @Override
    public void write(JsonObject json) {
        json.add("window", window.toJson());
        json.add("stride", stride.toJson());
        json.add("padding", padding.toJson());
    }

    @Override
    public PoolShape shape(int batch, LayerShape input) {
        return windows(batch, input, window, stride, padding);
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
