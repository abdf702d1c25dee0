package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.tape.LinearNode;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

/**
 * On a tape for relevance, ReLUs are part of their layers, and pooling is one step with the first layer's rule; the
 * maps must not show it.
 */
class RelevanceTapeTest {
    private static final int INPUTS = 2;

    private final Backend backend = CpuBackend.create(2);
    private final Model model = Model.create(ModelDescription.toy(), backend, 5);

    @AfterEach
    void close() {
        model.close();
        backend.close();
    }

    /** What one run gave: the maps of two classes for every input, and the sums of the ledger. */
    private record Outcome(float[] maps, List<RelevanceLedger.Entry> entries) {}

    @Test
    void mapsAndLedgersAreThoseOfANetworkThatRunsLayerByLayer() {
        for (Composite composite : List.of(
                Composite.toy(),
                Composite.gtzan(),
                Composite.named("epsilon everywhere")
                        .with(LayerKind.CONVOLUTION, Rule.epsilon(1e-2f))
                        .with(LayerKind.DENSE, Rule.epsilon(1e-2f)),
                Composite.named("flat everywhere")
                        .with(LayerKind.CONVOLUTION, Rule.flat())
                        .with(LayerKind.DENSE, Rule.wSquare()),
                Composite.named("alpha-beta")
                        .with(LayerKind.CONVOLUTION, Rule.alphaBeta(2f, 1f))
                        .with(LayerKind.DENSE, Rule.gamma(0.3f)))) {
            Outcome expected = explain(composite, false);
            Outcome actual = explain(composite, true);
            assertClose(expected.maps(), actual.maps(), 1e-5, composite.toString());
            assertEquals(expected.entries().size(), actual.entries().size(), composite.toString());
            for (int i = 0; i < expected.entries().size(); i++) {
                RelevanceLedger.Entry entry = expected.entries().get(i);
                assertEquals(entry.layer(), actual.entries().get(i).layer());
                assertClose(
                        entry.arrived(),
                        actual.entries().get(i).arrived(),
                        1e-4,
                        composite + " arrived at " + entry.layer());
                assertClose(
                        entry.passedOn(),
                        actual.entries().get(i).passedOn(),
                        1e-4,
                        composite + " passed on by " + entry.layer());
            }
        }
    }

    private Outcome explain(Composite composite, boolean fused) {
        Random random = new Random(7);
        float[] inputs = new float[INPUTS * model.description().input().features()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        RelevanceLedger ledger = new RelevanceLedger();
        try (Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(composite)) {
            Tensor input = tape.input(
                    backend.floats(inputs), model.description().input().ofBatch(INPUTS));
            Tensor logits = fused ? model.forward(tape, input) : model.forwardEveryLayer(tape, input);
            assertEquals(
                    fused, tape.nodes().stream().anyMatch(node -> node instanceof LinearNode linear && linear.relu()));
            try (Floats start = TargetRelevance.logit(backend, logits, new int[] {0, 1}, new int[] {1, 0});
                    Floats map = lrp.pass(tape)
                            .from(logits, start)
                            .to(input)
                            .recordedBy(ledger)
                            .run()
                            .get(0)) {
                float[] maps = backend.toArray(map);
                assertTrue(maps.length == 2 * inputs.length);
                return new Outcome(maps, ledger.entries());
            }
        }
    }
}
