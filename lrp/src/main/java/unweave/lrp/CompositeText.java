package unweave.lrp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.kernels.BadInputException;

/**
 * Composites as text, for command lines and files: entries separated by semicolons or line ends, {@code #} begins a
 * comment.
 *
 * <pre>
 * epsilon-plus              # a composite of {@link Composites} to begin with, if wanted
 * first: z-box(-4, 2)       # the first layer
 * depth 2-3: gamma(0.4)     # convolutions and dense layers by depth, counted from 1 at the input
 * block1.*: gamma(0.1)      # a layer's name, or a pattern of names; in quotes if it is one of the words used here
 * conv: gamma(0.25)         # a kind of layer: conv, dense, avgpool, add, scale, shift, layernorm, batchnorm,
 *                           # matmul, softmax
 * dense: epsilon(1e-6)
 * </pre>
 *
 * Rules are those of {@link RuleText}. Of several entries that apply to a layer the most specific one counts, whatever
 * the order.
 */
public final class CompositeText {
    private static final Pattern ENTRY = Pattern.compile("(\"[^\"]+\"|[^:\"]+):(.*)");
    private static final Pattern DEPTH = Pattern.compile("depth\\s+(\\d{1,6})\\s*(?:-\\s*(\\d{1,6}))?");
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w.*/-]+");

    private CompositeText() {}

    /**
     * The composite that a text states.
     *
     * @throws BadInputException with one line that says what is wrong, where, and what would be right
     */
    public static Composite parse(String text) {
        List<String> entries = entries(text);
        if (entries.isEmpty()) {
            throw new BadInputException("the composite is empty: name one of " + String.join(", ", Composites.names())
                    + ", or state rules such as \"first: flat; conv: gamma(0.25); dense: epsilon(1e-7)\"");
        }
        Composite composite = Composite.named(String.join("; ", entries));
        for (int i = 0; i < entries.size(); i++) {
            Matcher entry = ENTRY.matcher(entries.get(i));
            if (entry.matches()) {
                composite =
                        with(composite, entry.group(1).strip(), entry.group(2).strip());
            } else if (i == 0) {
                composite = Composites.named(entries.get(0))
                        .renamed(entries.size() == 1 ? entries.get(0) : composite.name());
            } else {
                throw new BadInputException("\"" + entries.get(i)
                        + "\" is not an entry of a composite: write WHICH LAYERS: RULE, such as conv: gamma(0.25)");
            }
        }
        return composite;
    }

    private static List<String> entries(String text) {
        List<String> entries = new ArrayList<>();
        for (String line : text.split("\\R", 0)) {
            String stated = line.replaceFirst("#.*", "");
            for (String entry : stated.split(";", 0)) {
                if (!entry.isBlank()) {
                    entries.add(entry.strip());
                }
            }
        }
        return entries;
    }

    private static Composite with(Composite composite, String which, String rule) {
        Rule parsed;
        Selector selector;
        try {
            parsed = RuleText.parse(rule);
            selector = selector(which);
        } catch (BadInputException e) {
            throw new BadInputException("composite entry \"" + which + ": " + rule + "\": " + e.getMessage(), e);
        }
        return composite.with(selector, parsed);
    }

    private static Selector selector(String which) {
        if (which.startsWith("\"")) {
            return new Selector.ByName(which.substring(1, which.length() - 1));
        }
        String lower = which.toLowerCase(Locale.ROOT);
        Optional<LayerKind> kind = LayerKind.ofKeyword(lower);
        Matcher depth = DEPTH.matcher(lower);
        if (kind.isPresent()) {
            return new Selector.ByKind(kind.get());
        } else if (lower.equals("first")) {
            return new Selector.First();
        } else if (depth.matches()) {
            int from = Integer.parseInt(depth.group(1));
            return new Selector.ByDepth(from, depth.group(2) == null ? from : Integer.parseInt(depth.group(2)));
        } else if (PLAIN_NAME.matcher(which).matches()) {
            return new Selector.ByName(which);
        }
        throw new BadInputException("\"" + which + "\" does not say which layers: it is first, depth 2-3, a kind ("
                + LayerKind.keywords() + "), or a layer's name");
    }

    /** Whether a layer's name can stand without quotes. */
    static boolean isPlainName(String name) {
        return PLAIN_NAME.matcher(name).matches()
                && !name.equalsIgnoreCase("first")
                && LayerKind.ofKeyword(name.toLowerCase(Locale.ROOT)).isEmpty();
    }

    /** The text of a composite, one entry a line, all defaults included: {@link #parse} gives the same rules. */
    public static String write(Composite composite) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Selector, Rule> entry : composite.rules().entrySet()) {
            text.append(entry.getKey().text())
                    .append(": ")
                    .append(entry.getValue())
                    .append('\n');
        }
        return text.toString();
    }
}
