package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static unweave.lrp.Closeness.assertClose;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import unweave.engine.tape.Tape;
import unweave.engine.tape.Tensor;
import unweave.kernels.Backend;
import unweave.kernels.ConvShape;
import unweave.kernels.Floats;
import unweave.kernels.cpu.CpuBackend;

class KnownTest {
    private final Backend backend = CpuBackend.create(2);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void signsAreToldByTheGraph() {
        try (RandomLayers layers = new RandomLayers(backend, 1, true);
                Tape tape = Tape.inference(backend)) {
            Tensor input = layers.input(tape, 2, 4, 4, 3);
            Tensor z = layers.conv(tape, "conv1", input, 3);
            Tensor a = tape.relu("relu1", z);
            assertFalse(input.isNonNegative());
            assertFalse(z.isNonNegative());
            assertFalse(layers.batchNorm(tape, "norm", a).isNonNegative());
            assertFalse(tape.add("add1", a, input).isNonNegative());
            assertTrue(a.isNonNegative());
            assertTrue(tape.flatten("flatten", layers.maxPool(tape, "pool", a)).isNonNegative());
            assertTrue(tape.add("add2", a, a).isNonNegative());
        }
    }

    @Test
    void shorterRulesComputeTheSame() {
        for (boolean fused : new boolean[] {false, true}) {
            for (Rule rule : List.of(
                    Rule.gamma(0.4f),
                    Rule.zPlus(),
                    Rule.alphaBeta(2, 1),
                    Rule.epsilon(1e-3f),
                    Rule.gamma(0.8f).withoutBias())) {
                compareShorterRule(rule, fused);
            }
        }
    }

    private void compareShorterRule(Rule rule, boolean fused) {
        try (RandomLayers layers = new RandomLayers(backend, 5, true);
                Tape tape = Tape.inference(backend);
                TransformedWeights weights = new TransformedWeights(backend)) {
            Tensor x = tape.relu("relu", layers.input(tape, 2, 6, 5, 4));
            ConvShape shape = ConvShape.same(2, 6, 5, 4, 8, 3);
            Tensor y = tape.conv("conv", x, shape, layers.weights(shape), layers.biases(8), fused);
            Tensor a = fused ? y : tape.relu("relu2", y);
            AffineLayer layer = (AffineLayer) NodeRelevances.of(y.producer(), weights);
            RuleEvaluator evaluator = new RuleEvaluator(weights);
            try (Floats relevance = backend.floats(layers.normal((int) y.size()))) {
                backend.elementwise().multiply(relevance, a.data(), relevance);
                try (Floats general = evaluator
                                .evaluate(rule, layer, relevance, Known.NOTHING, Optional.empty())
                                .get(0);
                        Floats shorter = evaluator
                                .evaluate(rule, layer, relevance, new Known(true, true), Optional.empty())
                                .get(0)) {
                    assertClose(
                            backend.toArray(general), backend.toArray(shorter), 1e-5, rule + (fused ? ", fused" : ""));
                }
            }
        }
    }

    @Test
    void relevanceAtNegativePreactivationsIsNotLost() {
        try (RandomLayers layers = new RandomLayers(backend, 6, true);
                Tape tape = Tape.inference(backend);
                LayerwiseRelevance lrp = new LayerwiseRelevance(Composite.uniform(Rule.gamma(0.4f)))) {
            Tensor x = tape.relu("relu", layers.input(tape, 2, 6, 5, 4));
            Tensor z = layers.conv(tape, "conv", x, 8);
            Tensor a = tape.relu("relu2", z);
            try (Floats everywhere = backend.floats(layers.normal((int) z.size()));
                    Floats behindRelu = lrp.propagate(tape, a, everywhere, 1, x);
                    Floats before = lrp.propagate(tape, z, everywhere, 1, x);
                    Floats promised = lrp.pass(tape)
                            .from(a, everywhere)
                            .noRelevanceWithoutActivation()
                            .to(x)
                            .run()
                            .get(0)) {
                assertClose(backend.toArray(before), backend.toArray(behindRelu), 0, "relevance that ReLU passed on");
                double difference = 0;
                float[] kept = backend.toArray(behindRelu);
                float[] lost = backend.toArray(promised);
                for (int i = 0; i < kept.length; i++) {
                    difference = Math.max(difference, Math.abs(kept[i] - lost[i]));
                }
                assertTrue(difference > 0.1, "a broken promise must show, or this test shows nothing: " + difference);
            }
        }
    }
}
