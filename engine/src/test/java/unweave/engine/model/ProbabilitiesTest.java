package unweave.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.kernels.BadInputException;

class ProbabilitiesTest {
    private static final String NETWORK =
            """
      {"input": {"height": 2, "width": 2}, "layers": [{"name": "flat", "kind": "flatten"},
        {"name": "out", "kind": "dense", "units": 3}]MORE}""";

    @Test
    void softmaxAddsUpAndSigmoidsStandByThemselves() {
        double[] logits = {Math.log(1), Math.log(2), Math.log(5)};
        assertArrayEquals(new double[] {1 / 8.0, 2 / 8.0, 5 / 8.0}, Probabilities.SOFTMAX.of(logits), 1e-15);
        assertArrayEquals(new double[] {1 / 2.0, 2 / 3.0, 5 / 6.0}, Probabilities.SIGMOID.of(logits), 1e-15);
        assertArrayEquals(new double[] {1, 0}, Probabilities.SOFTMAX.of(new double[] {1000, -1000}), 1e-15);
        assertArrayEquals(new double[] {1, 0}, Probabilities.SIGMOID.of(new double[] {1000, -1000}), 1e-15);
    }

    @Test
    void aDescriptionKeepsWhatItsLogitsMean() {
        ModelDescription tags = ModelDescription.network(json(", \"probabilities\": \"sigmoid\""), List.of());
        assertEquals(Probabilities.SIGMOID, tags.probabilities());
        assertEquals(tags, ModelDescription.parse(tags.toString()));
        assertEquals(
                Probabilities.SIGMOID,
                tags.withClassNames(List.of("a", "b", "c")).probabilities());
        assertEquals(
                Probabilities.SIGMOID, tags.withPreprocessing(new JsonObject()).probabilities());
        assertEquals(
                Probabilities.SIGMOID, tags.withTrainingRecord(new JsonObject()).probabilities());
        ModelDescription classes = ModelDescription.network(json(""), List.of());
        assertEquals(Probabilities.SOFTMAX, classes.probabilities());
        assertFalse(classes.toString().contains("probabilities"), "files of before keep their bytes");
        assertEquals(
                "unknown probabilities \"logistic\"; they are softmax (one class applies) or sigmoid (each class by"
                        + " itself)",
                assertThrows(
                                BadInputException.class,
                                () -> ModelDescription.network(json(", \"probabilities\": \"logistic\""), List.of()))
                        .getMessage());
    }

    @Test
    void aNetworkWithoutClassNamesTakesGivenOnesOrNumbers() {
        assertEquals(
                List.of("class 1", "class 2", "class 3"),
                ModelDescription.network(json(""), List.of()).classNames());
        List<String> names = List.of("a", "b", "c");
        assertEquals(names, ModelDescription.network(json(""), names).classNames());
        assertEquals(
                names,
                ModelDescription.network(json(", \"classes\": [\"x\", \"y\", \"z\"]"), names)
                        .classNames());
        assertEquals(
                "layer out: the last layer must give one value for each of the 2 classes, not 3",
                assertThrows(BadInputException.class, () -> ModelDescription.network(json(""), List.of("a", "b")))
                        .getMessage());
        assertThrows(BadInputException.class, () -> ModelDescription.fromJson(json("")));
    }

    private static JsonObject json(String more) {
        return JsonParser.parseString(NETWORK.replace("MORE", more)).getAsJsonObject();
    }
}
