package unweave.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import unweave.engine.layer.BatchNorm;
import unweave.engine.layer.Conv;
import unweave.engine.layer.LayerKinds;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.ParameterDescription;
import unweave.engine.layer.Size;

class ModelDescriptionTest {
    private static final String EVERY_KIND =
            """
      {"input": {"height": 9, "width": 8, "channels": 2},
       "layers": [
         {"name": "conv1", "kind": "conv", "filters": 4, "kernel": [3, 5], "padding": "same"},
         {"name": "norm1", "kind": "batchnorm", "momentum": 0.2},
         {"name": "relu1", "kind": "relu"},
         {"name": "conv2", "kind": "conv", "filters": 4, "kernel": 3, "padding": 2, "dilation": 2, "groups": 2,
           "bias": false},
         {"name": "sum", "kind": "add", "inputs": ["relu1", "conv2"]},
         {"name": "pool1", "kind": "maxpool", "window": 3, "stride": 2, "padding": 1},
         {"name": "pool2", "kind": "avgpool", "window": [1, 2]},
         {"name": "pool3", "kind": "globalavgpool"},
         {"name": "flatten", "kind": "flatten"},
         {"name": "dropout", "kind": "dropout", "probability": 0.25},
         {"name": "dense", "kind": "dense", "units": 3}],
       "classes": ["cat", "dog", "owl"],
       "preprocessing": {"sampleRate": 16000, "mel": [1.50, 2e3]},
       "training": {"epochs": 3}}""";

    @Test
    void jsonRoundTripKeepsEverything() {
        ModelDescription description = ModelDescription.parse(EVERY_KIND);
        assertEquals(description, ModelDescription.parse(description.toText()));
        assertEquals(description, ModelDescription.parse(description.toString()));
        assertEquals(List.of("cat", "dog", "owl"), description.classNames());
        assertEquals(
                "{\"sampleRate\":16000,\"mel\":[1.50,2e3]}",
                description.preprocessing().toString());
        assertEquals("{\"epochs\":3}", description.trainingRecord().toString());
        Conv conv = (Conv) description.layer("conv1");
        assertEquals(new Size(1, 2), conv.padding());
        assertEquals(0.2f, ((BatchNorm) description.layer("norm1")).momentum());
    }

    @Test
    void shapesAreInferred() {
        ModelDescription description = ModelDescription.parse(EVERY_KIND);
        assertEquals(LayerShape.image(9, 8, 4), description.outputShape("conv1"));
        assertEquals(LayerShape.image(9, 8, 4), description.outputShape("conv2"));
        assertEquals(LayerShape.image(5, 4, 4), description.outputShape("pool1"));
        assertEquals(LayerShape.image(5, 2, 4), description.outputShape("pool2"));
        assertEquals(LayerShape.image(1, 1, 4), description.outputShape("pool3"));
        assertEquals(LayerShape.vector(4), description.outputShape("flatten"));
        assertEquals(LayerShape.vector(3), description.outputShape("dense"));
    }

    @Test
    void presetsHaveTheSizesOfTheThesis() {
        assertEquals(64, ModelDescription.toy().outputShape("flatten").features());
        assertEquals(2048, ModelDescription.gtzan().outputShape("flatten").features());
        assertEquals(LayerShape.image(8, 8, 128), ModelDescription.gtzan().outputShape("conv5"));
        assertFalse(ModelDescription.toy().layerNames().contains("dropout1"));
        assertEquals(
                List.of("dense1", "relu6", "dropout1", "dense2", "relu7", "dropout2", "dense3"),
                ModelDescription.gtzan().layerNames().subList(16, 23));
        int weights = ModelDescription.toy().parameters().stream()
                .mapToInt(ParameterDescription::size)
                .sum();
        assertEquals(
                9 * 8 + 8 + 9 * 64 + 8 + 9 * 128 + 16 + 2 * (9 * 256 + 16) + 64 * 20 + 20 + 20 * 20 + 20 + 20 * 2 + 2,
                weights);
    }

    @Test
    void architectureLeavesOutWhatWeightsDoNotDependOn() {
        ModelDescription toy = ModelDescription.toy();
        JsonObject record = JsonParser.parseString("{\"accuracy\": 0.999}").getAsJsonObject();
        assertEquals(
                toy.architecture(),
                toy.withTrainingRecord(record).withClassNames(List.of("a", "b")).architecture());
        assertNotEquals(toy, toy.withTrainingRecord(record));
        assertNotEquals(toy.architecture(), ModelDescription.gtzan().architecture());
    }

    @Test
    void whatIsCarriedAlongCannotBeChangedFromOutside() {
        JsonObject record = new JsonObject();
        ModelDescription description = ModelDescription.toy().withTrainingRecord(record);
        record.addProperty("changed", true);
        description.trainingRecord().addProperty("changed", true);
        assertEquals(new JsonObject(), description.trainingRecord());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name': 'c', 'kind': 'cnov'} | layer c: unknown kind \"cnov\" (did you mean conv?); the kinds are KINDS",
                "{'name': 'c', 'kind': 'conv', 'filters': 0, 'kernel': 3} | layer c: \"filters\" must be a "
                        + "whole number of at least 1, not 0",
                "{'name': 'c', 'kind': 'conv', 'filters': 2.5, 'kernel': 3} | layer c: \"filters\" must be a "
                        + "whole number of at least 1, not 2.5",
                "{'name': 'c', 'kind': 'conv', 'filters': 2} | layer c: \"kernel\" must be a whole number of at "
                        + "least 1 or [height, width], not missing",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 3, 'strides': 2} | layer c: unknown "
                        + "field \"strides\" (did you mean stride?); the fields are name, kind, inputs, filters, kernel, stride, "
                        + "dilation, padding, groups, bias",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 3, 'padding': 'valid'} | layer c: \"padding\" "
                        + "must be a whole number of at least 0, [height, width] or [top, left, bottom, right], not "
                        + "\"valid\"",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 3, 'padding': [1, 2, 0]} | layer c: \"padding\" "
                        + "must be a whole number of at least 0, [height, width] or [top, left, bottom, right], not "
                        + "[1,2,0]",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 3, 'padding': [1, 2, 0, -1]} | layer c: "
                        + "\"padding\" must be a whole number of at least 0, [height, width] or [top, left, bottom, "
                        + "right], not -1",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 3, 'groups': 2} | layer c: groups 2 must "
                        + "divide the input channels 1 and the output channels 2",
                "{'name': 'c', 'kind': 'conv', 'filters': 2, 'kernel': 9} | layer c: kernel 9x9 is larger than "
                        + "the padded input 4x4",
                "{'name': 'c', 'kind': 'maxpool', 'window': 5} | layer c: window 5x5 is larger than its input 4x4",
                "{'name': 'c', 'kind': 'dense', 'units': 2} | layer c: a dense layer reads a vector, not an "
                        + "image of 4x4x1; put a flatten layer before it",
                "{'name': 'c', 'kind': 'add'} | layer c: add needs \"inputs\", the names of two or more layers, not []",
                "{'name': 'c', 'kind': 'add', 'inputs': ['input']} | layer c: add needs \"inputs\", the names of two or more "
                        + "layers, not [input]",
                "{'name': 'c', 'kind': 'relu', 'inputs': ['later']} | layer c: unknown input \"later\"; the "
                        + "layers before it are input",
                "{'name': 'input', 'kind': 'relu'} | layer input: the name is taken, \"input\" means the input "
                        + "of the network",
                "{'name': 'a b', 'kind': 'relu'} | layer 'a b': a name consists of letters, digits and the "
                        + "characters _ - .",
                "{'name': 'd', 'kind': 'dropout', 'probability': 1} | layer d: probability must be at least 0 "
                        + "and below 1, not 1.0",
                "{'name': 'c', 'kind': 'relu'} | layer c: the last layer must give one value for each of the 2 "
                        + "classes, not 4x4x1",
                "{'kind': 'relu'} | layer 1: \"name\" must be a text, not missing",
                "7 | layer 1: must be an object {\"name\": ..., \"kind\": ...}"
            })
    void wrongLayersAreNamedInOneLine(String layer, String message) {
        assertEquals(
                message.replace("KINDS", String.join(", ", LayerKinds.names())),
                complaint("{'input': {'height': 4, 'width': 4}, 'layers': [" + layer + "], 'classes': ['a', 'b']}"));
    }

    @Test
    void wrongNetworksAreExplained() {
        String relu = "{'name': 'r', 'kind': 'relu'}";
        assertEquals(
                "layer r: the name is taken by an earlier layer; every layer needs its own",
                complaint(network(relu + "," + relu)));
        assertEquals(
                "layer r: no layer reads it; only the last layer, s, may end the network",
                complaint(network(relu + ", {'name': 's', 'kind': 'flatten', 'inputs': ['input']}")));
        assertEquals(
                "layer s: 4x4x1 (input) and 2x2x1 (p) do not fit together; on every axis the lengths must be equal, or "
                        + "one of them 1",
                complaint(network("{'name': 'p', 'kind': 'maxpool', 'window': 2}, {'name': 's', 'kind': 'add', "
                        + "'inputs': ['input', 'p']}")));
        assertEquals(
                "layer pool: maxpool reads an image, not a vector of 16 (flattened 4x4x1); put it before flatten",
                complaint(
                        network("{'name': 'f', 'kind': 'flatten'}, {'name': 'pool', 'kind': 'maxpool', 'window': 1}")));
        assertEquals(
                "layer d: the last layer must give one value for each of the 2 classes, not 3",
                complaint(network("{'name': 'f', 'kind': 'flatten'}, {'name': 'd', 'kind': 'dense', 'units': 3}")));
        assertEquals(
                "layer d: its weight of shape [16, 100000000] is too large",
                complaint(network(
                        "{'name': 'f', 'kind': 'flatten'}, {'name': 'd', 'kind': 'dense', 'units': 100000000}")));
        assertEquals(
                "layer d: 1x1x2000000000 is more than 2^27 values for one input",
                complaint(network(
                        "{'name': 'f', 'kind': 'flatten'}, {'name': 'd', 'kind': 'dense', 'units': 2000000000}")));
        assertEquals(
                "layer c: its output would be 16000000000 values for one input",
                complaint(network("{'name': 'c', 'kind': 'conv', 'filters': 1000000000, 'kernel': 1}")));
        assertEquals(
                "model description: \"layers\" must be a list [...], not missing",
                complaint("{'input': {'height': 4, 'width': 4}}"));
        assertEquals(
                "model description: must be a JSON object such as {\"input\": ..., \"layers\": ..., \"classes\": ...}",
                complaint("[]"));
        assertEquals(
                "layer pool6: window 2x2 is larger than its input 1x1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ModelDescription.cnn(32, new int[] {1, 1, 1, 1, 1, 1}, 1, 2, 0f))
                        .getMessage());
    }

    @Test
    void textThatIsNotJsonIsRefusedInOneLine() {
        assertEquals(
                "model description: not JSON (End of input at line 1 column 11 path $.input)", complaint("{'input': "));
        assertEquals(1, complaint("RIFF\n\u0000WAVE").lines().count());
    }

    private static String network(String layers) {
        return "{'input': {'height': 4, 'width': 4}, 'layers': [" + layers + "], 'classes': ['a', 'b']}";
    }

    private static String complaint(String json) {
        return assertThrows(IllegalArgumentException.class, () -> ModelDescription.parse(json.replace('\'', '"')))
                .getMessage();
    }
}
