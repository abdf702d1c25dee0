package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.tape.ReluGradient;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** What must hold on any graph. */
class RandomGraphTest {
    private static final int SIDE = 8;
    private static final int[] CLASSES = {0, 2, 1};

    /** Each covers every kind of layer. */
    private static final List<Composite> COMPOSITES = List.of(
            Composite.toy(),
            Composite.gtzan(),
            Composites.epsilonPlusFlat(),
            Composites.epsilonAlpha2Beta1(),
            Composites.epsilonGammaBox(-3, 3),
            Composites.attnLrp(),
            CompositeText.parse("conv: epsilon(0.1) stabilizer(clip 0.1); dense: gamma(0.2) stabilizer(rms 0.05); "
                    + "layernorm: epsilon(0.01); batchnorm: pass"));

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = CpuBackend.create(2);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    /** One explanation of a drawn network. */
    private interface Check {
        void run(Tape tape, Tensor input, Tensor logits, Floats start, Floats map, RelevanceLedger ledger);
    }

    private static void explain(
            Composite composite, long seed, boolean bias, boolean piecewiseLinear, float scale, Check check) {
        try (RandomLayers layers = new RandomLayers(backend, seed, bias);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite).withDetailedLedger()) {
            Tensor input = layers.input(tape, 3, SIDE, SIDE, 2);
            backend.elementwise().scale(scale, input.data(), input.data());
            Tensor logits = new RandomGraph(tape, layers, seed, piecewiseLinear).logits(input);
            RelevanceLedger ledger = lrp.newLedger();
            try (Floats start = TargetRelevance.logit(backend, logits, CLASSES);
                    Floats map = lrp.pass(tape)
                            .from(logits, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                check.run(tape, input, logits, start, map, ledger);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLedgerClosesAtEveryLayer(long seed) {
        for (Composite composite : COMPOSITES) {
            explain(composite, seed, seed % 3 != 0, false, 1f, (tape, input, logits, start, map, ledger) -> {
                for (RelevanceLedger.Entry entry : ledger.entries()) {
                    assertTrue(
                            entry.imbalance() <= 1e-5,
                            composite + ": " + entry.layer() + " (" + entry.rule() + ") leaves " + entry.imbalance());
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void withoutBiasAndStabilizerTheInputReceivesTheLogit(long seed) {
        explain(Composites.lrpZero(), seed, false, true, 1f, (tape, input, logits, start, map, ledger) -> {
            float[] logit = backend.toArray(logits.data());
            float[] relevance = backend.toArray(map);
            int size = relevance.length / CLASSES.length;
            for (int n = 0; n < CLASSES.length; n++) {
                double sum = 0;
                for (int i = n * size; i < (n + 1) * size; i++) {
                    sum += relevance[i];
                }
                int sample = n;
                double magnitude = ledger.entries().stream()
                        .mapToDouble(entry -> entry.absorbed().orElseThrow().magnitude()[sample])
                        .max()
                        .orElseThrow();
                assertEquals(logit[n * 3 + CLASSES[n]], sum, 1e-5 * magnitude);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onNetworksOfRelusLrpZeroIsGradientTimesInput(long seed) {
        explain(Composites.lrpZero(), seed, true, true, 1f, (tape, input, logits, start, map, ledger) -> {
            Floats one = TargetRelevance.one(backend, logits, CLASSES);
            try (Floats gradient = tape.inputGradients(logits, one, List.of(input), ReluGradient.TRUE)
                    .get(0)) {
                backend.elementwise().multiply(gradient, input.data(), gradient);
                assertClose(backend.toArray(gradient), backend.toArray(map), 1e-4, "LRP-0 against gradient x input");
            }
        });
    }

    /** Silent input, tiny and huge ones. */
    @ParameterizedTest
    @ValueSource(floats = {0f, 1e-20f, -1f, 1e4f})
    void everyValueIsANumber(float scale) {
        for (long seed = 0; seed < 40; seed++) {
            for (Composite composite : COMPOSITES) {
                long drawn = seed;
                explain(composite, seed, seed % 2 == 0, false, scale, (tape, input, logits, start, map, ledger) -> {
                    for (float value : backend.toArray(map)) {
                        assertTrue(Float.isFinite(value), composite + ", seed " + drawn + ": " + value);
                    }
                });
            }
        }
    }
}
