package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.kernels.RecurrentShape.Cell;

/**
 * Gated recurrent units (Cho et al. 2014) on a series 1 x T x F, gates in the order reset, update, new.
 *
 * @param resetAfter whether the reset gate multiplies W h + b, as in PyTorch, or h, as in the paper and by default in
 *     ONNX
 */
public record Gru(String name, List<String> inputs, int units, Directions directions, boolean resetAfter)
        implements Recurrent {
    public Gru {
        inputs = Recurrent.checked(name, inputs, units);
    }

    static Gru read(JsonFields fields, String name, List<String> inputs) {
        return new Gru(
                name, inputs, fields.whole("units", 1), Directions.read(fields), fields.flag("resetAfter", true));
    }

    @Override
    public void write(JsonObject json) {
        Recurrent.super.write(json);
        json.addProperty("resetAfter", resetAfter);
    }

    @Override
    public Cell cell() {
        return resetAfter ? Cell.GRU : Cell.GRU_RESET_BEFORE;
    }
}
