package unweave.engine.tape;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/**
 * Which values of an input are normalised together: the rows of {@code width} values in an order of their own.
 *
 * @param order the values in rows, a permutation; null where they lie so already
 * @param perChannel whether gamma and beta belong to the channels of the input, as in group normalisation; if not, to
 *     the places of a row, as in layer normalisation
 */
public record NormalizedRows(IndexMap order, int width, boolean perChannel) {
    /** Lets {@code use} read the values in rows; {@code values} is not modified. */
    public void with(Floats values, Consumer<Floats> use) {
        if (order == null) {
            use.accept(values);
            return;
        }
        try (Floats ordered = order.gather(values)) {
            use.accept(ordered);
        }
    }

    /**
     * What {@code compute} makes of values in rows, in the order of the input.
     *
     * @param values a multiple of the input's size, not modified
     * @param compute reads rows and writes as many
     * @return new memory, as large
     */
    public Floats through(Backend backend, Floats values, BiConsumer<Floats, Floats> compute) {
        Floats rows = backend.floats(values.size());
        with(values, ordered -> compute.accept(ordered, rows));
        return back(rows);
    }

    /** Rows in the order of the input; takes {@code rows} over. */
    public Floats back(Floats rows) {
        if (order == null) {
            return rows;
        }
        try (rows) {
            return order.backward(rows);
        }
    }
}
