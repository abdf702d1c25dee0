package unweave.kernels;

import java.util.Locale;

/**
 * The geometry of a recurrent layer in one direction.
 *
 * @param batch series
 * @param steps of each series
 * @param units values of the hidden state
 * @param backwards whether the last step of a series comes first
 */
public record RecurrentShape(Cell cell, int batch, int steps, int units, boolean backwards) {
    /** What a step computes; {@link Recurrence} has the formulas. */
    public enum Cell {
        /** Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates: Gers et al. 2000). */
        LSTM(4, 6),
        /**
         * The gated recurrent unit (Cho et al. 2014) whose reset gate acts behind the product, as PyTorch and cuDNN.
         */
        GRU(3, 5),
        /** The gated recurrent unit whose reset gate acts before the product, as in the paper. */
        GRU_RESET_BEFORE(3, 5),
        /** tanh(a) (Elman 1990). */
        TANH(1, 1),
        /** max(0, a). */
        RELU(1, 1);

        private final int gates;
        private final int saved;

        Cell(int gates, int saved) {
            this.gates = gates;
            this.saved = saved;
        }

        /** Blocks of rows of the weights. */
        public int gates() {
            return gates;
        }

        /** Blocks of values that the forward pass saves for each step. */
        public int saved() {
            return saved;
        }

        /** The block of the weights that makes the signal, which is no gate. */
        public int signal() {
            return gates == 1 ? 0 : 2;
        }

        /** Whether this is one of the gated recurrent units. */
        public boolean isGru() {
            return gates == 3;
        }
    }

    public RecurrentShape {
        if (batch < 1 || steps < 1 || units < 1) {
            throw new IllegalArgumentException("sizes of a recurrent layer must be positive");
        }
    }

    /** Values of the hidden states: batch x steps x units. */
    public long size() {
        return (long) batch * steps * units;
    }

    /** Values of what the input contributes to all gates: batch x steps x gates x units. */
    public long gatesSize() {
        return size() * cell.gates();
    }

    /** Values that the forward pass saves: batch x steps x saved x units. */
    public long savedSize() {
        return size() * cell.saved();
    }

    /** Values of the weights of the hidden state: gates x units rows of units. */
    public long weightSize() {
        return (long) cell.gates() * units * units;
    }

    /** The step that comes s-th. */
    public int step(int s) {
        return backwards ? steps - 1 - s : s;
    }

    /** Such as "lstm 2x10x32 backwards". */
    @Override
    public String toString() {
        return cell.name().toLowerCase(Locale.ROOT) + " " + batch + "x" + steps + "x" + units
                + (backwards ? " backwards" : "");
    }
}
