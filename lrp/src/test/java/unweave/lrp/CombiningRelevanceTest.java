package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.AddNode;
import unweave.engine.tape.DivideNode;
import unweave.engine.tape.ExtremumNode;
import unweave.engine.tape.MultiplyNode;
import unweave.engine.tape.MultiplyNode.Signal;
import unweave.engine.tape.Parameter;
import unweave.engine.tape.PreluNode;
import unweave.engine.tape.ScaleNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Activation;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.ImageShape;
import unweave.kernels.cpu.CpuBackend;

/** Where relevance goes at sums, products, quotients, extrema, scalings and shifts. */
class CombiningRelevanceTest {
    private final Backend backend = CpuBackend.create(2);
    private final Tape tape = Tape.inference(backend);
    private final LayerwiseRelevance lrp = new LayerwiseRelevance(Composites.lrpZero()).withDetailedLedger();

    /** One image of two rows, one column and two channels. */
    private Tensor a;

    /** A row for both, with one value for each channel. */
    private Tensor row;

    @BeforeEach
    void open() {
        a = tape.input(backend.floats(new float[] {1, 2, -3, 4}), 1, 2, 1, 2);
        row = tape.input(backend.floats(new float[] {5, -6}), 1, 1, 1, 2);
    }

    @AfterEach
    void close() {
        lrp.close();
        tape.close();
        backend.close();
    }

    /** Two maps at once, the second with twice the relevance of the first; the shares of the first are returned. */
    private float[][] shares(Tensor y, float[] relevance, Tensor... inputs) {
        int n = relevance.length;
        float[] maps = new float[2 * n];
        for (int i = 0; i < n; i++) {
            maps[i] = relevance[i];
            maps[n + i] = 2 * relevance[i];
        }
        RelevanceLedger ledger = lrp.newLedger();
        float[][] shares = new float[inputs.length][];
        try (Floats start = backend.floats(maps)) {
            List<Floats> arrived =
                    lrp.pass(tape).from(y, start).to(inputs).recordedBy(ledger).run();
            for (int k = 0; k < inputs.length; k++) {
                float[] both = backend.toArray(arrived.get(k));
                shares[k] = new float[both.length / 2];
                for (int i = 0; i < shares[k].length; i++) {
                    shares[k][i] = both[i];
                    assertEquals(2 * both[i], both[shares[k].length + i], 1e-6f, "the second map");
                }
                arrived.get(k).close();
            }
        }
        ledger.entries().forEach(entry -> assertEquals(0, entry.imbalance(), 1e-6, entry.layer()));
        return shares;
    }

    @Test
    void aSumSharesInProportionAndAddsUpWhereAnInputRepeats() {
        Tensor y = tape.add("sum", a, row); // 6 -4 2 -2
        float[][] shares = shares(y, new float[] {6, 8, 2, 10}, a, row);
        assertArrayEquals(new float[] {1, -4, -3, -20}, shares[0], 1e-5f);
        assertArrayEquals(new float[] {5 + 5, 12 + 30}, shares[1], 1e-5f);
    }

    @Test
    void aSumOfThreeIsConserved() {
        Tensor y = tape.add("sum", a, row, a); // 7 -2 -1 2
        float[][] shares = shares(y, new float[] {7, 2, 1, 2}, a, row);
        assertArrayEquals(new float[] {2, -4, 6, 8}, shares[0], 1e-5f);
        assertArrayEquals(new float[] {5 - 5, 6 - 6}, shares[1], 1e-5f);
    }

    @Test
    void aDifferenceIsASumWithANegativeWeight() {
        Tensor y = AddNode.difference(tape, "difference", a, row); // -4 8 -8 10
        float[][] shares = shares(y, new float[] {4, 8, 8, 10}, a, row);
        assertArrayEquals(new float[] {-1, 2, 3, 4}, shares[0], 1e-5f);
        assertArrayEquals(new float[] {5 + 5, 6 + 6}, shares[1], 1e-5f);
    }

    @Test
    void theSignalOfAProductTakesAllAndTheGateNothing() {
        Tensor gate = tape.activation("gate", row, Activation.SIGMOID, Activation.SIGMOID.usualConstants());
        float[] relevance = {1, 2, 3, 4};
        Tensor y = MultiplyNode.record(tape, "product", gate, a, Signal.AUTO);
        float[][] shares = shares(y, relevance, a, row);
        assertArrayEquals(relevance, shares[0]);
        assertArrayEquals(new float[] {0, 0}, shares[1]);
        shares = shares(MultiplyNode.record(tape, "first", gate, a, Signal.FIRST), relevance, a, row);
        assertArrayEquals(new float[4], shares[0]);
        assertArrayEquals(new float[] {4, 6}, shares[1]);
    }

    @Test
    void aProductOfTwoSignalsSharesInHalves() {
        float[][] shares =
                shares(MultiplyNode.record(tape, "product", a, row, Signal.AUTO), new float[] {1, 2, 3, 4}, a, row);
        assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2}, shares[0]);
        assertArrayEquals(new float[] {2, 3}, shares[1]);
        shares = shares(MultiplyNode.record(tape, "square", a, a, Signal.AUTO), new float[] {1, 2, 3, 4}, a);
        assertArrayEquals(new float[] {1, 2, 3, 4}, shares[0]);
    }

    @Test
    void aQuotientGivesAllToTheNumerator() {
        float[][] shares = shares(DivideNode.record(tape, "quotient", row, a), new float[] {1, 2, 3, 4}, row, a);
        assertArrayEquals(new float[] {4, 6}, shares[0]);
        assertArrayEquals(new float[4], shares[1]);
    }

    @Test
    void theWinnerOfTwoTakesAll() {
        float[] relevance = {1, 2, 3, 4};
        float[][] shares = shares(ExtremumNode.maximum(tape, "max", a, row), relevance, a, row);
        assertArrayEquals(new float[] {0, 2, 0, 4}, shares[0]);
        assertArrayEquals(new float[] {4, 0}, shares[1]);
        shares = shares(ExtremumNode.minimum(tape, "min", a, row), relevance, a, row);
        assertArrayEquals(new float[] {1, 0, 3, 0}, shares[0]);
        assertArrayEquals(new float[] {0, 6}, shares[1]);
    }

    @Test
    void aScalingPassesAllAndAShiftTakesItsPart() {
        try (Parameter values = new Parameter(backend, "values", new int[] {2}, true, new float[] {3, 0.5f})) {
            ImageShape perChannel = new ImageShape(1, 1, 1, 2);
            float[] relevance = {4, 5, 6, 9};
            float[][] shares = shares(ScaleNode.record(tape, "scale", a, perChannel, values, null), relevance, a);
            assertArrayEquals(relevance, shares[0], 1e-5f);
            ImageShape perRow = new ImageShape(1, 2, 1, 1);
            Tensor shifted = ScaleNode.record(tape, "shift", a, perRow, null, values); // 4 5 -2.5 4.5
            assertArrayEquals(new float[] {1, 2, 7.2f, 8}, shares(shifted, relevance, a)[0], 1e-5f);
            assertArrayEquals(
                    relevance, shares(PreluNode.record(tape, "prelu", a, perChannel, values), relevance, a)[0]);
        }
    }

    /** Scalings and shifts per channel become part of the convolutions beside them, as batch normalisation does. */
    @Test
    void scalingsPerChannelAreMerged() {
        ModelDescription description = ModelDescription.parse(
                """
                {"input": {"height": 4, "width": 4, "channels": 2}, "classes": ["a", "b"], "layers": [
                  {"name": "scale0", "kind": "scale", "shape": [1, 1, 2]},
                  {"name": "conv", "kind": "conv", "filters": 3, "kernel": 3},
                  {"name": "scale1", "kind": "scale", "shape": [1, 1, 3]},
                  {"name": "shift1", "kind": "shift", "shape": [1, 1, 3]},
                  {"name": "rows", "kind": "shift", "shape": [2, 1, 1]},
                  {"name": "flatten", "kind": "flatten"},
                  {"name": "dense", "kind": "dense", "units": 2}]}""");
        float[] x = new float[32];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        try (Model model = Model.of(description, backend, parameter -> {
                    float[] values = new float[parameter.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) Math.cos(i + parameter.name().length());
                    }
                    return values;
                });
                Model merged = Canonizer.canonical(model)) {
            assertEquals(
                    List.of("conv", "rows", "flatten", "dense"),
                    merged.description().layerNames());
            assertArrayEquals(model.predict(x, 1), merged.predict(x, 1), 1e-5f);
        }
    }
}
