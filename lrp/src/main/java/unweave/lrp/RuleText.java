package unweave.lrp;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * Rules as text, for command lines and files; {@link Rule#toString} gives what {@link #parse} reads.
 *
 * <pre>
 * epsilon(1e-7)   gamma(0.8)   z+   alpha-beta(2, 1)   z-box(-4, 2)   w^2   flat   norm   pass
 * followed, where wanted, by options: without bias   stabilizer(1e-6)   stabilizer(clip 0.1)   stabilizer(rms 0.01)
 * </pre>
 *
 * {@code zplus}, {@code zbox}, {@code wsquare} and {@code alphabeta} are read too.
 */
public final class RuleText {
    private static final Pattern RULE = Pattern.compile("([a-z0-9+^-]+)(?:\\s*\\(([^()]*)\\))?(.*)");
    private static final Pattern OPTION =
            Pattern.compile("\\s+(?:(without bias)|stabilizer\\s*\\(\\s*(?:(clip|rms)\\s+)?([^()\\s]+)\\s*\\))");
    private static final String KNOWN =
            "epsilon(E), gamma(G), z+, alpha-beta(A, B), z-box(LOW, HIGH), w^2, flat, norm, pass";

    private static final List<String> NAMES =
            List.of("epsilon", "gamma", "alpha-beta", "z-box", "zplus", "wsquare", "flat", "norm", "pass");

    private RuleText() {}

    /**
     * The rule that a text states.
     *
     * @throws BadInputException with one line that says what is wrong and what would be right
     */
    public static Rule parse(String text) {
        Matcher matcher = RULE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new BadInputException("\"" + text.strip() + "\" is not a rule: the rules are " + KNOWN);
        }
        List<String> arguments = matcher.group(2) == null || matcher.group(2).isBlank()
                ? List.of()
                : List.of(matcher.group(2).split(","));
        return withOptions(rule(matcher.group(1), arguments), matcher.group(3), text.strip());
    }

    private static Rule rule(String name, List<String> arguments) {
        return switch (name) {
            case "epsilon" -> Rule.epsilon(numbers(name, arguments, "epsilon(1e-7)", 1)[0]);
            case "gamma" -> Rule.gamma(numbers(name, arguments, "gamma(0.25)", 1)[0]);
            case "alpha-beta", "alphabeta" -> {
                float[] weights = numbers(name, arguments, "alpha-beta(2, 1)", 2);
                yield Rule.alphaBeta(weights[0], weights[1]);
            }
            case "z-box", "zbox" -> {
                float[] bounds = numbers(name, arguments, "z-box(-4, 2)", 2);
                yield Rule.zBox(bounds[0], bounds[1]);
            }
            default -> {
                Rule plain = ruleWithoutNumbers(name);
                numbers(name, arguments, name, 0);
                yield plain;
            }
        };
    }

    private static Rule ruleWithoutNumbers(String name) {
        return switch (name) {
            case "z+", "zplus" -> Rule.zPlus();
            case "w^2", "wsquare" -> Rule.wSquare();
            case "flat" -> Rule.flat();
            case "norm" -> Rule.norm();
            case "pass" -> Rule.pass();
            default ->
                throw new BadInputException(
                        "there is no rule \"" + name + "\"" + Spelling.hint(name, NAMES) + ": the rules are " + KNOWN);
        };
    }

    private static float[] numbers(String name, List<String> arguments, String example, int count) {
        if (arguments.size() != count) {
            String takes = count == 0 ? "no numbers" : count == 1 ? "one number" : count + " numbers";
            throw new BadInputException(
                    "rule " + name + " takes " + takes + ", not " + arguments.size() + ": for example " + example);
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number(arguments.get(i).strip(), "rule " + name);
        }
        return numbers;
    }

    private static float number(String text, String where) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new BadInputException("\"" + text + "\" in " + where + " is not a number", e);
        }
    }

    private static Rule withOptions(Rule rule, String options, String text) {
        Rule result = rule;
        Matcher matcher = OPTION.matcher(options);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            result = matcher.group(1) != null
                    ? result.withoutBias()
                    : result.withStabilizer(stabilizer(matcher.group(2), matcher.group(3)));
        }
        if (!options.substring(end).isBlank()) {
            throw new BadInputException(
                    "\"" + options.substring(end).strip() + "\" in \"" + text + "\" is not an option of a rule: "
                            + "they are without bias, stabilizer(1e-6), stabilizer(clip 0.1) and stabilizer(rms 0.01)");
        }
        return result;
    }

    private static Stabilizer stabilizer(String kind, String epsilon) {
        float value = number(epsilon, "stabilizer(...)");
        Stabilizer.Kind chosen = kind == null
                ? Stabilizer.Kind.ADDED
                : kind.equals("clip") ? Stabilizer.Kind.CLIPPED : Stabilizer.Kind.RMS;
        return new Stabilizer(chosen, value);
    }
}
