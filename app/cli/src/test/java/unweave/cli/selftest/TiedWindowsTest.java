package unweave.cli.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.drsa.ConceptMaps;
import unweave.drsa.Method;
import unweave.drsa.Provenance;
import unweave.drsa.SubspaceSettings;
import unweave.drsa.Subspaces;
import unweave.drsa.TwoStepAttribution;
import unweave.engine.file.SafeTensors;
import unweave.engine.file.SafeTensorsWriter;
import unweave.engine.model.Model;
import unweave.engine.tape.ConvPoolNode;
import unweave.engine.tape.MaxPoolNode;
import unweave.engine.tape.Node;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.engine.torch.TorchImport;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.Ints;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.TargetRelevance;

/**
 * Golden files in which the other candidate of a tied window won: here made from the network of the golden file, with
 * inputs that are flat around some windows.
 */
class TiedWindowsTest {
    private static final int SIDE = 64;
    private static final int SUBSPACES = 4;
    private static final List<String> LAYERS = List.of("conv1", "conv2", "conv3", "conv4", "conv5");

    /** The winner of one window, given to the candidate to its right. */
    private record Other(int pool, int window) {}

    @TempDir
    private static Path folder;

    private static SafeTensors network;
    private static Backend backend;
    private static Model model;
    private static float[] input;
    private static int[] classes;
    private static List<Other> others;
    private static Map<String, float[]> own;
    private static Map<String, float[]> golden;

    @BeforeAll
    static void makeAFileInWhichOtherCandidatesWon() throws IOException, URISyntaxException {
        Path file = Path.of(TiedWindowsTest.class
                .getResource("/golden/toy_model.safetensors")
                .toURI());
        network = SafeTensors.open(file);
        backend = CpuBackend.create(1);
        model = TorchImport.load(file, "weights/", Map.of(), GoldenModels.network(network), backend);
        input = Arrays.copyOf(network.floats("input"), 2 * SIDE * SIDE);
        classes = Arrays.copyOf(network.ints("class"), 2);
        flattenAroundHeaviest(0, 0);
        flattenAroundHeaviest(1, 1); // and with it many windows of pool1
        others = heaviestTies();
        own = tensors(List.of());
        golden = tensors(others);
    }

    /** Makes the rows that the heaviest window of a pooling sees constant: what is side by side is equal there. */
    private static void flattenAroundHeaviest(int pool, int sample) {
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
            Tensor logits = model.forward(tape, model.input(tape, input, 0, 2));
            Tensor pooled = pools(tape).get(pool).output();
            float[] relevance = relevance(lrp, tape, logits, pooled);
            int side = pooled.length(1);
            int size = relevance.length / 2;
            int heaviest = IntStream.range(sample * size, (sample + 1) * size)
                    .filter(i -> i % side >= 2 && i % side < side - 2 && i / side % side >= 2)
                    .filter(i -> i / side % side < side - 2)
                    .boxed()
                    .max((a, b) -> Float.compare(relevance[a], relevance[b]))
                    .orElseThrow();
            int scale = SIDE / side; // a window of pool1 sees 4 inputs in either direction, one of pool2 sees 10
            int reach = 3 * scale - 2;
            int top = scale * (heaviest / side % side) - scale + 1;
            int left = scale * (heaviest % side) - scale + 1;
            for (int y = top; y < top + reach; y++) {
                int row = (sample * SIDE + y) * SIDE;
                Arrays.fill(input, row + left, row + left + reach, input[row + left + reach / 2]);
            }
        }
    }

    /** The tie with most relevance of pool1 in sample 0, of pool2 and three of pool1 in sample 1. */
    private static List<Other> heaviestTies() {
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
            Tensor logits = model.forward(tape, model.input(tape, input, 0, 2));
            return List.of(
                    tie(tape, lrp, logits, 0, 0, 0),
                    tie(tape, lrp, logits, 1, 1, 0),
                    tie(tape, lrp, logits, 0, 1, 0),
                    tie(tape, lrp, logits, 0, 1, 1),
                    tie(tape, lrp, logits, 0, 1, 2));
        }
    }

    private static Other tie(Tape tape, LayerwiseRelevance lrp, Tensor logits, int pool, int sample, int rank) {
        ConvPoolNode node = (ConvPoolNode) pools(tape).get(pool);
        float[] values = backend.toArray(node.linear().output().data());
        int[] winners = backend.toArray(node.winners());
        int channels = node.pool().channels();
        int size = winners.length / 2;
        int plane = node.pool().inHeight() * node.pool().inWidth();
        try (Floats start = TargetRelevance.logit(backend, logits, classes);
                Floats handed = lrp.propagate(tape, logits, start, 1, node.output())) {
            float[] relevance = backend.toArray(handed);
            int window = IntStream.range(sample * size, (sample + 1) * size)
                    .filter(w -> winners[w] % 2 == 0)
                    .filter(w -> values[(sample * plane + winners[w]) * channels + w % channels]
                            == values[(sample * plane + winners[w] + 1) * channels + w % channels])
                    .boxed()
                    .sorted((a, b) -> Float.compare(Math.abs(relevance[b]), Math.abs(relevance[a])))
                    .skip(rank)
                    .findFirst()
                    .orElseThrow();
            assertTrue(Math.abs(relevance[window]) > 0, "the window of pool " + pool + " counts");
            return new Other(pool, window);
        }
    }

    private static List<Node> pools(Tape tape) {
        return tape.nodes().stream()
                .filter(node -> node instanceof MaxPoolNode || node instanceof ConvPoolNode)
                .toList();
    }

    private static void choose(Tape tape, List<Other> choice) {
        for (Other other : choice) {
            Node node = pools(tape).get(other.pool());
            Ints winners = node instanceof MaxPoolNode pool ? pool.winners() : ((ConvPoolNode) node).winners();
            int winner = backend.toArray(winners)[other.window()];
            backend.upload(new int[] {winner + 1}, 0, winners, other.window(), 1);
        }
    }

    /** The tensors of a golden file, but for the weights, with other winners of some windows. */
    private static Map<String, float[]> tensors(List<Other> choice) throws IOException {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put("input", input);
        try (LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.toy())) {
            for (String layer : LAYERS) {
                try (Tape tape = Tape.inference(backend)) {
                    Tensor logits = model.forward(tape, model.input(tape, input, 0, 2), layer);
                    choose(tape, choice);
                    Tensor activation = model.activation(tape, layer);
                    tensors.put("activation/" + layer, channelsFirst(activation.data(), activation));
                    tensors.put("relevance/" + layer, relevance(lrp, tape, logits, activation));
                }
            }
            try (Tape tape = Tape.inference(backend)) {
                Tensor x = model.input(tape, input, 0, 2);
                Tensor logits = model.forward(tape, x, "conv3");
                choose(tape, choice);
                tensors.put("f64/logits", backend.toArray(logits.data()));
                tensors.put("f64/relevance/input", relevance(lrp, tape, logits, x));
                tensors.put(
                        "concepts/conv3",
                        maps(new TwoStepAttribution(model, lrp, subspaces()).attribute(tape, x, logits, classes)));
            }
        }
        return tensors;
    }

    private static float[] relevance(LayerwiseRelevance lrp, Tape tape, Tensor logits, Tensor to) {
        try (Floats start = TargetRelevance.logit(backend, logits, classes);
                Floats relevance = lrp.propagate(tape, logits, start, 1, to)) {
            return channelsFirst(relevance, to);
        }
    }

    private static float[] channelsFirst(Floats values, Tensor shape) {
        return Layout.channelsFirst(
                backend.toArray(values), shape.batch(), shape.length(1), shape.length(2), shape.channels());
    }

    private static Subspaces subspaces() throws IOException {
        return new Subspaces(
                new Provenance("", "conv3", 0, "any", 1, 1, 0),
                Method.RANDOM,
                new SubspaceSettings(SUBSPACES, 0, 1, 0, 1f),
                16,
                network.floats("subspaces/conv3/U"),
                new float[][] {{0f}},
                0,
                new double[SUBSPACES]);
    }

    private static float[] maps(ConceptMaps maps) {
        int size = SIDE * SIDE;
        float[] all = new float[2 * (1 + SUBSPACES) * size];
        for (int n = 0; n < 2; n++) {
            System.arraycopy(maps.standard()[n], 0, all, n * (1 + SUBSPACES) * size, size);
            for (int k = 0; k < SUBSPACES; k++) {
                System.arraycopy(maps.concepts()[n][k], 0, all, (n * (1 + SUBSPACES) + 1 + k) * size, size);
            }
        }
        return all;
    }

    /** Writes a golden file and compares with it; one of its tensors may be changed before. */
    private static Map<String, Check> compare(String changed, float[] values) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        for (String name : network.names()) {
            if (name.startsWith("weights/") || name.equals("subspaces/conv3/U")) {
                writer.add(name, network.floats(name), ints(network.shape(name)));
            }
        }
        writer.add("class", classes, 2);
        for (Map.Entry<String, float[]> tensor : golden.entrySet()) {
            int[] shape = ints(network.shape(tensor.getKey()));
            shape[0] = 2;
            writer.add(tensor.getKey(), tensor.getKey().equals(changed) ? values : tensor.getValue(), shape);
        }
        Path file = Files.createDirectories(folder.resolve("model")).resolve("toy_model.safetensors");
        writer.write(file);
        Map<String, Check> checks = new LinkedHashMap<>();
        for (Check check : GoldenFiles.compare(file, backend)) {
            checks.put(check.name().split("[ ,]", -1)[1], check);
        }
        return checks;
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void assertOnlyFails(String name, Map<String, Check> checks) {
        assertEquals(
                List.of(name),
                checks.entrySet().stream()
                        .filter(entry -> !entry.getValue().ok())
                        .map(Map.Entry::getKey)
                        .toList(),
                checks.toString());
    }

    @Test
    void eitherWinnerIsRightInEveryTensor() throws IOException {
        for (String name : List.of("relevance/conv1", "f64/relevance/input", "concepts/conv3")) {
            double tolerance = name.startsWith("concepts") ? 1e-3 : 1e-4;
            Check other = Check.largest(name, doubles(golden.get(name)), own.get(name), tolerance);
            assertTrue(other.error() > 3 * tolerance, "the other winners make a difference: " + other);
        }
        Map<String, Check> checks = compare("", null);
        assertEquals(13, checks.size());
        assertTrue(checks.values().stream().allMatch(Check::ok), checks.toString());
        assertTrue(
                checks.get("relevance/conv1").name().endsWith(", other winners of tied windows: 5"), checks.toString());
        assertFalse(checks.get("relevance/conv4").name().contains("tied"), checks.toString());
    }

    @Test
    void theSameErrorOfAWindowWithoutATieIsFound() throws IOException {
        float[] relevance = golden.get("relevance/conv1").clone();
        float[] activation = golden.get("activation/conv1");
        float tied = Math.abs(relevance[tiedPosition()]);
        // The winner nearest in size gives its relevance to its neighbour, which differs by more than a hundredth.
        int winner = IntStream.range(0, 8 * SIDE * SIDE)
                .filter(i -> i % 2 == 0 && activation[i] > 1.01f * activation[i + 1])
                .boxed()
                .min(Comparator.comparingDouble(i -> Math.abs(Math.abs(relevance[i]) - tied)))
                .orElseThrow();
        relevance[winner + 1] += relevance[winner];
        relevance[winner] = 0;
        assertOnlyFails("relevance/conv1", compare("relevance/conv1", relevance));
    }

    @Test
    void theSamePatternElsewhereInAMapIsFound() throws IOException {
        for (String name : List.of("f64/relevance/input", "concepts/conv3")) {
            float[] map = golden.get(name).clone();
            float[] mine = own.get(name);
            for (int i = 0; i < SIDE * SIDE; i++) { // upside down
                map[SIDE * SIDE - 1 - i] += golden.get(name)[i] - mine[i];
            }
            assertOnlyFails(name.replace("f64/", ""), compare(name, map));
        }
    }

    @Test
    void anErrorInTheSumOverATiedWindowIsFound() throws IOException {
        float[] relevance = golden.get("relevance/conv1").clone();
        double largest = Arrays.stream(doubles(relevance)).map(Math::abs).max().orElseThrow();
        relevance[tiedPosition()] += (float) (2e-4 * largest);
        assertOnlyFails("relevance/conv1", compare("relevance/conv1", relevance));
        relevance[tiedPosition()] -= (float) (1.5e-4 * largest);
        assertTrue(compare("relevance/conv1", relevance).get("relevance/conv1").ok(), "within the tolerance");
    }

    /** Where the first of the other winners stands in relevance/conv1, N C H W. */
    private static int tiedPosition() {
        int window = others.get(0).window();
        int channel = window % 8;
        int px = window / 8 % 32;
        int py = window / 8 / 32;
        return IntStream.of(2 * py * SIDE + 2 * px + 1, (2 * py + 1) * SIDE + 2 * px + 1)
                .map(i -> channel * SIDE * SIDE + i)
                .filter(i -> golden.get("relevance/conv1")[i] != 0)
                .findFirst()
                .orElseThrow();
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void gradientsOfPoolingMayGoToEitherOfTwoThatDifferByLessThanAMillionth() throws IOException {
        double[] half = {1, 1 + 5e-7, 0.2, 0.1, 0.3, 0.9, 0.4, 0.5};
        assertTrue(pooled(half, 2, 0, 0, 0, 0, 3, 0, 0).ok(), "the smaller one");
        assertTrue(pooled(half, 0, 2, 0, 0, 0, 3, 0, 0).ok(), "the larger one");
        assertFalse(pooled(half, 0, 2.1, 0, 0, 0, 3, 0, 0).ok(), "another sum");
        assertFalse(pooled(half, 0, 0, 2, 0, 0, 3, 0, 0).ok(), "one that is no candidate");
        assertFalse(pooled(half, 1, 1, 0, 0, 0, 3, 0, 0).ok(), "both of them");
        assertFalse(pooled(half, 0, 2, 0, 0, 3, 0, 0, 0).ok(), "an error in the other window");
        double[] far = {1, 1 + 2e-6, 0.2, 0.1, 0.3, 0.9, 0.4, 0.5};
        assertTrue(pooled(far, 0, 2, 0, 0, 0, 3, 0, 0).ok());
        assertFalse(pooled(far, 2, 0, 0, 0, 0, 3, 0, 0).ok(), "two millionths are no tie");
        double[] equalInFloat32 = {1, 1 + 1e-9, 0.2, 0.1, 0.3, 0.9, 0.4, 0.5};
        assertTrue(pooled(equalInFloat32, 0, 2, 0, 0, 0, 3, 0, 0).ok(), "float64 knows which is larger");
    }

    /** The check of the gradient of two windows of 2 x 2, each in a sample of its own, that hand on 2 and 3. */
    private static Check pooled(double[] x, double... gradient) throws IOException {
        Path file = Files.createDirectories(folder.resolve("rules")).resolve("lrp_rules.safetensors");
        double[] y = {Math.max(x[0], x[1]), 0.9};
        new SafeTensorsWriter()
                .add("maxpool2/x", x, 2, 1, 2, 2)
                .add("maxpool2/y", y, 2, 1, 1, 1)
                .add("maxpool2/R_out", new double[] {2, 3}, 2, 1, 1, 1)
                .add("maxpool2/gradient", gradient, 2, 1, 2, 2)
                .write(file);
        List<Check> checks = GoldenFiles.compare(file, backend);
        assertTrue(checks.get(0).ok(), "the values");
        return checks.get(1);
    }
}
