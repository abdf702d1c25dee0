package unweave.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.cli.CommandRun;
import unweave.engine.file.ModelFile;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.explain.output.NpyWriter;

/** A small state dict from file to model, and everything that is refused on the way. */
class ImportCommandTest {
    private static final String NETWORK =
            """
      {"input": {"height": 2, "width": 3, "channels": 2}, "layers": [
        {"name": "conv", "kind": "conv", "filters": 2, "kernel": 1},
        {"name": "flatten", "kind": "flatten"},
        {"name": "out", "kind": "dense", "units": 3}]}""";

    @TempDir
    Path folder;

    private Path weights;
    private Path network;
    private Path model;

    @BeforeEach
    void writeNetwork() throws IOException {
        network = Files.writeString(folder.resolve("layers.json"), NETWORK);
        model = folder.resolve("models/model.safetensors");
        weights = folder.resolve("net.safetensors");
        float[] dense = new float[36];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = (i * 7 % 11 - 5) / 8f;
        }
        new SafeTensorsWriter()
                .add("conv.weight", new float[] {1, -2, 0.5f, 3}, 2, 2, 1, 1)
                .add("conv.bias", new float[] {0.25f, -0.5f}, 2)
                .add("out.weight", dense, 3, 12)
                .add("out.bias", new float[] {1, 2, 3}, 3)
                .add("spectrogram.window", new float[8], 8)
                .write(weights);
    }

    /** What the network gives for an input N C H W. */
    private static float[] outputs(float[] input, int n) {
        float[] outputs = new float[n * 3];
        for (int i = 0; i < n; i++) {
            for (int o = 0; o < 3; o++) {
                double sum = o + 1;
                for (int pixel = 0; pixel < 6; pixel++) {
                    double a = input[i * 12 + pixel];
                    double b = input[i * 12 + 6 + pixel];
                    double first = a - 2 * b + 0.25;
                    double second = 0.5 * a + 3 * b - 0.5;
                    sum += (((o * 12 + pixel) * 7 % 11 - 5) / 8.0) * first;
                    sum += (((o * 12 + 6 + pixel) * 7 % 11 - 5) / 8.0) * second;
                }
                outputs[i * 3 + o] = (float) sum;
            }
        }
        return outputs;
    }

    private Path npy(String name, float[] values, int... shape) throws IOException {
        Path file = folder.resolve(name);
        NpyWriter.write(file, values, shape);
        return file;
    }

    private static float[] input(int n) {
        float[] input = new float[n * 12];
        for (int i = 0; i < input.length; i++) {
            input[i] = (i * 5 % 13 - 6) / 4f;
        }
        return input;
    }

    private CommandRun run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("import", weights.toString(), "--device", "cpu"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private CommandRun importing(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--network", network.toString(), "--out", model.toString()));
        arguments.addAll(Arrays.asList(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void aStateDictBecomesAModelThatSaysWhereItComesFrom() throws IOException {
        Path labels = Files.writeString(folder.resolve("labels.txt"), "\uFEFFfl\u00f6te\nguitar\r\ndrums\n");
        Path input = npy("input.npy", input(2), 2, 2, 2, 3);
        Path output = npy("output.npy", outputs(input(2), 2), 2, 3);
        CommandRun run = importing(
                "--classes",
                labels.toString(),
                "--probabilities",
                "sigmoid",
                "--check-input",
                input.toString(),
                "--check-output",
                output.toString());
        assertEquals(0, run.code(), run.remarks());
        assertTrue(run.results().contains("from the given outputs, on 2 inputs"), run.results());
        assertTrue(run.results().contains("worst imbalance of the relevance ledger"), run.results());
        assertTrue(run.remarks().contains("left out: spectrogram.window [8]"), run.remarks());
        assertTrue(run.remarks().contains("front end: none given"), run.remarks());
        ModelDescription description = ModelFile.description(model);
        assertEquals(List.of("fl\u00f6te", "guitar", "drums"), description.classNames());
        assertEquals(Probabilities.SIGMOID, description.probabilities());
        assertEquals(
                "net.safetensors",
                description.trainingRecord().get("importedFrom").getAsString());
    }

    @Test
    void withoutArraysTheDefinitionsAreTheReference() throws IOException {
        CommandRun run = importing();
        assertEquals(0, run.code(), run.remarks());
        assertTrue(run.results().contains("from the operations' definitions in float64, on 1 input"), run.results());
        assertEquals(
                List.of("class 1", "class 2", "class 3"),
                ModelFile.description(model).classNames());
        byte[] once = Files.readAllBytes(model);
        assertEquals(0, importing("--overwrite").code());
        assertEquals(Arrays.hashCode(once), Arrays.hashCode(Files.readAllBytes(model)), "the same bytes again");
    }

    @Test
    void aDifferenceIsShownAndNothingIsWritten() throws IOException {
        float[] wrong = outputs(input(1), 1);
        wrong[1] += 0.5f;
        Path input = npy("input.npy", input(1), 1, 2, 2, 3);
        CommandRun run = importing(
                "--check-input",
                input.toString(),
                "--check-output",
                npy("o.npy", wrong, 1, 3).toString());
        assertEquals(1, run.code(), run.remarks());
        assertTrue(run.results().startsWith("largest difference 5.0e-01"), run.results());
        assertTrue(run.results().contains("nothing was written"), run.results());
        assertFalse(Files.exists(model));
        float[] noNumber = {1, Float.NaN, 2};
        assertEquals(
                1,
                importing(
                                "--check-input",
                                input.toString(),
                                "--check-output",
                                npy("o.npy", noNumber, 1, 3).toString())
                        .code());
    }

    @Test
    void aModelWithoutFrontEndSaysHowToGetOne() throws IOException {
        assertEquals(0, importing().code());
        CommandRun run = run(
                "--network",
                network.toString(),
                "--out",
                folder.resolve("second.safetensors").toString());
        assertEquals(0, run.code());
        CommandRun.of("explain", model.toString(), "x.wav", "--out", folder + "/e")
                .assertRefused("import it again with --front-end");
    }

    @Test
    void inspectingListsTheTensorsAndImportsNothing() {
        CommandRun run = run("--inspect");
        assertEquals(0, run.code(), run.remarks());
        assertTrue(run.results().contains("out.weight [3, 12]"), run.results());
        assertFalse(Files.exists(model));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        Path input = npy("input.npy", input(2), 2, 2, 2, 3);
        Path output = npy("output.npy", outputs(input(2), 2), 2, 3);
        String in = input.toString();
        refused("--out MODEL is missing", run("--network", network.toString()));
        refused("describe the network with --network", run("--out", model.toString()));
        refused("is a folder; name the file", run("--network", network.toString(), "--out", folder.toString()));
        refused("is there already", run("--network", network.toString(), "--out", network.toString()));
        refused("belong together", importing("--check-input", in));
        refused(
                "an input array of shape [24] does not fit: the network reads [N, 2, 2, 3]",
                importing("--check-input", npy("flat.npy", input(2), 24).toString(), "--check-output", in));
        refused(
                "an output array of shape [6] does not fit: for 2 inputs the network gives [2, 3]",
                importing(
                        "--check-input",
                        in,
                        "--check-output",
                        npy("six.npy", new float[6], 6).toString()));
        refused("no such file", importing("--check-input", folder + "/none.npy", "--check-output", in));
        refused("have nothing to cut", importing("--input", "x"));
        refused("unknown probabilities", importing("--probabilities", "maybe"));
        refused("no such file", importing("--names", folder + "/none.json"));
        refused("labels.txt: line 2 is blank", importing("--classes", labels("a\n\nb\n")));
        refused("labels.txt: lines 1 and 3 name the same class", importing("--classes", labels("a\nb\na\n")));
        refused("labels.txt: names no class", importing("--classes", labels("\n")));
        refused("for each of the 2 classes, not 3", importing("--classes", labels("a\nb")));
        Path latin = Files.write(folder.resolve("labels.txt"), new byte[] {'a', (byte) 0xe4, '\n', 'b'});
        refused("labels.txt: is not UTF-8 text", importing("--classes", latin.toString()));
        Files.writeString(network, "{\"input\": 3");
        refused("layers.json: model description: not JSON", importing());
        Files.write(network, new byte[] {(byte) 0xff, (byte) 0xfe});
        refused("layers.json: is not UTF-8 text", importing());
        weights = folder;
        refused("is a folder", importing());
        weights = folder.resolve("nothing.pth");
        refused("no such file", importing());
        weights = Files.writeString(folder.resolve("text.pth"), "PK no weights");
        refused("text.pth: not a", importing());
        assertTrue(Files.exists(output));
    }

    private String labels(String text) throws IOException {
        return Files.writeString(folder.resolve("labels.txt"), text).toString();
    }

    private void refused(String expected, CommandRun run) {
        run.assertRefused(expected);
        assertFalse(Files.exists(model), "nothing may be written");
    }
}
