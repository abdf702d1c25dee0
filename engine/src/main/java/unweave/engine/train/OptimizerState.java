package unweave.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import unweave.engine.model.Model;
import unweave.engine.tape.Parameter;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.Spans;

/** The state of an optimiser for one model: the number of updates and the values kept for each weight. */
public final class OptimizerState implements AutoCloseable {
    private final Optimizer optimizer;
    private final Backend backend;
    private final List<Parameter> parameters;
    private final List<List<Floats>> states = new ArrayList<>();
    private final float[] stepValues;
    /** The same on the device; null if there are none. */
    private final Floats deviceStepValues;

    private int step;

    public OptimizerState(Optimizer optimizer, Model model) {
        this.optimizer = optimizer;
        this.backend = model.backend();
        this.parameters =
                model.parameters().stream().filter(Parameter::trainable).toList();
        for (Parameter parameter : parameters) {
            List<Floats> state = new ArrayList<>();
            for (int i = 0; i < optimizer.stateNames().size(); i++) {
                Floats zeros = backend.floats(parameter.value().size());
                backend.fill(zeros, 0f);
                state.add(zeros);
            }
            states.add(state);
        }
        stepValues = new float[optimizer.stepValues()];
        deviceStepValues = stepValues.length == 0 ? null : backend.floats(stepValues.length);
    }

    /** Number of updates so far. */
    public int step() {
        return step;
    }

    /** Updates all trainable parameters by the gradients of the last backward pass, and clears those. */
    public void update() {
        begin();
        apply();
    }

    /** The part of {@link #update} that differs between updates. */
    void begin() {
        step++;
        if (deviceStepValues != null) {
            optimizer.beginStep(step, stepValues);
            backend.upload(stepValues, 0, deviceStepValues, 0, stepValues.length);
        }
    }

    /** The part of {@link #update} that a recording can repeat. */
    void apply() {
        try (Spans.Span span = backend.spans().open("update", "weights")) {
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                optimizer.update(backend, deviceStepValues, parameter.gradient(), states.get(i), parameter.value());
                parameter.clearGradient();
            }
        }
    }

    /** The values kept, named such as "m/conv1.weight", in the order of memory. */
    public Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        forEach((name, state) -> values.put(name, backend.toArray(state)));
        return values;
    }

    /** Restores the state that {@link #step} and {@link #values} returned. */
    public void restore(int step, Map<String, float[]> values) {
        this.step = step;
        forEach((name, state) -> {
            float[] value = values.get(name);
            if (value == null || value.length != state.size()) {
                throw new BadInputException("the optimiser needs " + state.size() + " values of " + name);
            }
            backend.upload(value, 0, state, 0, value.length);
        });
    }

    private void forEach(BiConsumer<String, Floats> action) {
        for (int i = 0; i < parameters.size(); i++) {
            for (int j = 0; j < optimizer.stateNames().size(); j++) {
                action.accept(
                        optimizer.stateNames().get(j) + "/" + parameters.get(i).name(),
                        states.get(i).get(j));
            }
        }
    }

    @Override
    public void close() {
        states.forEach(state -> state.forEach(Floats::close));
        states.clear();
        if (deviceStepValues != null) {
            deviceStepValues.close();
        }
    }
}
