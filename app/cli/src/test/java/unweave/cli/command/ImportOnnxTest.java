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
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SoundFiles;
import unweave.cli.CommandRun;
import unweave.engine.file.ModelFile;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.ModelDescription;
import unweave.engine.model.Probabilities;
import unweave.engine.onnx.OnnxWriter;
import unweave.explain.output.NpyWriter;

/** A small ONNX graph from file to report: convolution, ReLU, mean, dense layer, sigmoid; time before frequency. */
class ImportOnnxTest {
    private static final int BANDS = 40;
    private static final int FRAMES = 30;
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private Path graph;
    private Path model;
    private final float[] kernel = values(4 * 9, 1);
    private final float[] dense = values(CLASSES * 4, 2);

    @BeforeEach
    void writeGraph() throws IOException {
        model = folder.resolve("model.safetensors");
        graph = write(folder.resolve("net.onnx"), FRAMES);
    }

    private Path write(Path file, long frames) throws IOException {
        return new OnnxWriter(17)
                .input("x", 1, 1, frames, BANDS)
                .initializer("kernel", kernel, 4, 1, 3, 3)
                .initializer("dense", dense, CLASSES, 4)
                .initializer("bias", new float[] {0.5f, 0.25f, 1}, CLASSES)
                .node("Conv", List.of("x", "kernel"), "c", OnnxWriter.attribute("pads", new long[] {1, 1, 1, 1}))
                .node("Relu", List.of("c"), "r")
                .node("GlobalAveragePool", List.of("r"), "p")
                .node("Flatten", List.of("p"), "f")
                .node("Gemm", List.of("f", "dense", "bias"), "logits", OnnxWriter.attribute("transB", 1))
                .node("Sigmoid", List.of("logits"), "y")
                .output("y", 1, CLASSES)
                .write(file);
    }

    private static float[] values(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 3;
        }
        return values;
    }

    /** What the graph gives for an input [FRAMES][BANDS], in float64. */
    private float[] outputs(float[] x) {
        double[] means = new double[4];
        for (int o = 0; o < 4; o++) {
            for (int t = 0; t < FRAMES; t++) {
                for (int b = 0; b < BANDS; b++) {
                    double sum = 0;
                    for (int tap = 0; tap < 9; tap++) {
                        int row = t + tap / 3 - 1;
                        int column = b + tap % 3 - 1;
                        if (row >= 0 && row < FRAMES && column >= 0 && column < BANDS) {
                            sum += kernel[o * 9 + tap] * x[row * BANDS + column];
                        }
                    }
                    means[o] += Math.max(0, sum) / (FRAMES * BANDS);
                }
            }
        }
        float[] outputs = new float[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            double logit = new double[] {0.5, 0.25, 1}[c];
            for (int o = 0; o < 4; o++) {
                logit += dense[c * 4 + o] * means[o];
            }
            outputs[c] = (float) (1 / (1 + Math.exp(-logit)));
        }
        return outputs;
    }

    private CommandRun importing(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("import", graph.toString(), "--out", model.toString(), "--device", "cpu"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String npy(String name, float[] values, int... shape) throws IOException {
        NpyWriter.write(folder.resolve(name), values, shape);
        return folder.resolve(name).toString();
    }

    @Test
    void fromGraphToReport() throws IOException {
        float[] input = values(FRAMES * BANDS, 3);
        CommandRun imported = importing(
                "--front-end", "speech-8k",
                "--check-input", npy("x.npy", input, 1, 1, FRAMES, BANDS),
                "--check-output", npy("y.npy", outputs(input), 1, CLASSES));
        assertEquals(0, imported.code(), imported.remarks());
        assertTrue(imported.results().contains("from the given outputs, on 1 input"), imported.results());
        assertTrue(imported.remarks().contains("the final sigmoid cut off"), imported.remarks());
        ModelDescription description = ModelFile.description(model);
        assertEquals(Probabilities.SIGMOID, description.probabilities());
        assertEquals(LayerShape.image(BANDS, FRAMES, 1), description.input(), "mel bands are rows");
        float[] tone = new float[8000];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (float) (0.5 * Math.sin(2 * Math.PI * 700 * n / 8000));
        }
        Path sound = folder.resolve("tone.wav");
        SoundFiles.writeWav(sound, tone, 8000);
        Path report = folder.resolve("report");
        CommandRun explained = CommandRun.of(
                "explain",
                model.toString(),
                sound.toString(),
                "--out",
                report.toString(),
                "--device",
                "cpu",
                "--ledger");
        assertEquals(0, explained.code(), explained.remarks());
        String page = Files.readString(report.resolve("report.html"));
        assertTrue(page.contains("so probabilities do not add up to 100"), "sigmoid");
        String numbers = Files.readString(report.resolve("tone/explanation.json"));
        assertTrue(numbers.contains("\"probabilities\": \"sigmoid\""), numbers);
    }

    @Test
    void withoutArraysTheNodesAreTheReference() {
        CommandRun run = importing();
        assertEquals(0, run.code(), run.remarks());
        assertTrue(run.results().contains("from the graph's nodes in float64, on 1 input"), run.results());
    }

    @Test
    void outputsThatDifferAreShown() throws IOException {
        float[] input = values(FRAMES * BANDS, 3);
        float[] wrong = outputs(input);
        wrong[2] *= 1.001f;
        CommandRun run = importing(
                "--check-input", npy("x.npy", input, 1, 1, FRAMES, BANDS),
                "--check-output", npy("y.npy", wrong, 1, CLASSES));
        assertEquals(1, run.code(), run.remarks());
        assertFalse(Files.exists(model));
    }

    @Test
    void inspectingSaysWhatEachNodeBecomes() {
        CommandRun run = CommandRun.of("import", graph.toString(), "--inspect");
        assertEquals(0, run.code(), run.remarks());
        for (String op : List.of("Conv", "Relu", "GlobalAveragePool", "Gemm", "Sigmoid")) {
            assertTrue(run.results().contains(op), run.results());
        }
    }

    @Test
    void partsOfAGraphAndWhatIsNotThere() throws IOException {
        assertEquals(0, importing("--output", "logits").code());
        assertEquals(Probabilities.SOFTMAX, ModelFile.description(model).probabilities());
        Files.delete(model);
        refused("\"logit\"", importing("--output", "logit"));
        refused("\"z\"", importing("--input", "z"));
        refused("leave --network and --names out", importing("--network", graph.toString()));
        refused("librosa: makes inputs of ", importing("--front-end", "librosa"));
        refused("neither a front end", importing("--front-end", "libros"));
        byte[] whole = Files.readAllBytes(graph);
        Files.write(graph, Arrays.copyOf(whole, whole.length / 2));
        refused("net.onnx: ", importing());
    }

    private void refused(String expected, CommandRun run) {
        run.assertRefused(expected);
        assertFalse(Files.exists(model), "nothing may be written");
    }
}
