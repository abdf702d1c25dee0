import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes out the loops of kernels whose sums must be local variables, since C2 keeps only those in registers. A
 * template is Java with three directives, each on a line of its own up to its {@code //: end}:
 *
 * <pre>
 * //: each r &lt; 3                          repeats the lines for r = 0, 1, 2
 * //: each r in 0 2 4, name in A B C      repeats them for (r, name) = (0, A), (2, B), (4, C)
 * //: if $name is A                       keeps them for this name alone
 * </pre>
 *
 * Within them <code>$r</code> stands for the value, <code>${r+1}</code> for a sum and <code>${3*r+1}</code> for a sum
 * of products. Values of an outer directive may be used in an inner one. So
 *
 * <pre>
 * //: each r &lt; 2
 * s$r = load(a, at + $r).fma(y, s$r);
 * //: end
 * </pre>
 *
 * becomes the same line for s0 and for s1. The Maven build runs this file as it is: {@code java Unroll.java TEMPLATES
 * OUTPUT}.
 */
final class Unroll {
    private static final Pattern REFERENCE = Pattern.compile("\\$([a-z]+)|\\$\\{([^}]*)}");

    private final Path file;
    private final List<String> lines;
    private final StringBuilder out = new StringBuilder();

    private Unroll(Path file) throws IOException {
        this.file = file;
        lines = Files.readAllLines(file);
    }

    /**
     * Brings the sources up to date with the templates. A source that stays as it is keeps its time, so that nothing is
     * compiled again; one whose template is gone is deleted.
     *
     * @param arguments the folder with the templates and that of the sources, both by package
     */
    public static void main(String[] arguments) throws IOException {
        Path templates = Path.of(arguments[0]);
        Path sources = Path.of(arguments[1]);
        Files.createDirectories(sources);
        for (Path source : filesIn(sources)) {
            if (!Files.exists(templates.resolve(sources.relativize(source)))) {
                Files.delete(source);
            }
        }
        for (Path template : filesIn(templates)) {
            Path source = sources.resolve(templates.relativize(template));
            if (!template.getParent().equals(templates)) { // this file lies there
                Unroll unroll = new Unroll(template);
                unroll.expand(0, unroll.lines.size(), Map.of());
                if (!Files.exists(source) || !Files.readString(source).contentEquals(unroll.out)) {
                    Files.createDirectories(source.getParent());
                    Files.writeString(source, unroll.out);
                }
            }
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Writes the lines {@code from} to {@code to - 1}, with the values of the names around them. */
    private void expand(int from, int to, Map<String, String> values) {
        for (int i = from; i < to; i++) {
            String line = lines.get(i).strip();
            if (!line.startsWith("//: ")) {
                out.append(substitute(lines.get(i), values)).append('\n');
                continue;
            }
            int end = endOf(i, to);
            for (Map<String, String> inner : bindings(substitute(line.substring(4), values))) {
                Map<String, String> all = new HashMap<>(values);
                all.putAll(inner);
                expand(i + 1, end, all);
            }
            i = end;
        }
    }

    private int endOf(int directive, int to) {
        int depth = 0;
        for (int i = directive; i < to; i++) {
            String line = lines.get(i).strip();
            depth += !line.startsWith("//: ") ? 0 : line.equals("//: end") ? -1 : 1;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException(file + ":" + (directive + 1) + ": \"//: end\" is missing");
    }

    /** What the names of a directive stand for, in each repetition of its lines. */
    private List<Map<String, String>> bindings(String directive) {
        List<Map<String, String>> bindings = new ArrayList<>();
        String[] words = directive.split("[ ,]+");
        if (words[0].equals("if")) {
            if (words[1].equals(words[3])) {
                bindings.add(Map.of());
            }
        } else if (words[2].equals("<")) {
            for (int i = 0; i < Integer.parseInt(words[3]); i++) {
                bindings.add(Map.of(words[1], Integer.toString(i)));
            }
        } else {
            for (String list : directive.substring("each ".length()).split(", ")) {
                String[] nameAndValues = list.split(" in ");
                String[] of = nameAndValues[1].split(" ");
                for (int i = 0; i < of.length; i++) {
                    if (bindings.size() <= i) {
                        bindings.add(new HashMap<>());
                    }
                    bindings.get(i).put(nameAndValues[0], of[i]);
                }
            }
        }
        return bindings;
    }

    private String substitute(String line, Map<String, String> values) {
        return REFERENCE.matcher(line).replaceAll(match -> match.group(1) != null
                ? valueOf(match.group(1), values)
                : sumOf(match.group(2), values));
    }

    /** The value of a name, or of a sum of products of names and numbers. */
    private String sumOf(String expression, Map<String, String> values) {
        if (values.containsKey(expression)) {
            return values.get(expression);
        }
        int sum = 0;
        for (String term : expression.split("\\+")) {
            int product = 1;
            for (String factor : term.split("\\*")) {
                product *= Integer.parseInt(values.getOrDefault(factor, factor));
            }
            sum += product;
        }
        return Integer.toString(sum);
    }

    private String valueOf(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(file + ": nothing says what $" + name + " stands for");
        }
        return value;
    }
}
