package unweave.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.kernels.cuda.TestGpu;

/** The whole path at a small size on a GPU, beside the CPU: train, subspaces, explain. */
@Tag("gpu")
class GpuEndToEndTest {
    /** Maps may differ by this part of their largest value. */
    private static final double MAP_TOLERANCE = 1e-3;

    @TempDir
    private static Path folder;

    private static String data;
    private static String model;
    private static String concepts;
    private static JsonObject trained;
    private static JsonObject found;

    @BeforeAll
    static void runOnTheGpu() {
        TestGpu.prepare();
        data = path("data/manifest.csv");
        model = path("model/model.safetensors");
        concepts = path("concepts/subspaces.safetensors");
        run("synth", "--samples", "10", "--out", path("data"), "--device", "cpu");
        trained = train("cuda", "model");
        found = subspaces("cuda", "concepts");
    }

    private static JsonObject train(String device, String out, String... further) {
        String[] usual = {"train", data, "--epochs", "2", "--out", path(out), "--device", device};
        return run(Stream.concat(Arrays.stream(usual), Arrays.stream(further)).toArray(String[]::new));
    }

    private static JsonObject subspaces(String device, String out) {
        return run(
                "subspaces",
                model,
                "--data",
                data,
                "--inputs",
                "5",
                "--steps",
                "10",
                "--out",
                path(out),
                "--device",
                device);
    }

    private static void explain(String device, String out) {
        run(
                "explain",
                model,
                "--subspaces",
                concepts,
                path("data/class1/00003.wav"),
                path("data/class2/00004.wav"),
                "--out",
                path(out),
                "--device",
                device);
    }

    @Test
    void trainingGoesAsOnTheCpu() {
        JsonObject onCpu = train("cpu", "model-cpu");
        for (String number : new String[] {"testLoss", "testAccuracy", "validationAccuracy"}) {
            assertEquals(onCpu.get(number).getAsDouble(), trained.get(number).getAsDouble(), 1e-4, number);
        }
    }

    @Test
    void classWeightsChangeTheTrainingAsOnTheCpu() {
        double plain = weighted("cpu", "plain", "none");
        double onCpu = weighted("cpu", "weighted-cpu", "class2=9");
        double error = Math.abs(weighted("cuda", "weighted", "class2=9") - onCpu);
        double effect = Math.abs(onCpu - plain);
        assertTrue(error < 1e-4, "error " + error);
        assertTrue(effect > 10 * error, "the weights change the loss by " + effect + ", devices by " + error);
    }

    /** The test loss after 14 updates: the first few of Adam hardly know how large a gradient is. */
    private static double weighted(String device, String out, String weights) {
        return train(device, out, "--batch", "2", "--rate", "0.002", "--keep", "last", "--class-weights", weights)
                .get("testLoss")
                .getAsDouble();
    }

    @Test
    void subspacesAreThoseOfTheCpu() {
        JsonObject onCpu = subspaces("cpu", "concepts-cpu").getAsJsonObject("classes");
        JsonObject onGpu = found.getAsJsonObject("classes");
        for (String name : new String[] {"class1", "class2"}) {
            double objective = onCpu.getAsJsonObject(name).get("objective").getAsDouble();
            assertTrue(objective > 0, onCpu::toString);
            assertEquals(objective, onGpu.getAsJsonObject(name).get("objective").getAsDouble(), 1e-4 * objective, name);
        }
    }

    @Test
    void mapsAreThoseOfTheCpu() throws IOException {
        explain("cuda", "explained-cuda");
        explain("cpu", "explained-cpu");
        for (String sound : new String[] {"00003", "00004"}) {
            float[] expected =
                    npy(folder.resolve("explained-cpu").resolve(sound).resolve("relevance.npy"));
            float[] actual = npy(folder.resolve("explained-cuda").resolve(sound).resolve("relevance.npy"));
            assertEquals(5 * 64 * 64, expected.length);
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertTrue(largest > 0, "the maps are empty");
            assertArrayEquals(expected, actual, (float) (MAP_TOLERANCE * largest), sound);
        }
    }

    @Test
    void theSameCommandGivesTheSameBytes() throws IOException {
        train("cuda", "model-again");
        assertEquals(-1, Files.mismatch(Path.of(model), folder.resolve("model-again/model.safetensors")));
        subspaces("cuda", "concepts-again");
        assertEquals(-1, Files.mismatch(Path.of(concepts), folder.resolve("concepts-again/subspaces.safetensors")));
    }

    @Test
    void aGpuThatIsNotThereIsAnErrorInOneLine() {
        CommandRun run =
                CommandRun.of("subspaces", model, "--data", data, "--out", path("nowhere"), "--device", "cuda:99");
        assertEquals(2, run.code());
        String message = run.remarks();
        assertTrue(message.startsWith("unweave: --device cuda:99: there is no GPU 99; this machine has "), message);
        assertEquals(1, message.lines().count(), message);
        assertFalse(Files.exists(folder.resolve("nowhere")));
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Runs a command; its result as JSON. */
    private static JsonObject run(String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--seed", "7", "--quiet", "--json"))
                .toArray(String[]::new);
        return JsonParser.parseString(CommandRun.of(all).assertDone().results()).getAsJsonObject();
    }

    /** The float32 values of an NPY file of version 1. */
    private static float[] npy(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = bytes.position(10 + bytes.getShort(8))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
