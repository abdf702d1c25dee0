package unweave.report;

import java.util.Locale;

/** A small horizontal bar within a line of text or a table; the number it shows stands beside it. */
final class Bar {

    private Bar() {}

    /** @param share filled part, clamped to [0, 1]; {@code kind} is its class in the style sheet */
    static void write(Html html, double share, String kind) {
        String width = String.format(Locale.ROOT, "%.1f%%", 100 * Math.min(1, Math.max(0, share)));
        // Not a width in a style attribute: the page's policy allows none.
        html.open("svg", "class", "bar " + kind, "aria-hidden", "true")
                .open("rect", "width", width, "height", "100%")
                .close()
                .close();
    }
}
