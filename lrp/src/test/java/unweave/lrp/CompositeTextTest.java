package unweave.lrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

class CompositeTextTest {
    @Test
    void everyRuleIsReadAsItIsWritten() {
        List<Rule> rules = List.of(
                Rule.epsilon(1e-7f),
                Rule.epsilon(0f),
                Rule.gamma(0.8f),
                Rule.zPlus(),
                Rule.alphaBeta(2, 1),
                Rule.zBox(-4, 2.5f),
                Rule.wSquare(),
                Rule.flat(),
                Rule.norm(),
                Rule.pass());
        for (Rule rule : rules) {
            assertEquals(rule, RuleText.parse(rule.toString()));
            assertEquals(rule.withoutBias(), RuleText.parse(rule.withoutBias().toString()));
            for (Stabilizer stabilizer :
                    List.of(Stabilizer.added(0.1f), Stabilizer.clipped(0.2f), Stabilizer.rms(0.3f))) {
                Rule option = rule.withStabilizer(stabilizer).withoutBias();
                assertEquals(option, RuleText.parse(option.toString()));
                assertEquals(option, rule.withoutBias().withStabilizer(stabilizer));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gama(0.2) | there is no rule \"gama\"",
                "gamma | takes one number, not 0: for example gamma(0.25)",
                "gamma(a) | \"a\" in rule gamma is not a number",
                "alpha-beta(2) | takes 2 numbers, not 1",
                "alpha-beta(2, 3) | alpha - beta = 1",
                "flat(1) | takes no numbers, not 1",
                "z+ with bias | \"with bias\" in \"z+ with bias\" is not an option",
                "z+ stabilizer(clip) | \"clip\" in stabilizer(...) is not a number",
                "epsilon(-1) | must be 0 or a positive number"
            })
    void whatIsNotARuleIsSaidInOneLine(String text, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> RuleText.parse(text))
                .getMessage();
        assertTrue(said.contains(message) && said.lines().count() == 1, said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toy",
                "gtzan",
                "epsilon-plus",
                "epsilon-plus-flat",
                "epsilon-alpha2-beta1",
                "epsilon-alpha2-beta1-flat",
                "epsilon-gamma",
                "excitation",
                "attnlrp",
                "lrp-0"
            })
    void everyNamedCompositeIsReadAsItIsWritten(String name) {
        Composite composite = CompositeText.parse(name);
        assertEquals(name, composite.name());
        assertEquals(
                composite.rules(),
                CompositeText.parse(CompositeText.write(composite)).rules());
    }

    @Test
    void entriesOverrideTheCompositeTheyBeginWithAndTheMostSpecificOneCounts() {
        Composite composite = CompositeText.parse(
                """
        epsilon-plus            # to begin with
        dense: epsilon(0.5); conv4: flat
        depth 2-4: gamma(0.4)
        first: z-box(-4, 2)
        dense*: epsilon(0.25)   # more specific than a kind
        """);
        try (Backend backend = CpuBackend.create(1);
                Model model = Model.create(ModelDescription.toy(), backend, 1)) {
            List<Assignment> assignments = composite.assignments(model);
            assertEquals(
                    List.of(
                            "z-box(-4.0, 2.0)",
                            "gamma(0.4)",
                            "gamma(0.4)",
                            "flat",
                            "z+",
                            "epsilon(0.25)",
                            "epsilon(0.25)",
                            "epsilon(0.25)"),
                    assignments.stream()
                            .map(assignment -> assignment.rule().toString())
                            .toList());
            assertEquals(
                    List.of(
                            "the first layer",
                            "at depth 2 to 4",
                            "at depth 2 to 4",
                            "by name",
                            "by kind",
                            "by name, dense*",
                            "by name, dense*",
                            "by name, dense*"),
                    assignments.stream().map(Assignment::reason).toList());
        }
    }

    @Test
    void aLayerNamedLikeAKeywordIsQuoted() {
        Composite composite = Composite.named("own")
                .with("first", Rule.flat())
                .with("a b", Rule.zPlus())
                .with("conv", Rule.wSquare());
        assertEquals(
                composite.rules(),
                CompositeText.parse(CompositeText.write(composite)).rules());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epsilon-plush | there is no composite \"epsilon-plush\" (did you mean epsilon-plus?): there are toy, gtzan",
                "; # nothing | the composite is empty",
                "conv: gamma(1); flat | \"flat\" is not an entry",
                "depth 0-2: flat | composite entry \"depth 0-2: flat\": depth 0 to 2",
                "every layer: flat | does not say which layers",
                "conv: gama(1) | composite entry \"conv: gama(1)\": there is no rule"
            })
    void whatIsNotACompositeIsSaidInOneLine(String text, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> CompositeText.parse(text))
                .getMessage();
        assertTrue(said.contains(message) && said.lines().count() == 1, said);
    }
}
