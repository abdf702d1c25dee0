package unweave.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class OptimizerTest {
    /** One weight, whose gradient is the input. */
    private static final ModelDescription ONE_WEIGHT = ModelDescription.parse(
            """
      {"input": {"height": 1, "width": 1}, "classes": ["a"], "layers": [
        {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 1, "bias": false}]}""");

    private static final float[] GRADIENTS = {0.5f, -2f, 1.5f, 0.25f};

    @Test
    void sgdFollowsTheFormula() {
        double w = 1;
        double velocity = 0;
        for (float gradient : GRADIENTS) {
            velocity = 0.9 * velocity + gradient + 0.1 * w;
            w -= 0.05 * velocity;
        }
        assertEquals(w, trained(new Optimizer.Sgd(0.05f, 0.9f, 0.1f)), 1e-6);
    }

    @Test
    void adamFollowsTheFormula() {
        double w = 1;
        double m = 0;
        double v = 0;
        for (int step = 1; step <= GRADIENTS.length; step++) {
            double g = GRADIENTS[step - 1] + 0.1 * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= 0.05 * (m / (1 - Math.pow(0.9, step))) / (Math.sqrt(v / (1 - Math.pow(0.999, step))) + 1e-8);
        }
        assertEquals(w, trained(Optimizer.adam(0.05f, 0.1f)), 1e-6);
    }

    private static float trained(Optimizer optimizer) {
        try (Backend backend = CpuBackend.create(1);
                Model model = model(backend);
                OptimizerState state = new OptimizerState(optimizer, model)) {
            for (float gradient : GRADIENTS) {
                step(model, state, gradient);
            }
            assertEquals(4, state.step());
            return model.weights().get("dense.weight")[0];
        }
    }

    private static Model model(Backend backend) {
        return Model.of(ONE_WEIGHT, backend, parameter -> new float[] {1});
    }

    private static void step(Model model, OptimizerState state, float gradient) {
        Backend backend = model.backend();
        try (Tape tape = Tape.training(backend, 0)) {
            Tensor y = model.forward(tape, tape.input(backend.floats(new float[] {gradient}), 1, 1, 1, 1));
            tape.backward(y, backend.floats(new float[] {1}), List.of());
            state.update();
        }
    }

    @Test
    void aRestoredStateGoesOnAsTheOldOne() {
        Optimizer adam = Optimizer.adam(0.05f, 0.1f);
        try (Backend backend = CpuBackend.create(1);
                Model model = model(backend);
                OptimizerState first = new OptimizerState(adam, model);
                OptimizerState second = new OptimizerState(adam, model)) {
            step(model, first, 0.5f);
            step(model, first, -2f);
            second.restore(first.step(), first.values());
            step(model, second, 1.5f);
            step(model, second, 0.25f);
            assertEquals(trained(adam), model.weights().get("dense.weight")[0]);
            assertArrayEquals(
                    new Object[] {"m/dense.weight", "v/dense.weight"},
                    second.values().keySet().toArray());
            assertThrows(IllegalArgumentException.class, () -> second.restore(1, Map.of()));
        }
    }
}
