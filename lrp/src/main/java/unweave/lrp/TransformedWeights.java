package unweave.lrp;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import unweave.engine.tape.Parameter;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.WeightTransform;

/**
 * What depends on weights alone, computed once and kept: transformed weights, and the denominators of rules that ignore
 * the input. Nothing is ever recomputed, since weights do not change while a model is explained.
 */
final class TransformedWeights implements AutoCloseable {
    private record Weights(Parameter parameter, WeightTransform transform, float g) {}

    private record Denominator(Record layer, Fraction fraction, float g) {}

    private final Backend backend;
    private final Map<Record, Floats> kept = new HashMap<>();

    TransformedWeights(Backend backend) {
        this.backend = backend;
    }

    Backend backend() {
        return backend;
    }

    /** transform(w), owned by this object (or by the parameter). */
    Floats of(Parameter parameter, WeightTransform transform, float g) {
        if (transform == WeightTransform.IDENTITY) {
            return parameter.value();
        }
        boolean usesG = transform == WeightTransform.FAVOUR_POSITIVE || transform == WeightTransform.FAVOUR_NEGATIVE;
        return kept.computeIfAbsent(new Weights(parameter, transform, usesG ? g : 0f), key -> {
            Floats transformed = backend.floats(parameter.value().size());
            backend.propagation().transformWeights(transform, g, parameter.value(), transformed);
            backend.freeze(transformed);
            return transformed;
        });
    }

    /** transform(w) in new memory. */
    Floats copyOf(Parameter parameter, WeightTransform transform, float g) {
        Floats values = of(parameter, transform, g);
        Floats copy = backend.floats(values.size());
        backend.copy(values, 0, copy, 0, values.size());
        return copy;
    }

    /** The denominator of a fraction without the input, for a batch of one; owned by this object. */
    Floats denominator(Record layer, Fraction fraction, float g, Supplier<Floats> compute) {
        Denominator key = new Denominator(layer, fraction, g);
        Floats known = kept.get(key);
        if (known == null) {
            known = compute.get();
            kept.put(key, known);
        }
        return known;
    }

    @Override
    public void close() {
        kept.values().forEach(Floats::close);
        kept.clear();
    }
}
