package unweave.engine.tape;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.RecurrentShape;
import unweave.kernels.RecurrentShape.Cell;

/**
 * A recurrent layer on series, images N 1 T F: the hidden states of all steps, N 1 T units, or those of two directions
 * side by side. {@link unweave.kernels.Recurrence} has the formulas.
 */
public final class RecurrentNode extends Node {
    /**
     * One direction.
     *
     * @param backwards whether the last step comes first
     * @param inputWeight gates x units rows of F values
     * @param hiddenWeight gates x units rows of units
     * @param inputBias gates x units, as {@code hiddenBias}
     */
    public record Direction(
            Cell cell,
            boolean backwards,
            Parameter inputWeight,
            Parameter hiddenWeight,
            Parameter inputBias,
            Parameter hiddenBias) {
        /** Values of the hidden state. */
        public int units() {
            return hiddenWeight.shape()[1];
        }

        private int gates() {
            return cell.gates() * units();
        }
    }

    /** What the forward pass of one direction left. */
    private record Passed(RecurrentShape shape, Floats h, Floats saved) {}

    private final List<Direction> directions;
    private final List<Passed> passed = new ArrayList<>();

    private RecurrentNode(String layer, Tensor x, List<Direction> directions) {
        super(layer, x);
        this.directions = List.copyOf(directions);
    }

    /** Computes the layer and adds it to {@code tape}. */
    public static Tensor record(Tape tape, String layer, Tensor x, List<Direction> directions) {
        RecurrentNode node = new RecurrentNode(layer, x, directions);
        directions.forEach(direction -> node.pass(tape.backend(), direction));
        int units = directions.get(0).units();
        int channels = units * directions.size();
        Floats y = tape.own(x.size() / x.channels() * channels);
        for (int i = 0; i < directions.size(); i++) {
            tape.backend().elementwise().copyColumns(units, node.passed.get(i).h, units, 0, y, channels, i * units);
        }
        return tape.record(node, new Tensor(new int[] {x.batch(), 1, x.length(2), channels}, y, true));
    }

    private void pass(Backend backend, Direction direction) {
        RecurrentShape shape = new RecurrentShape(
                direction.cell(), input().batch(), input().length(2), direction.units(), direction.backwards());
        Floats h = backend.floats(shape.size());
        Floats saved = backend.floats(shape.savedSize());
        passed.add(new Passed(shape, h, saved));
        try (Floats projected = backend.floats(shape.gatesSize())) {
            backend.convolutions()
                    .gemm(
                            false,
                            true,
                            steps(),
                            direction.gates(),
                            input().channels(),
                            input().data(),
                            direction.inputWeight().value(),
                            projected);
            backend.elementwise().add(projected, direction.inputBias().value(), projected);
            backend.recurrence()
                    .recurrentForward(
                            shape,
                            projected,
                            direction.hiddenWeight().value(),
                            direction.hiddenBias().value(),
                            h,
                            saved);
        }
    }

    /** Steps of all series of the batch. */
    private int steps() {
        return input().batch() * input().length(2);
    }

    /** One or two. */
    public List<Direction> directions() {
        return directions;
    }

    /** The geometry of a direction. */
    public RecurrentShape shape(int direction) {
        return passed.get(direction).shape;
    }

    /** The hidden states of a direction, N T units. */
    public Floats h(int direction) {
        return passed.get(direction).h;
    }

    /** What the forward pass of a direction saved. */
    public Floats saved(int direction) {
        return passed.get(direction).saved;
    }

    /**
     * The part of values laid out as the output that belongs to one direction.
     *
     * @param values a multiple of the output's size, not modified
     * @return new memory
     */
    public Floats part(Backend backend, Floats values, int direction) {
        int units = shape(direction).units();
        return columns(backend, values, units * directions.size(), units * direction, units);
    }

    private static Floats columns(Backend backend, Floats rows, int width, int first, int count) {
        Floats columns = backend.floats(rows.size() / width * count);
        backend.elementwise().copyColumns(count, rows, width, first, columns, count, 0);
        return columns;
    }

    @Override
    public boolean isNonNegative() {
        return directions.get(0).cell() == Cell.RELU;
    }

    @Override
    void backward(Backend backend, Floats dy, Gradients gradients) {
        for (int i = 0; i < directions.size(); i++) {
            RecurrentShape shape = shape(i);
            try (Floats dh = part(backend, dy, i);
                    Floats dProjected = backend.floats(shape.gatesSize());
                    Floats dHidden = backend.floats(shape.gatesSize())) {
                Direction direction = directions.get(i);
                backend.recurrence()
                        .recurrentBackward(
                                shape, direction.hiddenWeight().value(), h(i), saved(i), dh, dProjected, dHidden);
                if (gradients.ofParameters()) {
                    parameterGradients(backend, i, dProjected, dHidden, gradients);
                }
                if (input().needsGradient()) {
                    gradients.add(input(), back(backend, direction, dProjected));
                }
            }
        }
        dy.close();
    }

    private Floats back(Backend backend, Direction direction, Floats dProjected) {
        Floats dx = backend.floats(input().size());
        backend.convolutions()
                .gemm(
                        false,
                        false,
                        steps(),
                        input().channels(),
                        direction.gates(),
                        dProjected,
                        direction.inputWeight().value(),
                        dx);
        return dx;
    }

    private void parameterGradients(Backend backend, int i, Floats dProjected, Floats dHidden, Gradients gradients) {
        Direction direction = directions.get(i);
        gradients.addTo(direction.inputBias(), db -> sumSteps(backend, dProjected, direction.gates(), db));
        gradients.addTo(direction.hiddenBias(), db -> sumSteps(backend, dHidden, direction.gates(), db));
        gradients.addTo(direction.inputWeight(), dw -> backend.convolutions()
                .gemm(true, false, direction.gates(), input().channels(), steps(), dProjected, input().data(), dw));
        gradients.addTo(direction.hiddenWeight(), dw -> hiddenWeightGradient(backend, i, dHidden, dw));
    }

    /** The sums over all steps, as the product of a row of ones and the values. */
    private void sumSteps(Backend backend, Floats values, int width, Floats sums) {
        try (Floats ones = backend.floats(steps())) {
            backend.fill(ones, 1f);
            backend.convolutions().gemm(false, false, 1, width, steps(), ones, values, sums);
        }
    }

    private void hiddenWeightGradient(Backend backend, int i, Floats dHidden, Floats dw) {
        RecurrentShape shape = shape(i);
        int units = shape.units();
        int gates = directions.get(i).gates();
        try (Floats before = before(backend, shape, h(i))) {
            backend.convolutions().gemm(true, false, gates, units, steps(), dHidden, before, dw);
        }
        if (shape.cell() == Cell.GRU_RESET_BEFORE) { // n reads r h', block 3 of what is saved
            int width = shape.cell().saved() * units;
            try (Floats ofN = columns(backend, dHidden, gates, 2 * units, units);
                    Floats reset = columns(backend, saved(i), width, 3 * units, units);
                    Floats product = backend.floats((long) units * units)) {
                backend.convolutions().gemm(true, false, units, units, steps(), ofN, reset, product);
                backend.copy(product, 0, dw, 2L * units * units, product.size());
            }
        }
    }

    /** For every step the hidden state of the one before, zeros for the first. */
    private static Floats before(Backend backend, RecurrentShape shape, Floats h) {
        int series = shape.steps() * shape.units();
        Floats before = backend.floats(h.size());
        backend.fill(before, 0f);
        if (shape.steps() > 1) {
            int source = shape.backwards() ? shape.units() : 0;
            backend.elementwise()
                    .copyColumns(series - shape.units(), h, series, source, before, series, shape.units() - source);
        }
        return before;
    }

    @Override
    void free() {
        for (Passed one : passed) {
            one.h.close();
            one.saved.close();
        }
    }
}
