package unweave.report;

import java.util.List;

/**
 * A cell of a table ({@link ReportPage#linkedTable}): its text, then its links.
 *
 * @param text may be empty
 */
public record Cell(String text, List<Link> links) {
    /**
     * A place that a cell names.
     *
     * @param text what is shown
     * @param file a page beside this one, such as {@code music.html}; empty for this page
     * @param anchor as in {@link ReportPage#anchor}
     */
    public record Link(String text, String file, String anchor) {}

    public Cell {
        links = List.copyOf(links);
    }

    /** A cell without links. */
    public static Cell of(String text) {
        return new Cell(text, List.of());
    }

    /** @param label name of the column, for narrow screens; null for none */
    void write(Html html, String look, String label) {
        if (links.isEmpty()) {
            html.element("td", text, "class", look, "data-label", label);
            return;
        }
        html.open("td", "class", look, "data-label", label).open("span");
        if (!text.isEmpty()) {
            html.text(text + " ");
        }
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            String address = Html.relativeUrl(link.file()) + "#" + Html.relativeUrl(link.anchor());
            html.text(i == 0 ? "" : ", ").element("a", link.text(), "href", address);
        }
        html.close().close();
    }
}
