package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

class ConservationTest {
    private static final int[] CLASSES = {0, 2, 1, 1};

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void withoutBiasAndStabilizerEveryRuleKeepsTheLogit(long seed) {
        for (Rule convolutions : List.of(Rule.epsilon(0), Rule.gamma(0.3f), Rule.zPlus(), Rule.alphaBeta(2, 1))) {
            Composite composite = Composite.named("exact")
                    .withFirst(Rule.flat().withStabilizer(0))
                    .with(LayerKind.CONVOLUTION, convolutions.withStabilizer(0))
                    .with(LayerKind.DENSE, Rule.epsilon(0));
            try (RandomLayers layers = new RandomLayers(backend, seed, false);
                    Tape tape = Tape.inference(backend);
                    LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
                Tensor input = layers.input(tape, 4, 8, 8, 2);
                Tensor logits = layers.network(tape, input);
                RelevanceLedger ledger = new RelevanceLedger();
                try (Floats start = TargetRelevance.logit(backend, logits, CLASSES);
                        Floats map = lrp.pass(tape)
                                .from(logits, start)
                                .to(input)
                                .recordedBy(ledger)
                                .run()
                                .get(0)) {
                    assertKept(backend.toArray(logits.data()), backend.toArray(map), convolutions);
                    assertTrue(
                            ledger.entries().stream().allMatch(entry -> entry.largestLoss() < 1e-3),
                            "the ledger shows no loss");
                }
            }
        }
    }

    private static void assertKept(float[] logits, float[] map, Rule rule) {
        for (int n = 0; n < CLASSES.length; n++) {
            double sum = 0;
            double absolute = 0;
            for (int i = n * 128; i < (n + 1) * 128; i++) {
                sum += map[i];
                absolute += Math.abs(map[i]);
            }
            assertEquals(logits[n * 3 + CLASSES[n]], sum, 1e-5 * (1 + absolute), rule + ", sample " + n);
        }
    }

    @Test
    void lrpZeroIsGradientTimesInput() {
        try (RandomLayers layers = new RandomLayers(backend, 8, true);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(0)))) {
            Tensor input = layers.input(tape, 4, 8, 8, 2);
            Tensor logits = layers.network(tape, input);
            Floats gradient = tape.backward(logits, TargetRelevance.one(backend, logits, CLASSES), List.of(input))
                    .get(0);
            backend.elementwise().multiply(gradient, input.data(), gradient);
            try (gradient;
                    Floats start = TargetRelevance.logit(backend, logits, CLASSES);
                    Floats map = lrp.propagate(tape, logits, start, 1, input)) {
                assertClose(backend.toArray(gradient), backend.toArray(map), 1e-4, "LRP-0 against gradient x input");
            }
        }
    }

    @Test
    void theLedgerSaysWhatTheBiasAbsorbed() {
        try (RandomLayers layers = new RandomLayers(backend, 9, true);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(Rule.epsilon(1e-7f)))) {
            Tensor input = layers.input(tape, 4, 8, 8, 2);
            Tensor logits = layers.network(tape, input);
            RelevanceLedger ledger = RelevanceLedger.detailed();
            try (Floats start = TargetRelevance.logit(backend, logits, CLASSES);
                    Floats map = lrp.pass(tape)
                            .from(logits, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                List<RelevanceLedger.Entry> entries = ledger.entries();
                assertEquals(
                        List.of("dense2", "dense1", "conv2", "conv1"),
                        entries.stream().map(RelevanceLedger.Entry::layer).toList());
                for (int i = 1; i < entries.size(); i++) {
                    assertClose(
                            entries.get(i - 1).passedOn(),
                            entries.get(i).arrived(),
                            1e-4,
                            "between " + entries.get(i).layer() + " and the next");
                }
                assertTrue(entries.get(0).largestLoss() > 1e-3, "a bias absorbs relevance");
                for (RelevanceLedger.Entry entry : entries) {
                    assertTrue(entry.imbalance() <= 1e-5, entry.layer() + " leaves " + entry.imbalance() + " open");
                    float[] lost = new float[4];
                    for (int n = 0; n < 4; n++) {
                        lost[n] = entry.arrived()[n] - entry.passedOn()[n];
                    }
                    assertClose(
                            lost,
                            entry.absorbed().orElseThrow().bias(),
                            1e-4,
                            "what the bias of " + entry.layer() + " took");
                }
                assertEquals(map.size() / input.size() * 4, entries.get(0).arrived().length);
            }
        }
    }
}
