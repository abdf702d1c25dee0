package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/**
 * Gradients of layers with uncommon windows and padding, against central differences of a logit; smooth activations and
 * one kind of layer leave no kinks to fall over.
 */
class GeometryGradientTest {
    private static final int BATCH = 2;
    private static final double STEP = 1e-2;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"conv\", \"filters\": 3, \"kernel\": [2, 4], \"stride\": [1, 2], \"padding\": [0, 3, 1, 0]",
                "\"conv\", \"filters\": 3, \"kernel\": [4, 2], \"padding\": \"same\", \"dilation\": [1, 3]",
                "\"avgpool\", \"window\": 3, \"stride\": 2, \"padding\": [2, 0, 0, 1], \"ceil\": true, "
                        + "\"countPadding\": false",
                "\"avgpool\", \"window\": [2, 3], \"stride\": 1, \"dilation\": 2, \"padding\": \"same\"",
                "\"lppool\", \"p\": 3, \"window\": 2, \"padding\": [1, 0, 0, 0], \"ceil\": true",
                "\"convtranspose\", \"filters\": 4, \"kernel\": [3, 2], \"stride\": [2, 3], \"groups\": 2, "
                        + "\"dilation\": [1, 2], \"padding\": [0, 2, 1, 0], \"extra\": [1, 2]",
                "\"depthwise\", \"multiplier\": 2, \"kernel\": [1, 4], \"padding\": [0, 1, 0, 2]"
            })
    void gradientsAreTheSlopeOfALogit(String layer) {
        ModelDescription description = ModelDescription.parse(
                """
            {"input": {"height": 6, "width": 7, "channels": 2}, "classes": ["a", "b"], "layers": [
              {"name": "layer", "kind": %s}, {"name": "smooth", "kind": "activation", "function": "tanh"},
              {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(layer));
        SplittableRandom random = new SplittableRandom(3);
        float[] x = uniform(random, BATCH * description.input().features());
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.of(description, backend, p -> uniform(random, p.size()))) {
            float[] gradient;
            try (Tape tape = Tape.training(backend, 1)) {
                Tensor input = tape.inputWithGradient(
                        backend.floats(x), description.input().ofBatch(BATCH));
                Tensor logits = model.forward(tape, input);
                try (Floats arrived = tape.backward(logits, backend.floats(new float[] {1, 0, 1, 0}), List.of(input))
                        .get(0)) {
                    gradient = backend.toArray(arrived);
                }
            }
            assertSlope(gradient, uniform(random, x.length), moved -> logits(model, added(x, moved)), "input");
            for (Parameter parameter : model.parameters()) {
                float[] values = backend.toArray(parameter.value());
                float[] direction = uniform(random, values.length);
                assertSlope(
                        backend.toArray(parameter.gradient()),
                        direction,
                        moved -> {
                            backend.upload(added(values, moved), 0, parameter.value(), 0, values.length);
                            double value = logits(model, x);
                            backend.upload(values, 0, parameter.value(), 0, values.length);
                            return value;
                        },
                        parameter.name());
            }
        }
    }

    private interface Loss {
        double at(float[] moved);
    }

    private static void assertSlope(float[] gradient, float[] direction, Loss loss, String what) {
        double expected = 0;
        double length = 0;
        for (int i = 0; i < gradient.length; i++) {
            expected += (double) gradient[i] * direction[i];
            length += Math.abs((double) gradient[i] * direction[i]);
        }
        assertTrue(length > 0, what);
        double slope = (loss.at(scaled(direction, STEP)) - loss.at(scaled(direction, -STEP))) / (2 * STEP);
        assertEquals(expected, slope, 1e-3 * length + 1e-3, what);
    }

    private static double logits(Model model, float[] x) {
        float[] logits = model.predict(x, BATCH);
        return (double) logits[0] + logits[2];
    }

    private static float[] added(float[] a, float[] b) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static float[] scaled(float[] values, double factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= (float) factor;
        }
        return scaled;
    }

    private static float[] uniform(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        return values;
    }
}
