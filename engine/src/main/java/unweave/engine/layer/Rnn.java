package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import unweave.kernels.RecurrentShape.Cell;

/** A recurrent layer without gates (Elman 1990) on a series 1 x T x F: h = f(W_ih x + b_ih + W_hh h + b_hh). */
public record Rnn(String name, List<String> inputs, int units, Directions directions, boolean relu)
        implements Recurrent {
    public Rnn {
        inputs = Recurrent.checked(name, inputs, units);
    }

    static Rnn read(JsonFields fields, String name, List<String> inputs) {
        boolean relu = fields.is("nonlinearity", "relu");
        if (!relu && fields.element("nonlinearity") != null && !fields.is("nonlinearity", "tanh")) {
            throw fields.wrong("\"nonlinearity\" must be tanh or relu, not " + fields.element("nonlinearity"));
        }
        return new Rnn(name, inputs, fields.whole("units", 1), Directions.read(fields), relu);
    }

    @Override
    public void write(JsonObject json) {
        Recurrent.super.write(json);
        json.addProperty("nonlinearity", relu ? "relu" : "tanh");
    }

    @Override
    public Cell cell() {
        return relu ? Cell.RELU : Cell.TANH;
    }
}
