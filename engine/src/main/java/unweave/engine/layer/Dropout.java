package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/** In training, each value is dropped with this probability and the others are divided by 1 - probability. */
public record Dropout(String name, List<String> inputs, float probability) implements Layer {
    public Dropout {
        inputs = Layer.checked(name, inputs, 1);
        if (!(probability >= 0 && probability < 1)) {
            throw Layer.wrong(name, "probability must be at least 0 and below 1, not " + probability);
        }
    }

    static Dropout read(JsonFields fields, String name, List<String> inputs) {
        return new Dropout(name, inputs, fields.number("probability", 0.5f));
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("probability", probability);
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return tape.dropout(name, inputs.get(0), probability);
    }
}
