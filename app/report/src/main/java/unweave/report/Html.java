package unweave.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Collectors;
import unweave.kernels.VisibleText;

/**
 * Writes HTML elements in order; everything given as text or attribute value is escaped, so no input can become markup.
 */
final class Html {

    private static final Set<String> VOID = Set.of("img", "source", "meta", "link", "br");

    /** Elements after which a line break would show as a space. */
    private static final Set<String> INLINE = Set.of("span", "a", "svg", "rect");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Text in which the characters that HTML gives a meaning, inside and outside of attribute values, are character
     * references, and control characters are seen.
     */
    static String escape(String given) {
        String text = VisibleText.lines(given);
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Percent-encodes each part, so that no file name can be taken for another kind of address. */
    static String relativeUrl(String file) {
        return Arrays.stream(file.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    /**
     * Starts an element.
     *
     * @param attributes names and values in turn; an attribute whose value is null is left out
     */
    Html open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                out.append(' ')
                        .append(attributes[i])
                        .append("=\"")
                        .append(escape(attributes[i + 1]))
                        .append('"');
            }
        }
        out.append('>');
        if (!VOID.contains(tag)) {
            open.push(tag);
        }
        return this;
    }

    /** Ends the element that was started last. */
    Html close() {
        String tag = open.pop();
        out.append("</").append(tag).append('>');
        if (!INLINE.contains(tag)) {
            out.append('\n');
        }
        return this;
    }

    /** Number of elements that are started and not yet ended. */
    int depth() {
        return open.size();
    }

    /** Ends elements until only {@code depth} are open. */
    Html closeTo(int depth) {
        while (open.size() > depth) {
            close();
        }
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /** An element that holds only text. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Appends what another one has written. */
    Html append(Html other) {
        out.append(other.closeTo(0).out);
        return this;
    }

    /** Appends trusted text as it is: the style sheet, the document type. */
    Html verbatim(String markup) {
        out.append(markup);
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
