package unweave.experiments.reproduce;

import java.util.ArrayList;
import java.util.List;
import unweave.report.Cell;
import unweave.report.ReportPage;

/** The last section of a chapter's page: {@link ThesisItems} with links to their places. */
final class ThesisSection {
    private static final List<String> HEADER =
            List.of("thesis", "what it is", "state", "shown", "code", "what differs, and why");

    private ThesisSection() {}

    /** @param chapter whose page this is: synthetic or music */
    static void addTo(ReportPage page, String chapter) {
        List<ThesisItems.Item> all = ThesisItems.all();
        page.section("Everything in the thesis, and where it is");
        long different = all.stream().filter(ThesisItems.Item::different).count();
        page.text(
                "Every figure, table and equation, the class that has it (an equation's formula stands in its Javadoc), and"
                        + " links to where it is shown: on this page, or on that of the other chapter, once that has been run."
                        + " Networks are trained here, so no picture and no measured number is that of the thesis: \"done\" means"
                        + " that it is computed and shown as the thesis says, and so it is for "
                        + (all.size() - different) + " of " + all.size() + "; the other " + different
                        + " differ, each with its reason.");
        table(page, chapter, "Figures.", all, ThesisItems.Kind.FIGURE);
        table(page, chapter, "Tables.", all, ThesisItems.Kind.TABLE);
        table(page, chapter, "Equations.", all, ThesisItems.Kind.EQUATION);
    }

    private static void table(
            ReportPage page, String chapter, String caption, List<ThesisItems.Item> all, ThesisItems.Kind kind) {
        page.linkedTable(
                caption,
                HEADER,
                all.stream()
                        .filter(item -> item.kind() == kind)
                        .map(item -> row(item, chapter))
                        .toList());
    }

    private static List<Cell> row(ThesisItems.Item item, String chapter) {
        List<Cell.Link> links = new ArrayList<>();
        for (ThesisItems.Place place : item.places()) {
            boolean here = place.chapter().equals(chapter);
            String text = here ? "here" : place.chapter();
            links.add(new Cell.Link(text, here ? "" : place.file(), place.anchor()));
        }
        return List.of(
                Cell.of(item.title().replace(' ', '\u00a0')),
                Cell.of(item.what()),
                Cell.of(item.verdict()),
                new Cell(links.isEmpty() ? "\u2013" : "", links),
                Cell.of(item.className() + " (" + item.packageName() + ")"),
                Cell.of(item.why()));
    }
}
