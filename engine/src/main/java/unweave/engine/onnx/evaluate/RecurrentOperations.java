package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import unweave.engine.onnx.NdArray;

/**
 * RNN, GRU and LSTM, step by step. W [directions, gates units, features] and R [directions, gates units, units] hold
 * the gates one below the other: i o f c of the LSTM, z r h of the GRU; B [directions, 2 gates units] the two biases.
 */
final class RecurrentOperations {
    private final Call call;
    private final int gates;
    private final boolean batchFirst;
    private final int directions;
    private final int units;
    private final int steps;
    private final int batch;
    private final int features;
    private final double[] x;
    private final double[] w;
    private final double[] r;
    private final double[] biases;
    /** Two states of [directions, batch, units], as the steps leave them. */
    private final double[] hidden;

    private final double[] cell;
    /** [steps, directions, batch, units]. */
    private final double[] outputs;

    private final DoubleUnaryOperator[] functions;

    private RecurrentOperations(Call call, int gates, String... standard) {
        this.call = call;
        this.gates = gates;
        batchFirst = call.node().integer("layout", 0) != 0;
        NdArray input = batchFirst ? Moves.transpose(call.input(0), 1, 0, 2) : call.input(0);
        call.require(input.rank() == 3 && call.input(1).rank() == 3, "it reads sequences of three dims");
        steps = input.dims()[0];
        batch = input.dims()[1];
        features = input.dims()[2];
        units = (int) call.node().integer("hidden_size", call.input(2).dims()[2]);
        directions = call.node().text("direction", "forward").equals("bidirectional") ? 2 : 1;
        x = input.numbers();
        w = of(call.input(1), directions, gates * units, features);
        r = of(call.input(2), directions, gates * units, units);
        biases = call.optional(3) == null
                ? new double[directions * 2 * gates * units]
                : of(call.optional(3), directions, 2 * gates * units);
        hidden = state(5);
        cell = gates == 4 ? state(6) : new double[0];
        outputs = new double[NdArray.size(steps, directions, batch, units)];
        functions = functions(standard);
        refuseWhatIsNotKnown();
    }

    static void register(OperationTable table) {
        table.many("RNN", call -> new RecurrentOperations(call, 1, "Tanh").run());
        table.many("GRU", call -> new RecurrentOperations(call, 3, "Sigmoid", "Tanh").run());
        table.many("LSTM", call -> new RecurrentOperations(call, 4, "Sigmoid", "Tanh", "Tanh").run());
    }

    private double[] of(NdArray array, int... dims) {
        call.require(
                Arrays.equals(array.dims(), dims),
                "a weight has dims " + Arrays.toString(array.dims()) + ", expected " + Arrays.toString(dims));
        return array.numbers();
    }

    private double[] state(int input) {
        NdArray given = call.optional(input);
        if (given == null) {
            return new double[NdArray.size(directions, batch, units)];
        }
        return of(batchFirst ? Moves.transpose(given, 1, 0, 2) : given, directions, batch, units)
                .clone();
    }

    private DoubleUnaryOperator[] functions(String... standard) {
        List<String> names = call.node().texts("activations");
        DoubleUnaryOperator[] found = new DoubleUnaryOperator[directions * standard.length];
        call.require(names.isEmpty() || names.size() == found.length, "it has " + names.size() + " activations");
        for (int i = 0; i < found.length; i++) {
            String name = names.isEmpty() ? standard[i % standard.length] : names.get(i);
            found[i] = switch (name.toLowerCase(Locale.ROOT)) {
                case "sigmoid" -> PointwiseOperations::sigmoid;
                case "tanh" -> Math::tanh;
                case "relu" -> v -> Math.max(0, v);
                case "softsign" -> v -> v / (1 + Math.abs(v));
                case "softplus" -> PointwiseOperations::softplus;
                default -> throw call.refusal("activation \"" + name + "\" is not known in recurrent layers");
            };
        }
        return found;
    }

    private void refuseWhatIsNotKnown() {
        call.require(!call.node().has("clip"), "it clips its sums");
        call.require(call.node().integer("input_forget", 0) == 0, "its input and forget gates are one");
        NdArray lengths = call.optional(4);
        call.require(
                lengths == null || Arrays.stream(lengths.integers()).allMatch(length -> length == steps),
                "its sequences differ in length; export it with sequences of one length");
    }

    private List<NdArray> run() {
        boolean reverse = call.node().text("direction", "forward").equals("reverse");
        for (int direction = 0; direction < directions; direction++) {
            for (int i = 0; i < steps; i++) {
                int step = reverse || direction == 1 ? steps - 1 - i : i;
                for (int b = 0; b < batch; b++) {
                    int state = (direction * batch + b) * units;
                    double[] next =
                            switch (gates) {
                                case 1 -> plain(direction, step, b, state);
                                case 3 -> gated(direction, step, b, state);
                                default -> longShortTerm(direction, step, b, state);
                            };
                    System.arraycopy(next, 0, hidden, state, units);
                    int at = ((step * directions + direction) * batch + b) * units;
                    System.arraycopy(next, 0, outputs, at, units);
                }
            }
        }
        NdArray y = NdArray.of(call.input(0).type(), new int[] {steps, directions, batch, units}, outputs);
        NdArray last = NdArray.of(y.type(), new int[] {directions, batch, units}, hidden);
        NdArray lastCell = gates == 4 ? NdArray.of(y.type(), last.dims(), cell) : last;
        if (batchFirst) {
            y = Moves.transpose(y, 2, 0, 1, 3);
            last = Moves.transpose(last, 1, 0, 2);
            lastCell = Moves.transpose(lastCell, 1, 0, 2);
        }
        return gates == 4 ? List.of(y, last, lastCell) : List.of(y, last);
    }

    /** Row {@code gate units + unit} of W times the input, with its bias. */
    private double fromInput(int direction, int gate, int unit, int step, int b) {
        int row = (direction * gates + gate) * units + unit;
        double sum = biases[(direction * 2 * gates + gate) * units + unit];
        for (int k = 0; k < features; k++) {
            sum += w[row * features + k] * x[(step * batch + b) * features + k];
        }
        return sum;
    }

    /** Row {@code gate units + unit} of R times a state, with its bias. */
    private double fromState(int direction, int gate, int unit, double[] from, int start) {
        int row = (direction * gates + gate) * units + unit;
        double sum = biases[(direction * 2 * gates + gates + gate) * units + unit];
        for (int k = 0; k < units; k++) {
            sum += r[row * units + k] * from[start + k];
        }
        return sum;
    }

    private double sum(int direction, int gate, int unit, int step, int b, int state) {
        return fromInput(direction, gate, unit, step, b) + fromState(direction, gate, unit, hidden, state);
    }

    private double[] plain(int direction, int step, int b, int state) {
        double[] next = new double[units];
        Arrays.setAll(next, u -> functions[direction].applyAsDouble(sum(direction, 0, u, step, b, state)));
        return next;
    }

    private double[] gated(int direction, int step, int b, int state) {
        DoubleUnaryOperator gate = functions[2 * direction];
        DoubleUnaryOperator candidate = functions[2 * direction + 1];
        boolean resetAfter = call.node().integer("linear_before_reset", 0) != 0;
        double[] reset = new double[units];
        double[] kept = new double[units];
        for (int u = 0; u < units; u++) {
            reset[u] = gate.applyAsDouble(sum(direction, 1, u, step, b, state));
            kept[u] = reset[u] * hidden[state + u];
        }
        double[] next = new double[units];
        for (int u = 0; u < units; u++) {
            double update = gate.applyAsDouble(sum(direction, 0, u, step, b, state));
            double recurrent = resetAfter
                    ? reset[u] * fromState(direction, 2, u, hidden, state)
                    : fromState(direction, 2, u, kept, 0);
            double proposed = candidate.applyAsDouble(fromInput(direction, 2, u, step, b) + recurrent);
            next[u] = (1 - update) * proposed + update * hidden[state + u];
        }
        return next;
    }

    private double[] longShortTerm(int direction, int step, int b, int state) {
        double[] peepholes = call.optional(7) == null
                ? new double[directions * 3 * units]
                : of(call.optional(7), directions, 3 * units);
        double[] next = new double[units];
        int peephole = direction * 3 * units;
        for (int u = 0; u < units; u++) {
            double before = cell[state + u];
            double in = sum(direction, 0, u, step, b, state) + peepholes[peephole + u] * before;
            double forget = sum(direction, 2, u, step, b, state) + peepholes[peephole + 2 * units + u] * before;
            double after = functions[3 * direction].applyAsDouble(forget) * before
                    + functions[3 * direction].applyAsDouble(in)
                            * functions[3 * direction + 1].applyAsDouble(sum(direction, 3, u, step, b, state));
            double out = sum(direction, 1, u, step, b, state) + peepholes[peephole + units + u] * after;
            next[u] = functions[3 * direction].applyAsDouble(out) * functions[3 * direction + 2].applyAsDouble(after);
            cell[state + u] = after;
        }
        return next;
    }
}
