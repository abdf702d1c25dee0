package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.MultiplyNode.Signal;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;

/**
 * a b of two layers, such as a gate and what it lets pass.
 *
 * @param relevance which of both an explanation goes on with
 */
public record Multiply(String name, List<String> inputs, Signal relevance) implements Combining {
    public Multiply {
        inputs = Combining.named(name, "multiply", inputs, true);
    }

    static Multiply read(JsonFields fields, String name, List<String> inputs) {
        String relevance = fields.element("relevance") == null ? "auto" : fields.text("relevance");
        for (Signal signal : Signal.values()) {
            if (word(signal).equals(relevance)) {
                return new Multiply(name, inputs, signal);
            }
        }
        throw fields.wrong("\"relevance\" must be auto, first, second or both, not \"" + relevance + "\"");
    }

    private static String word(Signal signal) {
        return signal.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void write(JsonObject json) {
        json.addProperty("relevance", word(relevance));
    }

    @Override
    public Tensor apply(Tape tape, List<Tensor> inputs, Weights weights) {
        return MultiplyNode.record(tape, name, inputs.get(0), inputs.get(1), relevance);
    }
}
