package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;

/** A depth-wise convolution is the convolution with as many groups as input channels. */
class DepthwiseTest {
    private static final String DEPTHWISE =
            "{\"name\": \"deep\", \"kind\": \"depthwise\", \"multiplier\": 2, \"kernel\": 3, \"stride\": [2, "
                    + "1], \"padding\": 1}";
    private static final String GROUPS =
            "{\"name\": \"deep\", \"kind\": \"conv\", \"filters\": 6, \"groups\": 3, \"kernel\": 3, \"stride\": "
                    + "[2, 1], \"padding\": 1}";

    private static ModelDescription network(String layer) {
        return ModelDescription.parse(
                """
        {"input": {"height": 8, "width": 6, "channels": 3}, "classes": ["a", "b"], "layers": [
          %s, {"name": "relu", "kind": "relu"}, {"name": "pool", "kind": "maxpool", "window": 2},
          {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(layer));
    }

    @Test
    void shapesParametersAndJson() {
        ModelDescription description = network(DEPTHWISE);
        assertEquals(LayerShape.image(4, 6, 6), description.outputShape("deep"));
        assertEquals(
                List.of(3, 3, 1, 6), description.parameters().get(0).shape(), "one input channel for every filter");
        assertEquals(description, ModelDescription.parse(description.toText()));
        assertEquals(
                network(GROUPS).receptiveField("pool").at(1, 1),
                description.receptiveField("pool").at(1, 1));
        assertEquals(
                "layer deep: \"multiplier\" must be a whole number of at least 1, not 0",
                assertThrows(BadInputException.class, () -> network(DEPTHWISE.replace("2, \"kernel", "0, \"kernel")))
                        .getMessage());
    }

    @Test
    void outputsAndGradientsAreThoseOfAGroupedConvolution() {
        try (Backend backend = CpuBackend.create(1);
                Model depthwise = Model.create(network(DEPTHWISE), backend, 1);
                Model groups = Model.create(network(GROUPS), backend, 1)) {
            float[] x = new float[4 * depthwise.description().input().features()];
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextDouble(-1, 1);
            }
            assertArrayEquals(groups.predict(x, 4), depthwise.predict(x, 4));
            for (Model model : List.of(depthwise, groups)) {
                try (Tape tape = Tape.training(backend, 1);
                        Ints labels = backend.ints(new int[] {0, 1, 1, 0})) {
                    tape.backward(tape.crossEntropy(
                            "loss", model.forward(tape, tape.input(backend.floats(x), 4, 8, 6, 3)), labels));
                }
            }
            for (String name : List.of("deep.weight", "deep.bias")) {
                assertArrayEquals(
                        backend.toArray(groups.parameter(name).gradient()),
                        backend.toArray(depthwise.parameter(name).gradient()),
                        name);
            }
        }
    }
}
