package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import unweave.kernels.WeightTransform;

class RuleTest {
    @Test
    void alphaAndBetaMustDifferByOne() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Rule.alphaBeta(2f, 0.5f))
                .getMessage()
                .contains("alpha - beta = 1"));
        assertThrows(IllegalArgumentException.class, () -> Rule.alphaBeta(0.5f, -0.5f));
        assertThrows(IllegalArgumentException.class, () -> Rule.alphaBeta(Float.NaN, 1f));
        assertEquals(2, Rule.alphaBeta(1.3f, 0.3f).fractions().size());
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Rule.gamma(-0.1f));
        assertThrows(IllegalArgumentException.class, () -> Rule.gamma(Float.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> Rule.epsilon(-1e-6f));
        assertThrows(IllegalArgumentException.class, () -> Rule.flat().withStabilizer(Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> Rule.zBox(1f, 1f));
    }

    @Test
    void behindReluTheGammaRuleIsOneTerm() {
        Rule shorter = Rule.gamma(0.4f).given(new Known(true, true));
        assertEquals(
                List.of(new Fraction(
                        1f,
                        Fraction.Branch.ALL,
                        List.of(Term.of(Term.Operand.INPUT, WeightTransform.FAVOUR_POSITIVE)),
                        Optional.of(WeightTransform.FAVOUR_POSITIVE))),
                shorter.fractions());
    }

    @Test
    void nothingKnownLeavesARuleAsItIs() {
        for (Rule rule : List.of(Rule.gamma(0.4f), Rule.zPlus(), Rule.alphaBeta(2, 1), Rule.zBox(-1, 1))) {
            assertEquals(rule, rule.given(new Known(false, false)));
        }
    }

    @Test
    void withoutBiasDropsItFromEveryDenominator() {
        assertTrue(Rule.gamma(0.4f).withoutBias().fractions().stream()
                .allMatch(fraction -> fraction.bias().isEmpty()));
    }
}
