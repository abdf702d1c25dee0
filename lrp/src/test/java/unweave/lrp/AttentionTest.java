package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import unweave.kernels.BadInputException;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** The rules of attention (Achtibat et al. 2024) against their formulas in float64. */
class AttentionTest {
    private static final int BATCH = 2;
    private static final int HEADS = 2;
    /** Relevance maps of the same inputs, which pass as one batch. */
    private static final int MAPS = 3;

    private final Backend backend = CpuBackend.create(2);
    private final RandomLayers layers = new RandomLayers(backend, 11, true);

    @AfterEach
    void close() {
        layers.close();
        backend.close();
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** R_i = x_i (R_i - s_i sum over j: R_j); the bias of the decomposition takes the rest. */
    @Test
    void softmaxSharesByItsTaylorDecomposition() {
        int width = 7;
        int size = BATCH * HEADS * 5 * width;
        float[] relevance = layers.normal(MAPS * size);
        RelevanceLedger ledger = RelevanceLedger.detailed();
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composites.epsilonPlus())) {
            Tensor input = layers.input(tape, BATCH, HEADS, 5, width);
            Tensor output = tape.softmax("softmax", input);
            float[] x = backend.toArray(input.data());
            float[] s = backend.toArray(output.data());
            float[] expected = new float[relevance.length];
            for (int from = 0; from < relevance.length; from += width) {
                double all = 0;
                for (int i = from; i < from + width; i++) {
                    all += relevance[i];
                }
                for (int i = from; i < from + width; i++) {
                    expected[i] = (float) (x[i % size] * (relevance[i] - s[i % size] * all));
                }
            }
            try (Floats start = backend.floats(relevance);
                    Floats map = lrp.pass(tape)
                            .from(output, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                assertClose(expected, backend.toArray(map), 1e-5, "softmax");
            }
        }
        RelevanceLedger.Entry entry = ledger.entries().get(0);
        float[] bias = entry.absorbed().orElseThrow().bias();
        for (int n = 0; n < bias.length; n++) {
            double magnitude = entry.absorbed().orElseThrow().magnitude()[n];
            assertEquals(
                    entry.arrived()[n] - entry.passedOn()[n], bias[n], 1e-5 * magnitude, "the bias takes the rest");
        }
        assertTrue(entry.imbalance() <= 1e-5, "imbalance " + entry.imbalance());
    }

    /** Both factors receive half of a_ik b_kj R_ij / z_ij; together they receive all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProductSharesInEqualParts(boolean transposed) {
        int m = 4;
        int k = 5;
        int p = 3;
        float[] relevance = layers.normal(MAPS * BATCH * HEADS * m * p);
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp =
                        new LayerwiseRelevance(Composites.epsilonPlus().with(LayerKind.MATMUL, Rule.epsilon(1e-4f)))) {
            Tensor a = layers.input(tape, BATCH, HEADS, m, k);
            Tensor b = transposed ? layers.input(tape, BATCH, HEADS, p, k) : layers.input(tape, BATCH, HEADS, k, p);
            Tensor z = tape.matmul("product", a, b, transposed);
            float[] x = backend.toArray(a.data());
            float[] y = backend.toArray(b.data());
            float[] product = backend.toArray(z.data());
            float[] ofA = new float[MAPS * x.length];
            float[] ofB = new float[MAPS * y.length];
            for (int matrix = 0; matrix < MAPS * BATCH * HEADS; matrix++) {
                int recorded = matrix % (BATCH * HEADS);
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < p; j++) {
                        double value = product[(recorded * m + i) * p + j];
                        double q = relevance[(matrix * m + i) * p + j] / (2 * (value + 1e-4 * (value < 0 ? -1 : 1)));
                        for (int c = 0; c < k; c++) {
                            int atA = i * k + c;
                            int atB = transposed ? j * k + c : c * p + j;
                            double share = (double) x[recorded * m * k + atA] * y[recorded * k * p + atB] * q;
                            ofA[matrix * m * k + atA] += (float) share;
                            ofB[matrix * k * p + atB] += (float) share;
                        }
                    }
                }
            }
            try (Floats start = backend.floats(relevance)) {
                List<Floats> maps = lrp.pass(tape).from(z, start).to(a, b).run();
                assertClose(ofA, backend.toArray(maps.get(0)), 1e-5, "the first factor");
                assertClose(ofB, backend.toArray(maps.get(1)), 1e-5, "the second factor");
                maps.forEach(Floats::close);
            }
        }
    }

    /** Without a stabiliser a product conserves relevance, also where a tensor is multiplied with itself. */
    @Test
    void aProductConserves() {
        RelevanceLedger ledger = new RelevanceLedger();
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composites.lrpZero())) {
            Tensor x = layers.input(tape, BATCH, HEADS, 4, 6);
            Tensor gram = tape.matmul("gram", x, x, true);
            float[] values = backend.toArray(gram.data());
            try (Floats start = backend.floats(values);
                    Floats map = lrp.pass(tape)
                            .from(gram, start)
                            .to(x)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                float[] relevance = backend.toArray(map);
                double magnitude = 0;
                for (float value : relevance) {
                    magnitude += Math.abs(value);
                }
                assertEquals(sum(values), sum(relevance), 1e-5 * magnitude);
            }
        }
        assertTrue(
                ledger.entries().get(0).largestLoss() < 1e-4,
                "loss " + ledger.entries().get(0).largestLoss());
    }

    @Test
    void rulesThatChangeWeightsAreRefused() {
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp =
                        new LayerwiseRelevance(Composites.epsilonPlus().with(LayerKind.MATMUL, Rule.zPlus()));
                Floats start = backend.floats(layers.normal(9))) {
            Tensor x = layers.input(tape, 1, 1, 3, 2);
            Tensor gram = tape.matmul("gram", x, x, true);
            RelevancePass pass = lrp.pass(tape).from(gram, start).to(x);
            assertEquals(
                    "layer gram (product of activations) cannot follow the rule z+: its weights change with the input; "
                            + "give it norm or epsilon(1e-6)",
                    assertThrows(BadInputException.class, pass::run).getMessage());
        }
    }
}
