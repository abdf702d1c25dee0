package unweave.engine.layer;

import java.util.List;
import unweave.kernels.RecurrentShape.Cell;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000) on a series 1 x T x F, as PyTorch's, gates
 * in the order input, forget, cell, output.
 */
public record Lstm(String name, List<String> inputs, int units, Directions directions) implements Recurrent {
    public Lstm {
        inputs = Recurrent.checked(name, inputs, units);
    }

    static Lstm read(JsonFields fields, String name, List<String> inputs) {
        return new Lstm(name, inputs, fields.whole("units", 1), Directions.read(fields));
    }

    @Override
    public Cell cell() {
        return Cell.LSTM;
    }
}
