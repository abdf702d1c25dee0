package unweave.lrp;

import java.util.List;
import java.util.Optional;
import unweave.engine.tape.RecurrentNode;
import unweave.engine.tape.RecurrentNode.Direction;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.RecurrentShape;
import unweave.kernels.RecurrentShape.Cell;

/**
 * Relevance through time by LRP-all (Arras et al. 2017, "Explaining recurrent neural network predictions in sentiment
 * analysis"; 2019, "Explaining and interpreting LSTMs"): of a product of a gate and a signal all goes to the signal and
 * none to the gate, and sums are shared by the epsilon rule. Since no gate receives any, of all weights only those of
 * the signal matter. {@link unweave.kernels.Recurrence#recurrentRelevance} has the formulas of the steps; this class
 * shares the quotients q = R / s(a) of the signal's pre-activations a out to the inputs: x_j sum over k: w_kj q_k.
 */
record RecurrentRelevance(RecurrentNode node, TransformedWeights transformed) implements NodeRelevance {
    @Override
    public Optional<LayerKind> kind() {
        return Optional.of(LayerKind.RECURRENT);
    }

    @Override
    public void requireFit(Assignment assignment) {
        Rule rule = assignment.rule();
        boolean epsilon = rule.fractions().size() == 1
                && rule.fractions().get(0).factor() == 1f
                && rule.fractions().get(0).branch() == Fraction.Branch.ALL
                && rule.fractions().get(0).dividesByPreactivation(true)
                && rule.stabilizer().kind() == Stabilizer.Kind.ADDED;
        if (!epsilon) {
            throw new BadInputException("layer " + layer() + " (" + assignment.kind() + ") cannot follow the rule "
                    + rule + ": its sums are shared in proportion to what adds up; give it epsilon(0.001)");
        }
    }

    @Override
    public Shares propagate(Passage passage, Assignment assignment, Arrivals.Arrival arrived) {
        Backend backend = passage.backend();
        Optional<Absorption> absorption = passage.absorption(this, arrived);
        absorption.ifPresent(Absorption::nothingDropped);
        Floats total = null;
        for (int i = 0; i < node.directions().size(); i++) {
            Floats share = share(backend, i, assignment.rule(), arrived.relevance(), absorption);
            if (total == null) {
                total = share;
            } else {
                backend.elementwise().addScaled(1f, share, total);
                share.close();
            }
        }
        List<Floats> shares = List.of(total);
        passage.record(this, assignment, arrived, shares, absorption);
        return new Shares(shares, node.input().isNonNegative());
    }

    private Floats share(Backend backend, int i, Rule rule, Floats arrived, Optional<Absorption> absorption) {
        Direction direction = node.directions().get(i);
        try (Floats relevance = node.part(backend, arrived, i);
                Floats quotient = backend.floats(relevance.size());
                Floats lost = backend.floats(relevance.size())) {
            backend.recurrence()
                    .recurrentRelevance(
                            node.shape(i),
                            rule.stabilizer().epsilon(),
                            direction.hiddenWeight().value(),
                            node.h(i),
                            node.saved(i),
                            relevance,
                            quotient,
                            lost);
            absorption.ifPresent(books -> {
                books.toStabilizer(lost);
                addBiases(backend, i, quotient, books);
            });
            return toInputs(backend, direction, quotient);
        }
    }

    private Floats toInputs(Backend backend, Direction direction, Floats quotient) {
        int units = direction.units();
        int features = node.input().channels();
        Floats share = backend.floats(quotient.size() / units * features);
        try (Floats weights =
                ofSignal(backend, direction, direction.inputWeight().value(), features)) {
            int steps = Math.toIntExact(quotient.size() / units);
            backend.convolutions().gemm(false, false, steps, features, units, quotient, weights, share);
        }
        backend.elementwise().multiply(share, node.input().data(), share);
        return share;
    }

    /** The rows of the signal, of {@code width} values. */
    private static Floats ofSignal(Backend backend, Direction direction, Floats values, int width) {
        long size = (long) direction.units() * width;
        Floats rows = backend.floats(size);
        backend.copy(values, direction.cell().signal() * size, rows, 0, size);
        return rows;
    }

    /** q b_ih + q b_hh, of which the reset gate of a GRU multiplies the latter. */
    private void addBiases(Backend backend, int i, Floats quotient, Absorption books) {
        Direction direction = node.directions().get(i);
        RecurrentShape shape = node.shape(i);
        try (Floats ofInput = ofSignal(backend, direction, direction.inputBias().value(), 1);
                Floats ofHidden =
                        ofSignal(backend, direction, direction.hiddenBias().value(), 1);
                Floats taken = backend.floats(quotient.size())) {
            backend.elementwise().multiply(quotient, ofInput, taken);
            books.toBias(taken);
            backend.elementwise().multiply(quotient, ofHidden, taken);
            if (shape.cell() == Cell.GRU) {
                try (Floats reset = backend.floats(shape.size())) {
                    int width = shape.cell().saved() * shape.units();
                    backend.elementwise().copyColumns(shape.units(), node.saved(i), width, 0, reset, shape.units(), 0);
                    backend.elementwise().multiply(taken, reset, taken);
                }
            }
            books.toBias(taken);
        }
    }
}
