package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/** Values in other places take their relevance along; constants keep it, and the books say so. */
class GatherRelevanceTest {
    private static final int INPUTS = 2;

    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    private record Outcome(float[] relevance, float[] start, List<RelevanceLedger.Entry> entries) {}

    private Model model(String layers) {
        return Model.create(
                ModelDescription.parse(
                        "{\"input\": {\"height\": 4, \"width\": 3, \"channels\": 2}, \"classes\": [\"a\", \"b\"], \"layers\": ["
                                + layers + "]}"),
                backend,
                5);
    }

    /** Carries maps of INPUTS inputs from the layer "from" to the input. */
    private Outcome explain(Model model, Composite composite, int maps) {
        Random random = new Random(7);
        float[] inputs = new float[INPUTS * 24];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        RelevanceLedger ledger = RelevanceLedger.detailed();
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            Tensor input = model.input(tape, inputs, 0, INPUTS);
            model.forwardEveryLayer(tape, input);
            Tensor from = tape.remembered("from");
            float[] start = new float[Math.toIntExact(maps * from.size())];
            for (int i = 0; i < start.length; i++) {
                start[i] = (float) random.nextGaussian();
            }
            try (Floats relevance = backend.floats(start);
                    Floats map = lrp.pass(tape)
                            .from(from, relevance)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                return new Outcome(backend.toArray(map), start, ledger.entries());
            }
        }
    }

    private static double sum(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static final String END =
            ", {\"name\": \"flat\", \"kind\": \"flatten\"}, {\"name\": \"logits\", \"kind\": \"dense\", \"units\": 2}";

    @Test
    void copiesAddUpAndNothingIsLost() {
        try (Model model = model("{\"name\": \"pad\", \"kind\": \"pad\", \"mode\": \"reflect\", \"height\": [2, 3]},"
                + "{\"name\": \"turn\", \"kind\": \"rearrange\", \"split\": [9, 3, 2], \"order\": [2, 0, 1],"
                + " \"to\": [2, 9, 3]},"
                + "{\"name\": \"from\", \"kind\": \"upsample\", \"scale\": 2}" + END)) {
            Outcome outcome = explain(model, Composites.lrpZero(), 1);
            int output = outcome.start().length / INPUTS;
            for (int n = 0; n < INPUTS; n++) {
                assertEquals(
                        sum(outcome.start(), n * output, (n + 1) * output),
                        sum(outcome.relevance(), n * 24, (n + 1) * 24),
                        1e-4);
            }
        }
    }

    @Test
    void whatFallsOnConstantsIsDroppedAndBooked() {
        try (Model model = model("{\"name\": \"padded\", \"kind\": \"pad\", \"value\": 0.5, \"width\": [1, 2]},"
                + "{\"name\": \"place\", \"kind\": \"constant\", \"shape\": [4, 6, 1]},"
                + "{\"name\": \"from\", \"kind\": \"concat\", \"inputs\": [\"padded\", \"place\"]}" + END)) {
            Outcome outcome = explain(model, Composites.lrpZero(), 1);
            int output = outcome.start().length / INPUTS;
            assertEquals(
                    List.of("place", "padded"),
                    outcome.entries().stream().map(RelevanceLedger.Entry::layer).toList());
            for (int n = 0; n < INPUTS; n++) {
                double dropped = 0;
                for (RelevanceLedger.Entry entry : outcome.entries()) {
                    assertTrue(entry.imbalance() < 1e-6, entry.layer());
                    assertTrue(Math.abs(entry.absorbed().orElseThrow().dropped()[n]) > 1e-3, entry.layer());
                    dropped += entry.absorbed().orElseThrow().dropped()[n];
                }
                assertEquals(
                        sum(outcome.start(), n * output, (n + 1) * output),
                        sum(outcome.relevance(), n * 24, (n + 1) * 24) + dropped,
                        1e-4);
            }
        }
    }

    @Test
    void severalMapsPassAsOneBatch() {
        try (Model model = model("{\"name\": \"pad\", \"kind\": \"pad\", \"value\": 1, \"height\": [1, 2]},"
                + "{\"name\": \"place\", \"kind\": \"constant\", \"shape\": [7, 3, 2]},"
                + "{\"name\": \"long\", \"kind\": \"concat\", \"axis\": \"width\", \"inputs\": [\"pad\", \"place\"]},"
                + "{\"name\": \"from\", \"kind\": \"reduce\", \"operation\": \"min\", \"axes\": [\"channels\"]}"
                + END)) {
            Outcome both = explain(model, Composites.lrpZero(), 2);
            Outcome first = explain(model, Composites.lrpZero(), 1);
            assertArrayEquals(first.relevance(), Arrays.copyOf(both.relevance(), INPUTS * 24));
            assertTrue(sum(both.relevance(), INPUTS * 24, 2 * INPUTS * 24) != 0);
        }
    }
}
