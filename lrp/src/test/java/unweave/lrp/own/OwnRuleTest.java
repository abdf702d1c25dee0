package unweave.lrp.own;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static unweave.kernels.WeightTransform.POSITIVE;
import static unweave.lrp.Term.Operand.INPUT;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;
import unweave.lrp.Composite;
import unweave.lrp.Fraction;
import unweave.lrp.LayerKind;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Rule;
import unweave.lrp.Stabilizer;
import unweave.lrp.Term;

/** What app/docs/writing-a-rule.md shows, from a package that sees no more than its readers do. */
class OwnRuleTest {
    private static final Rule W_PLUS = new Rule(
            "w+",
            Stabilizer.added(1e-7f),
            0f,
            List.of(new Fraction(1f, Fraction.Branch.ALL, List.of(Term.of(INPUT, POSITIVE)), Optional.of(POSITIVE))));

    private static Composite composite(Rule rule) {
        return Composite.named("mine")
                .withFirst(Rule.wSquare())
                .withDepth(2, 3, rule)
                .with(LayerKind.CONVOLUTION, Rule.gamma(0.25f))
                .with(LayerKind.DENSE, Rule.epsilon(1e-6f))
                .with("dense1", rule.withStabilizer(1e-6f));
    }

    @Test
    void behindReluItIsTheZPlusRule() {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[64 * 64];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(ModelDescription.toy(), backend, 1);
                LayerwiseRelevance own = new LayerwiseRelevance(composite(W_PLUS));
                LayerwiseRelevance known = new LayerwiseRelevance(composite(Rule.zPlus()))) {
            assertEquals("w+", own.composite().assignments(model).get(1).rule().toString());
            assertArrayEquals(
                    known.attribute(model, x, 1, new int[] {1}).relevance(),
                    own.attribute(model, x, 1, new int[] {1}).relevance());
        }
    }
}
