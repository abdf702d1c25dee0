package unweave.lrp;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import unweave.kernels.BadInputException;

/**
 * Which layers an entry of a {@link Composite} is for. Where several apply to a layer, the most specific one counts:
 * name before name pattern before first layer before depth before kind.
 */
sealed interface Selector {
    /** The most specific first. */
    Comparator<Selector> MOST_SPECIFIC_FIRST = Comparator.comparingInt(Selector::rank);

    /**
     * What a selector can look at.
     *
     * @param depth for a convolution or dense layer: how many of them lie on the longest way from the input to it,
     *     itself included; empty for other kinds
     */
    record Layer(String name, LayerKind kind, Optional<Integer> depth) {
        boolean isFirst() {
            return depth.equals(Optional.of(1));
        }
    }

    /** The smaller, the more specific. */
    int rank();

    boolean matches(Layer layer);

    /** Why a layer got its rule, for people. */
    String reason();

    /** As the text form of a composite has it. */
    String text();

    /** A layer's name, or with {@code *} a pattern of names, such as {@code block1.*}. */
    record ByName(String pattern) implements Selector {
        @Override
        public int rank() {
            return isPattern() ? 1 : 0;
        }

        @Override
        public boolean matches(Layer layer) {
            return matches(layer.name());
        }

        boolean matches(String layer) {
            return isPattern() ? regex().matcher(layer).matches() : layer.equals(pattern);
        }

        private boolean isPattern() {
            return pattern.contains("*");
        }

        private Pattern regex() {
            return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
        }

        @Override
        public String reason() {
            return isPattern() ? "by name, " + pattern : "by name";
        }

        @Override
        public String text() {
            boolean plain = CompositeText.isPlainName(pattern);
            return plain ? pattern : '"' + pattern + '"';
        }
    }

    /** A convolution or dense layer that no other one precedes. */
    record First() implements Selector {
        @Override
        public int rank() {
            return 2;
        }

        @Override
        public boolean matches(Layer layer) {
            return layer.isFirst();
        }

        @Override
        public String reason() {
            return "the first layer";
        }

        @Override
        public String text() {
            return "first";
        }
    }

    /** Convolutions and dense layers by depth, counted from 1 at the input, both ends included. */
    record ByDepth(int from, int to) implements Selector {
        public ByDepth {
            if (from < 1 || to < from) {
                throw new BadInputException(
                        "depth " + from + " to " + to + ": depths count from 1, and the second is not below the first");
            }
        }

        @Override
        public int rank() {
            return 3;
        }

        @Override
        public boolean matches(Layer layer) {
            return layer.depth().filter(depth -> depth >= from && depth <= to).isPresent();
        }

        @Override
        public String reason() {
            return from == to ? "at depth " + from : "at depth " + from + " to " + to;
        }

        @Override
        public String text() {
            return from == to ? "depth " + from : "depth " + from + "-" + to;
        }
    }

    /** All layers of a kind. */
    record ByKind(LayerKind kind) implements Selector {
        @Override
        public int rank() {
            return 4;
        }

        @Override
        public boolean matches(Layer layer) {
            return layer.kind().equals(kind);
        }

        @Override
        public String reason() {
            return "by kind";
        }

        @Override
        public String text() {
            return kind.keyword();
        }
    }
}
