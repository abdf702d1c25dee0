package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

class RelevancePassTest {
    private static final Composite COMPOSITE = Composite.named("test")
            .withFirst(Rule.wSquare())
            .with(LayerKind.CONVOLUTION, Rule.gamma(0.4f))
            .with(LayerKind.DENSE, Rule.epsilon(1e-3f));

    private final Backend backend = CpuBackend.create(2);
    private final RandomLayers layers = new RandomLayers(backend, 21, true);
    private final Tape tape = Tape.inference(backend);
    private final LayerwiseRelevance lrp = new LayerwiseRelevance(COMPOSITE);

    @AfterEach
    void close() {
        lrp.close();
        tape.close();
        layers.close();
        backend.close();
    }

    private Tensor output(String layer) {
        return tape.nodes().stream()
                .filter(node -> node.layer().equals(layer))
                .findFirst()
                .orElseThrow()
                .output();
    }

    @Test
    void severalTargetsAtOnceAreWhatTheyAreOneByOne() {
        Tensor input = layers.input(tape, 2, 8, 8, 2);
        Tensor logits = layers.network(tape, input);
        int[][] targets = {{0, 1}, {2, 2}, {1, 0}};
        try (Floats start = TargetRelevance.logit(backend, logits, targets);
                Floats together = lrp.propagate(tape, logits, start, 3, input)) {
            float[] maps = backend.toArray(together);
            for (int map = 0; map < 3; map++) {
                try (Floats one = TargetRelevance.logit(backend, logits, targets[map]);
                        Floats alone = lrp.propagate(tape, logits, one, 1, input)) {
                    float[] part =
                            Arrays.copyOfRange(maps, (int) (map * input.size()), (int) ((map + 1) * input.size()));
                    assertClose(backend.toArray(alone), part, 1e-6, "map " + map);
                }
            }
        }
    }

    @Test
    void innerMapsStartAnywhereAndAddUp() {
        Tensor input = layers.input(tape, 2, 8, 8, 2);
        layers.network(tape, input);
        Tensor from = output("relu2");
        float[] parts = layers.normal((int) (3 * from.size()));
        float[] sum = new float[(int) from.size()];
        for (int i = 0; i < parts.length; i++) {
            sum[i % sum.length] += parts[i];
        }
        try (Floats separate = backend.floats(parts);
                Floats summed = backend.floats(sum);
                Floats maps = lrp.propagate(tape, from, separate, 3, input);
                Floats whole = lrp.propagate(tape, from, summed, 1, input)) {
            float[] total = new float[(int) input.size()];
            float[] values = backend.toArray(maps);
            for (int i = 0; i < values.length; i++) {
                total[i % total.length] += values[i];
            }
            assertClose(backend.toArray(whole), total, 1e-5, "the sum of the maps");
        }
    }

    @Test
    void relevanceIsRecordedOnTheWay() {
        Tensor input = layers.input(tape, 2, 8, 8, 2);
        Tensor logits = layers.network(tape, input);
        Tensor inner = output("relu1");
        try (Floats start = TargetRelevance.logit(backend, logits, new int[] {1, 0})) {
            List<Floats> both =
                    lrp.pass(tape).from(logits, start).to(input, inner, logits).run();
            try (Floats alone = lrp.propagate(tape, logits, start, 1, inner);
                    Floats onwards = lrp.propagate(tape, inner, alone, 1, input)) {
                assertArrayEquals(backend.toArray(alone), backend.toArray(both.get(1)));
                assertClose(backend.toArray(onwards), backend.toArray(both.get(0)), 1e-5, "the rest of the way");
                assertArrayEquals(backend.toArray(start), backend.toArray(both.get(2)));
            }
            both.forEach(Floats::close);
        }
    }

    @Test
    void aLayerWithoutRuleIsNamedBeforeAnythingRuns() {
        Tensor input = layers.input(tape, 2, 8, 8, 2);
        Tensor logits = layers.network(tape, input);
        Composite partial =
                Composite.named("partial").with("conv1", Rule.flat()).with(LayerKind.DENSE, Rule.epsilon(1e-7f));
        try (Floats start = TargetRelevance.logit(backend, logits, new int[] {1, 0});
                LayerwiseRelevance incomplete = new LayerwiseRelevance(partial)) {
            RelevancePass pass = incomplete.pass(tape).from(logits, start).to(input);
            String message =
                    assertThrows(IllegalArgumentException.class, pass::run).getMessage();
            assertTrue(message.contains("conv2") && message.contains("partial"), message);
            incomplete.propagate(tape, logits, start, 1, output("relu2")).close();
        }
    }

    @Test
    void impossibleWaysAreRefused() {
        Tensor input = layers.input(tape, 2, 8, 8, 2);
        Tensor logits = layers.network(tape, input);
        Tensor inner = output("relu1");
        try (Floats start = TargetRelevance.logit(backend, logits, new int[] {1, 0})) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> lrp.propagate(tape, logits, start, 2, input),
                    "too few values for two maps");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> lrp.pass(tape).from(inner, start),
                    "values of another tensor");
            try (Floats relevance = backend.floats(layers.normal((int) inner.size()))) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> lrp.propagate(tape, inner, relevance, 1, logits),
                        "upwards");
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> lrp.pass(tape).from(logits, start).to(input, input).run(),
                    "twice");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> lrp.pass(tape).from(logits, start).run(),
                    "nowhere");
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> TargetRelevance.logit(backend, logits, new int[] {1, 3}),
                "no class 3");
        assertThrows(
                IllegalArgumentException.class,
                () -> TargetRelevance.logit(backend, logits, new int[] {1}),
                "one class for two samples");
    }

    @Test
    void aTrainingTapeIsRefused() {
        try (Tape training = Tape.training(backend, 1)) {
            Tensor input = layers.input(training, 1, 8, 8, 2);
            Tensor logits = layers.network(training, input);
            try (Floats start = TargetRelevance.one(backend, logits, new int[] {0})) {
                RelevancePass pass = lrp.pass(training).from(logits, start).to(input);
                assertTrue(assertThrows(IllegalArgumentException.class, pass::run)
                        .getMessage()
                        .contains("Tape.inference"));
            }
        }
    }

    @Test
    void theStartCanBeTheLogitOneOrAnyValue() {
        Tensor logits = layers.network(tape, layers.input(tape, 2, 8, 8, 2));
        float[] values = backend.toArray(logits.data());
        int[] classes = {2, 1};
        try (Floats logit = TargetRelevance.logit(backend, logits, classes);
                Floats one = TargetRelevance.one(backend, logits, classes);
                Floats given =
                        TargetRelevance.values(backend, logits, new int[][] {classes}, new float[][] {{-3f, 4f}})) {
            assertArrayEquals(new float[] {0, 0, values[2], 0, values[4], 0}, backend.toArray(logit), 1e-9f);
            assertArrayEquals(new float[] {0, 0, 1, 0, 1, 0}, backend.toArray(one), 1e-9f);
            assertArrayEquals(new float[] {0, 0, -3, 0, 4, 0}, backend.toArray(given), 1e-9f);
        }
    }
}
