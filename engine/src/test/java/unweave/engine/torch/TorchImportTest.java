package unweave.engine.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.file.StateDict;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

class TorchImportTest {
    /**
     * Two convolutions of equal shape, batch normalisation, and a dense layer that reads a flattened 2 x 2 x 2 image.
     */
    private static final ModelDescription DESCRIPTION = ModelDescription.parse(
            """
      {"input": {"height": 2, "width": 2, "channels": 2}, "classes": ["a", "b"], "layers": [
        {"name": "first", "kind": "conv", "filters": 2, "kernel": 1}, {"name": "norm", "kind": "batchnorm"},
        {"name": "second", "kind": "conv", "filters": 2, "kernel": 1}, {"name": "flatten", "kind": "flatten"},
        {"name": "out", "kind": "dense", "units": 2}]}""");

    private static Backend backend;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(1);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @Test
    void theImportedNetworkComputesWhatTheStateDictSays() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("features.0", "features.1", "features.3", "classifier.0"), "")
                .write(file);
        try (Model model = TorchImport.load(file, DESCRIPTION, backend)) {
            float[] image = {1, 2, 3, 4, 5, 6, 7, 8};
            // first: swap the channels and add (10, 20); norm: (x - (1, 2)) / 2 (variance 4 - eps); second: keep
            // channel 0, double channel 1.
            double[] expected = new double[2];
            for (int pixel = 0; pixel < 4; pixel++) {
                double c0 = (image[2 * pixel + 1] + 10 - 1) / 2.0;
                double c1 = (image[2 * pixel] + 20 - 2) / 2.0 * 2;
                for (int o = 0; o < 2; o++) {
                    expected[o] += denseWeight(o, pixel) * c0 + denseWeight(o, 4 + pixel) * c1;
                }
            }
            float[] logits = model.predict(image, 1);
            assertEquals(expected[0] + 0.5, logits[0], 1e-3);
            assertEquals(expected[1] - 0.5, logits[1], 1e-3);
        }
    }

    /** Row-major O x (C H W). */
    private static float denseWeight(int output, int chw) {
        return (output + 1) * (chw * chw + 1) * 0.125f;
    }

    private static SafeTensorsWriter stateDict(List<String> modules, String prefix) {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        float[] dense = new float[16];
        for (int i = 0; i < 16; i++) {
            dense[i] = denseWeight(i / 8, i % 8);
        }
        writer.add("input", new float[] {9}, 1);
        writer.add(prefix + modules.get(0) + ".weight", new float[] {0, 1, 1, 0}, 2, 2, 1, 1)
                .add(prefix + modules.get(0) + ".bias", new float[] {10, 20}, 2);
        writer.add(prefix + modules.get(1) + ".weight", new float[] {1, 1}, 2)
                .add(prefix + modules.get(1) + ".bias", new float[2], 2)
                .add(prefix + modules.get(1) + ".running_mean", new float[] {1, 2}, 2)
                .add(prefix + modules.get(1) + ".running_var", new float[] {3.99999f, 3.99999f}, 2)
                .add(prefix + modules.get(1) + ".num_batches_tracked", new long[] {100});
        writer.add(prefix + modules.get(2) + ".weight", new float[] {1, 0, 0, 2}, 2, 2, 1, 1)
                .add(prefix + modules.get(2) + ".bias", new float[2], 2);
        writer.add(prefix + modules.get(3) + ".weight", dense, 2, 8)
                .add(prefix + modules.get(3) + ".bias", new float[] {0.5f, -0.5f}, 2);
        return writer;
    }

    @Test
    void modulesMatchByNameFirstAndThenByTheNumbersInTheirNames() throws IOException {
        List<List<String>> names = List.of(
                List.of("body.3", "body.4", "body.12", "head"),
                List.of("second.first", "norm", "second", "out"),
                List.of("zz", "nn", "second", "out"));
        for (List<String> modules : names) {
            Path file = folder.resolve("net.safetensors");
            stateDict(modules, "weights/").write(file);
            try (Model model = TorchImport.load(file, "weights/", Map.of(), DESCRIPTION, backend)) {
                assertArrayEquals(new float[] {0, 1, 1, 0}, model.weights().get("first.weight"), modules.toString());
                assertArrayEquals(new float[] {1, 0, 0, 2}, model.weights().get("second.weight"), modules.toString());
            }
        }
    }

    /** safetensors keeps no order: "block" comes before "stem" in a file that Python wrote. */
    @Test
    void modulesOfEqualShapeThatOnlyTheOrderCouldTellApartAreAmbiguous() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("stem", "bn", "block", "fc"), "").write(file);
        assertEquals(
                "net.safetensors: ambiguous: the modules block, stem have the shapes of layer first; name the module of"
                        + " every such layer, as the order in a file says nothing",
                message(file, Map.of(), DESCRIPTION));
        Map<String, String> names = Map.of("first", "stem", "second", "block");
        try (Model model = TorchImport.load(file, "", names, DESCRIPTION, backend)) {
            assertArrayEquals(new float[] {0, 1, 1, 0}, model.weights().get("first.weight"));
        }
    }

    @Test
    void modulesOfDifferentShapesFindTheirLayersInAnyOrder() throws IOException {
        ModelDescription description = ModelDescription.parse(
                """
          {"input": {"height": 1, "width": 4, "channels": 1}, "classes": ["a", "b"], "layers": [
            {"name": "first", "kind": "conv", "filters": 2, "kernel": [1, 3], "padding": [0, 1]},
            {"name": "second", "kind": "conv", "filters": 3, "kernel": [1, 1], "padding": [0, 0]},
            {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 2}]}""");
        Path file = folder.resolve("series.safetensors");
        new SafeTensorsWriter()
                .add("body.weight", new float[] {1, 2, 3, 4, 5, 6}, 3, 2, 1)
                .add("body.bias", new float[3], 3)
                .add("stem.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 1, 3)
                .add("stem.bias", new float[2], 2)
                .add("fc.weight", new float[24], 2, 12)
                .add("fc.bias", new float[2], 2)
                .write(file);
        try (Model model = TorchImport.load(file, description, backend)) {
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, model.weights().get("first.weight"));
            assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, model.weights().get("second.weight"));
        }
    }

    @Test
    void tensorsThatAreNoWeightsAreLeftOut() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("f.0", "f.1", "f.3", "c.0"), "")
                .add("spectrogram.window", new float[8], 8)
                .add("mel_scale.fb", new float[8], 4, 2)
                .write(file);
        try (Model model = TorchImport.load(file, DESCRIPTION, backend)) {
            assertArrayEquals(new float[] {0, 1, 1, 0}, model.weights().get("first.weight"));
        }
    }

    /** nn.BatchNorm2d(affine=False) has statistics alone. */
    @Test
    void aBatchNormalisationWithoutWeightAndBiasHasOneAndZero() throws IOException {
        ModelDescription description = ModelDescription.parse(
                """
          {"input": {"height": 1, "width": 1, "channels": 2}, "classes": ["a", "b"], "layers": [
            {"name": "bn", "kind": "batchnorm"}, {"name": "flatten", "kind": "flatten"},
            {"name": "out", "kind": "dense", "units": 2}]}""");
        Path file = folder.resolve("plain.safetensors");
        SafeTensorsWriter writer = new SafeTensorsWriter()
                .add("norm.running_mean", new float[] {1, 2}, 2)
                .add("norm.running_var", new float[] {4, 9}, 2)
                .add("out.weight", new float[] {1, 0, 0, 1}, 2, 2)
                .add("out.bias", new float[2], 2);
        writer.write(file);
        try (Model model = TorchImport.load(file, description, backend)) {
            assertArrayEquals(new float[] {1, 1}, model.weights().get("bn.weight"));
            assertArrayEquals(new float[] {0, 0}, model.weights().get("bn.bias"));
            assertArrayEquals(new float[] {1, 2}, model.predict(new float[] {3, 8}, 1), 1e-4f);
        }
        writer.add("norm.bias", new float[2], 2).write(file);
        assertEquals(
                "plain.safetensors: has no tensor norm.weight, which should be bn.weight of the model",
                message(file, Map.of(), description));
    }

    /** A 1 x 1 convolution stands for a dense layer at every position, in files too. */
    @Test
    void denseLayersAndConvolutionsOfOnePixelReadEachOthersWeights() throws IOException {
        ModelDescription description = ModelDescription.parse(
                """
          {"input": {"height": 1, "width": 1, "channels": 2}, "classes": ["a", "b"], "layers": [
            {"name": "pointwise", "kind": "conv", "filters": 2, "kernel": 1}, {"name": "flatten", "kind": "flatten"},
            {"name": "out", "kind": "dense", "units": 2}]}""");
        Path file = folder.resolve("pointwise.safetensors");
        new SafeTensorsWriter()
                .add("pointwise.weight", new float[] {1, 2, 3, 4}, 2, 2)
                .add("pointwise.bias", new float[2], 2)
                .add("out.weight", new float[] {5, 6, 7, 8}, 2, 2, 1, 1)
                .add("out.bias", new float[2], 2)
                .write(file);
        try (Model model = TorchImport.load(file, description, backend)) {
            assertArrayEquals(new float[] {1, 3, 2, 4}, model.weights().get("pointwise.weight"));
            assertArrayEquals(new float[] {5, 7, 6, 8}, model.weights().get("out.weight"));
        }
    }

    @Test
    void aFileOfNamesSaysWhatIsWhatAndWhatIsNotNeeded() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("stem", "bn", "block", "fc"), "")
                .add("decoder.up.weight", new float[8], 2, 1, 2, 2)
                .add("spectrogram.window", new float[8], 8)
                .write(file);
        Path json = folder.resolve("names.json");
        Files.writeString(json, "{\"first\": \"stem\", \"second\": \"block\", \"leave out\": [\"decoder\"]}");
        try (StateDict tensors = TorchImport.open(file)) {
            TorchImport.Weights weights = TorchImport.read(tensors, "", TensorNames.read(json), DESCRIPTION);
            assertArrayEquals(new float[] {0, 1, 1, 0}, weights.values().get("first.weight"));
            assertEquals(List.of("input", "decoder.up.weight", "spectrogram.window"), weights.leftOut());
        }
        assertTrue(namesComplaint(file, "{\"first\": \"stem\", \"second\": \"block\"}")
                .endsWith("what the network does without stands under \"leave out\" in the file of names"));
        assertEquals(
                "names.json: unknown layer \"third\"; the layers are first, norm, second, flatten, out",
                namesComplaint(file, "{\"third\": \"stem\"}"));
        assertEquals(
                "names.json: layer flatten has no weights, so it cannot be module stem",
                namesComplaint(file, "{\"flatten\": \"stem\"}"));
        assertEquals(
                "net.safetensors: has no tensor nowhere.weight, which names.json gives for first.weight",
                namesComplaint(file, "{\"first.weight\": \"nowhere.weight\"}"));
        assertEquals("names.json: \"first\" must be a text, not 3", namesComplaint(file, "{\"first\": 3}"));
        assertTrue(namesComplaint(file, "{first").startsWith("names.json: not JSON ("));
        assertTrue(namesComplaint(file, "[]").startsWith("names.json: must be a JSON object such as {"));
    }

    private String namesComplaint(Path file, String names) throws IOException {
        Path json = Files.writeString(folder.resolve("names.json"), names);
        try (StateDict tensors = TorchImport.open(file)) {
            return assertThrows(
                            BadInputException.class,
                            () -> TorchImport.read(tensors, "", TensorNames.read(json), DESCRIPTION))
                    .getMessage();
        }
    }

    /** nn.LSTM(num_layers=2, bidirectional=True, bias=False): its layers are modules, absent biases 0. */
    @Test
    void theLayersOfARecurrentModuleAreModules() throws IOException {
        ModelDescription description = ModelDescription.parse(
                """
          {"input": {"height": 1, "width": 3, "channels": 2}, "classes": ["a", "b", "c"], "layers": [
            {"name": "first", "kind": "lstm", "units": 1, "directions": "both"},
            {"name": "second", "kind": "lstm", "units": 1, "directions": "both"},
            {"name": "pool", "kind": "globalavgpool"}, {"name": "flatten", "kind": "flatten"},
            {"name": "out", "kind": "dense", "units": 3}]}""");
        Path file = folder.resolve("rnn.safetensors");
        SafeTensorsWriter writer = new SafeTensorsWriter();
        for (String suffix : List.of("l1", "l0", "l1_reverse", "l0_reverse")) {
            float[] values = new float[8];
            Arrays.fill(values, suffix.hashCode());
            writer.add("rnn.weight_ih_" + suffix, values, 4, 2).add("rnn.weight_hh_" + suffix, new float[4], 4, 1);
        }
        writer.add("out.weight", new float[6], 3, 2)
                .add("out.bias", new float[3], 3)
                .write(file);
        try (Model model = TorchImport.load(file, description, backend)) {
            assertEquals("l0".hashCode(), model.weights().get("first.weight_ih")[0]);
            assertEquals("l0_reverse".hashCode(), model.weights().get("first.weight_ih_reverse")[7]);
            assertEquals("l1".hashCode(), model.weights().get("second.weight_ih")[0]);
            assertArrayEquals(new float[4], model.weights().get("second.bias_hh_reverse"));
        }
    }

    /** Values per channel and row, [1, C, H, 1] in PyTorch, and a tensor of its own. */
    @Test
    void constantsAreFoundByNameInEitherOrderOfAxes() throws IOException {
        ModelDescription description = ModelDescription.parse(
                """
          {"input": {"height": 2, "width": 1, "channels": 3}, "classes": ["a", "b", "c"], "layers": [
            {"name": "position", "kind": "constant", "shape": [2, 1, 3]},
            {"name": "sum", "kind": "add", "inputs": ["input", "position"]},
            {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 3}]}""");
        Path file = folder.resolve("position.safetensors");
        new SafeTensorsWriter()
                .add("pos_embed", new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2, 1)
                .add("out.weight", new float[18], 3, 6)
                .add("out.bias", new float[3], 3)
                .write(file);
        assertTrue(message(file, Map.of(), description)
                .startsWith("position.safetensors: has no tensor position for the constant position; name its tensor"));
        try (Model model = TorchImport.load(file, "", Map.of("position", "pos_embed"), description, backend)) {
            assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, model.weights().get("position.value"));
        }
    }

    @Test
    void aModuleBelongsToOneLayer() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("f.0", "f.1", "f.3", "c.0"), "").write(file);
        String message = message(file, Map.of("first", "f.0", "second", "f.0"), DESCRIPTION);
        assertTrue(message.startsWith("net.safetensors: has 1 conv modules [f.3] for the 0 conv layers []"), message);
    }

    @Test
    void filesSortedByNameAreReadInTheOrderOfTheirNumbers() throws IOException {
        Path file = folder.resolve("sorted.safetensors");
        SafeTensorsWriter writer = new SafeTensorsWriter();
        writer.add("net.10.bias", new float[2], 2).add("net.10.weight", new float[] {1, 0, 0, 2}, 2, 2, 1, 1);
        writer.add("net.11.bias", new float[2], 2).add("net.11.weight", new float[16], 2, 8);
        writer.add("net.9.bias", new float[2], 2).add("net.9.weight", new float[] {0, 1, 1, 0}, 2, 2, 1, 1);
        for (String suffix : List.of("bias", "running_mean", "running_var", "weight")) {
            writer.add("norm." + suffix, new float[2], 2);
        }
        writer.write(file);
        try (Model model = TorchImport.load(file, DESCRIPTION, backend)) {
            assertArrayEquals(new float[] {0, 1, 1, 0}, model.weights().get("first.weight"));
        }
    }

    @Test
    void givenNamesOverrideAllElse() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("a", "b", "c", "d"), "").write(file);
        try (Model model = TorchImport.load(file, "", Map.of("first", "c", "second", "a"), DESCRIPTION, backend)) {
            assertArrayEquals(new float[] {1, 0, 0, 2}, model.weights().get("first.weight"));
        }
        String message = message(file, Map.of("first", "x"), DESCRIPTION);
        assertEquals("net.safetensors: has no module x for layer first; the modules are a, b, c, d", message);
        assertThrows(
                IllegalArgumentException.class,
                () -> TorchImport.load(file, "", Map.of("third", "a"), DESCRIPTION, backend));
    }

    @Test
    void mismatchesNameTheTensorAndBothShapes() throws IOException {
        Path file = folder.resolve("net.safetensors");
        stateDict(List.of("a.1", "b", "a.2", "d"), "").write(file);
        ModelDescription wide = replaced("\"height\":2", "\"height\":4");
        assertEquals(
                "net.safetensors: tensor d.weight has the shape [2, 8], but out.weight of the model has [2, 16]",
                message(file, Map.of(), wide));
        ModelDescription silent = replaced("\"groups\":1,\"bias\":true", "\"groups\":1,\"bias\":false");
        assertTrue(message(file, Map.of(), silent).endsWith("of the model has no bias"));
        ModelDescription deeper = replaced(
                "{\"name\":\"flatten\"",
                "{\"name\":\"third\",\"kind\":\"conv\",\"filters\":2,\"kernel\":1},{\"name\":\"flatten\"");
        assertEquals(
                "net.safetensors: has 2 conv modules [a.1, a.2] for the 3 conv layers [first, second, third] of the model",
                message(file, Map.of(), deeper));
        Path other = folder.resolve("other.safetensors");
        new SafeTensorsWriter().add("lstm.weight_ih_l0", new float[1], 1).write(other);
        assertEquals(
                "other.safetensors: has 0 conv modules [] for the 2 conv layers [first, second] of the model",
                message(other, Map.of(), DESCRIPTION));
        Path none = folder.resolve("none.safetensors");
        new SafeTensorsWriter().add("x", new float[1], 1).write(none);
        assertEquals("none.safetensors: has no tensors named <module>.weight", message(none, Map.of(), DESCRIPTION));
    }

    private static ModelDescription replaced(String part, String by) {
        String json = DESCRIPTION.toString();
        assertTrue(json.contains(part));
        return ModelDescription.parse(json.replace(part, by));
    }

    private static String message(Path file, Map<String, String> names, ModelDescription description) {
        return assertThrows(ModelFileException.class, () -> TorchImport.load(file, "", names, description, backend))
                .getMessage();
    }

    @Test
    void numbersInNamesCompareAsNumbers() {
        List<String> names =
                new ArrayList<>(List.of("layer10.0.conv1", "layer2.11", "layer2.2", "bn", "layer2", "a.99999999999"));
        names.sort(TorchImport::compareWithNumbers);
        assertEquals(List.of("a.99999999999", "bn", "layer2", "layer2.2", "layer2.11", "layer10.0.conv1"), names);
    }
}
