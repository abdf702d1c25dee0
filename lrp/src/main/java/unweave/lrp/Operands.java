package unweave.lrp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** What stands for the inputs of one layer in the terms of a rule, each computed at most once: x, x+, x-, constants. */
final class Operands implements AutoCloseable {
    private final Backend backend;
    private final List<Tensor> inputs;
    private final Map<Term.Operand, List<Floats>> parts = new EnumMap<>(Term.Operand.class);
    private final Map<Float, List<Floats>> constants = new HashMap<>();

    Operands(Backend backend, List<Tensor> inputs) {
        this.backend = backend;
        this.inputs = inputs;
    }

    /**
     * One operand for each input of the layer; constants as a batch of one, which repeats. Owned by this object or by
     * the tape.
     */
    List<Floats> of(Term term) {
        return switch (term.operand()) {
            case INPUT -> inputs.stream().map(Tensor::data).toList();
            case POSITIVE_PART, NEGATIVE_PART -> parts.computeIfAbsent(term.operand(), this::part);
            case CONSTANT -> constants.computeIfAbsent(term.constant(), this::constant);
        };
    }

    private List<Floats> part(Term.Operand operand) {
        List<Floats> result = new ArrayList<>();
        for (Tensor input : inputs) {
            Floats part = backend.floats(input.size());
            if (operand == Term.Operand.POSITIVE_PART) {
                backend.propagation().positivePart(input.data(), part);
            } else {
                backend.propagation().negativePart(input.data(), part);
            }
            result.add(part);
        }
        return result;
    }

    private List<Floats> constant(float value) {
        List<Floats> result = new ArrayList<>();
        for (Tensor input : inputs) {
            Floats one = backend.floats(input.size() / input.batch());
            backend.fill(one, value);
            result.add(one);
        }
        return result;
    }

    @Override
    public void close() {
        parts.values().forEach(list -> list.forEach(Floats::close));
        constants.values().forEach(list -> list.forEach(Floats::close));
    }
}
