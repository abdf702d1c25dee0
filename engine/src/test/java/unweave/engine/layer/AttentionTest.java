package unweave.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/** Softmax and products of activations. */
class AttentionTest {
    private static final String LAYERS =
            """
        {"name": "scores", "kind": "matmul", "transposeSecond": true, "inputs": ["input", "input"]},
        {"name": "weights", "kind": "softmax"},
        {"name": "mixed", "kind": "matmul", "inputs": ["weights", "input"]}""";

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    private static ModelDescription network(String layers) {
        return ModelDescription.parse(
                """
        {"input": {"height": 2, "width": 5, "channels": 3}, "classes": ["a", "b"], "layers": [
          %s, {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2}]}"""
                        .formatted(layers));
    }

    private float[] noise(int size) {
        return noise(size, 4);
    }

    private static float[] noise(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void shapesAndJson() {
        ModelDescription description = network(LAYERS);
        assertEquals(LayerShape.image(2, 5, 5), description.outputShape("scores"));
        assertEquals(LayerShape.image(2, 5, 5), description.outputShape("weights"));
        assertEquals(LayerShape.image(2, 5, 3), description.outputShape("mixed"));
        assertEquals(description, ModelDescription.parse(description.toText()));
        assertEquals(
                new ReceptiveField.Box(0, 0, 2, 5),
                description.receptiveField("mixed").at(1, 3));
    }

    @Test
    void matricesThatDoNotFitAreRefused() {
        assertEquals(
                "layer scores: multiplies 2x5x3 (input) and 2x5x3 (input): the 3 channels of the first must be the width"
                        + " of the second, and the heights equal or one of them 1",
                assertThrows(
                                BadInputException.class,
                                () -> network(LAYERS.replace("true, \"inputs", "false, \"inputs")))
                        .getMessage());
        assertEquals(
                "layer scores: matmul needs \"inputs\", the names of the two layers to multiply",
                assertThrows(BadInputException.class, () -> network("{\"name\": \"scores\", \"kind\": \"matmul\"}"))
                        .getMessage());
    }

    /** softmax(x x^T) x for every row of every image. */
    @Test
    void outputsAreThoseOfTheDefinition() {
        int batch = 3;
        float[] x = noise(batch * 2 * 5 * 3);
        try (Tape tape = Tape.inference(backend)) {
            Tensor input = tape.input(backend.floats(x), batch, 2, 5, 3);
            Tensor scores = tape.matmul("scores", input, input, true);
            Tensor weights = tape.softmax("weights", scores);
            float[] mixed =
                    backend.toArray(tape.matmul("mixed", weights, input, false).data());
            for (int matrix = 0; matrix < batch * 2; matrix++) {
                for (int i = 0; i < 5; i++) {
                    double[] expected = attend(x, matrix * 15, i);
                    for (int c = 0; c < 3; c++) {
                        assertEquals(expected[c], mixed[matrix * 15 + i * 3 + c], 2e-6);
                    }
                }
            }
            assertEquals(true, weights.isNonNegative());
        }
    }

    private static double[] attend(float[] x, int from, int row) {
        double[] result = new double[3];
        double sum = 0;
        for (int j = 0; j < 5; j++) {
            double score = 0;
            for (int c = 0; c < 3; c++) {
                score += (double) x[from + row * 3 + c] * x[from + j * 3 + c];
            }
            double power = Math.exp(score);
            sum += power;
            for (int c = 0; c < 3; c++) {
                result[c] += power * x[from + j * 3 + c];
            }
        }
        for (int c = 0; c < 3; c++) {
            result[c] /= sum;
        }
        return result;
    }

    /** A factor of height 1 meets every row of the other. */
    @Test
    void aFactorOfOneRowServesAllRows() {
        ModelDescription description = network(
                """
        {"name": "row", "kind": "slice", "axis": "height", "start": 1, "stop": 2},
        {"name": "scores", "kind": "matmul", "transposeSecond": true, "inputs": ["row", "input"]},
        {"name": "others", "kind": "matmul", "transposeSecond": true, "inputs": ["input", "row"]},
        {"name": "both", "kind": "add", "inputs": ["scores", "others"]}""");
        assertEquals(LayerShape.image(2, 5, 5), description.outputShape("scores"));
        float[] x = noise(2 * 2 * 5 * 3);
        try (Model model = Model.create(description, backend, 1);
                Tape tape = Tape.inference(backend)) {
            model.forwardEveryLayer(tape, tape.input(backend.floats(x), 2, 2, 5, 3));
            float[] scores = backend.toArray(tape.remembered("scores").data());
            float[] others = backend.toArray(tape.remembered("others").data());
            for (int i = 0; i < scores.length; i++) {
                int matrix = i / 25;
                int row = i / 5 % 5;
                int column = i % 5;
                int second = matrix | 1; // the second row of the same image
                assertEquals(product(x, second * 5 + row, matrix * 5 + column), scores[i], 1e-5);
                assertEquals(product(x, matrix * 5 + row, second * 5 + column), others[i], 1e-5);
            }
        }
    }

    private static double product(float[] x, int a, int b) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            sum += (double) x[a * 3 + c] * x[b * 3 + c];
        }
        return sum;
    }

    @Test
    void softmaxOfAVectorIsOverItsFeatures() {
        ModelDescription description = ModelDescription.parse(
                """
        {"input": {"height": 1, "width": 1, "channels": 4}, "classes": ["a", "b"], "layers": [
          {"name": "flatten", "kind": "flatten"}, {"name": "dense", "kind": "dense", "units": 2},
          {"name": "chances", "kind": "softmax"}]}""");
        assertEquals(LayerShape.vector(2), description.outputShape("chances"));
        try (Tape tape = Tape.inference(backend)) {
            float[] y =
                    backend.toArray(tape.softmax("chances", tape.input(backend.floats(new float[] {1000, 1000}), 1, 2))
                            .data());
            assertEquals(List.of(0.5f, 0.5f), List.of(y[0], y[1]));
        }
    }
}
