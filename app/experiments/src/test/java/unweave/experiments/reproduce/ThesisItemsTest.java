package unweave.experiments.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import unweave.experiments.reproduce.ThesisItems.Item;
import unweave.experiments.reproduce.ThesisItems.Kind;
import unweave.explain.preset.Preset;
import unweave.report.ReportPage;

class ThesisItemsTest {
    /** How far the numbering of the thesis goes in each of its chapters. */
    private static final Map<Kind, Map<String, Integer>> LAST = Map.of(
            Kind.EQUATION, ordered("2", 28, "3", 19, "4", 5, "A", 5, "B", 2, "D", 7),
            Kind.TABLE, ordered("4", 4, "A", 1),
            Kind.FIGURE, ordered("2", 5, "3", 1, "4", 10, "A", 2, "B", 3, "C", 8, "D", 2));

    private static Map<String, Integer> ordered(Object... chaptersAndLast) {
        Map<String, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < chaptersAndLast.length; i += 2) {
            last.put((String) chaptersAndLast[i], (Integer) chaptersAndLast[i + 1]);
        }
        return last;
    }

    @Test
    void everyNumberOfTheThesisHasOneRow() {
        for (Kind kind : Kind.values()) {
            List<String> numbers = new ArrayList<>();
            LAST.get(kind).forEach((chapter, last) -> {
                for (int i = 1; i <= last; i++) {
                    numbers.add(chapter + "." + i);
                }
            });
            assertEquals(
                    numbers,
                    ThesisItems.all().stream()
                            .filter(item -> item.kind() == kind)
                            .map(Item::number)
                            .toList());
        }
    }

    @Test
    void everyRowSaysWhatItIsWhereAndWhyItDiffers() {
        for (Item item : ThesisItems.all()) {
            assertFalse(item.what().isEmpty(), item.title());
            assertTrue(item.code().matches("unweave\\.[a-z.]+\\.[A-Z]\\w+"), item.title());
            assertTrue(!item.different() || item.why().endsWith("."), item.title() + " differs without a reason");
            assertTrue(item.why().isEmpty() || item.why().endsWith("."), item.why());
            for (ThesisItems.Place place : item.places()) {
                assertTrue(List.of("synthetic", "music").contains(place.chapter()), place.toString());
            }
        }
    }

    /** A figure or table that no page shows is a drawing that explains, and says what stands for it. */
    @Test
    void figuresAndTablesAreShown() {
        for (Item item : ThesisItems.all()) {
            if (item.kind() != Kind.EQUATION && item.places().isEmpty()) {
                assertTrue(item.different() && item.why().contains("Javadoc"), item.title());
            } else if (item.kind() != Kind.EQUATION) {
                String anchor = (item.kind() == Kind.TABLE ? "table-" : "figure-") + item.number();
                item.places().forEach(place -> assertEquals(anchor, place.anchor(), item.title()));
            }
        }
    }

    /** With all genres of GTZAN, every figure of maps that the list places on the music page is drawn. */
    @Test
    void theGenresOfTheThesisHaveTheirFigures() throws IOException {
        ChapterPlan plan =
                ChapterPlan.music(Preset.of("gtzan"), new ChapterPlan.Reductions(null, null, null, null, false), 1);
        List<String> genres =
                List.of("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock");
        List<String> drawn = MapFigure.music(plan, genres).stream()
                .map(figure -> "figure-" + figure.number())
                .toList();
        List<String> listed = ThesisItems.all().stream()
                .filter(item -> item.code().endsWith(".MapFigures"))
                .flatMap(item -> item.places().stream())
                .filter(place -> place.chapter().equals("music"))
                .map(ThesisItems.Place::anchor)
                .toList();
        assertEquals(Set.copyOf(listed), Set.copyOf(drawn));
        assertTrue(drawn.containsAll(List.of("figure-C.4", "figure-C.5", "figure-C.6")));
    }

    @Test
    void aPageLinksWithinItselfAndToTheOtherChapter() {
        ReportPage page = new ReportPage("A chapter");
        ThesisSection.addTo(page, "synthetic");
        String html = page.toHtml();
        assertTrue(html.contains("<a href=\"#figure-4.3\">here</a>"), html);
        assertTrue(html.contains("<a href=\"music.html#figure-4.6\">music</a>"));
        assertTrue(html.contains("Rule (unweave.lrp)"));
    }
}
