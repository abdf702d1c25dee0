package unweave.experiments.reproduce;

import java.util.ArrayList;
import java.util.List;
import unweave.report.Cell;
import unweave.report.ReportPage;

/** The last section of a chapter's page: {@link ThesisItems} with links to their places. */
final class ThesisSection {
    private static final List<String> HEADER =
            List.of("thesis", "what it is", "state", "shown on", "code", "what differs, and why");

    private ThesisSection() {}

    /** @param chapter whose page this is: synthetic or music */
    static void addTo(ReportPage page, String chapter) {
        List<ThesisItems.Item> all = ThesisItems.all();
        page.section("Everything in the thesis, and where it is");
        long different = all.stream().filter(ThesisItems.Item::different).count();
        page.text("Every figure, table and equation, where it is shown and which class has it, with the formula in its"
                + " Javadoc. A link to the other chapter's page works once that chapter has been run, too. Networks are"
                + " trained here, so no picture and no measured number is that of the thesis: \"done\" means that it is"
                + " computed and shown as the thesis says, and so it is for "
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
            String text = here ? "this page" : place.chapter() + " page";
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
