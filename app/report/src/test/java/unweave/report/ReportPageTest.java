package unweave.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import unweave.figure.LineChart;
import unweave.figure.PanelGrid;

class ReportPageTest {

    /** A player of a file in a folder beside the page. */
    private static final Pattern BESIDE = Pattern.compile(
            "<audio controls=\"\" controlslist=\"nodownload noplaybackrate\" preload=\"none\" aria-label=\"[^\"]+\" src=\"([^\"]+)\">");

    private static final Pattern SOURCE = Pattern.compile("(?:src|srcset)=\"([^\"]{0,22})");

    private static String explain;
    private static String demo;
    private static String chapter;

    /** Also leaves the pages in target/report-example, to be looked at and listened to in a browser. */
    @BeforeAll
    static void buildPages() throws IOException {
        explain = ExampleReports.explain();
        demo = ExampleReports.demo();
        Path folder = Files.createDirectories(Path.of("target/report-example"));
        Files.writeString(folder.resolve("explain.html"), explain);
        Files.writeString(folder.resolve("demo.html"), demo);
        chapter = ExampleReports.chapter();
        Files.writeString(folder.resolve("chapter.html"), chapter);
        Matcher sound = BESIDE.matcher(chapter);
        while (sound.find()) {
            Path file = folder.resolve(sound.group(1));
            Files.createDirectories(file.getParent());
            Files.write(file, ExampleReports.tone(440));
        }
    }

    @Test
    void textAndAttributesAreEscaped() {
        String nasty = "<script>alert('x')</script> & \"quoted\"";
        String escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;";
        assertEquals(escaped, Html.escape(nasty));
        String page = new ReportPage(nasty)
                .kicker(nasty)
                .lead(nasty)
                .facts(Map.of(nasty, nasty))
                .section(nasty)
                .subsection(nasty)
                .anchor(nasty)
                .text(nasty)
                .keyNumbers(Map.of(nasty, nasty))
                .decision(List.of(new ClassScore(nasty, 1, 1, true)))
                .figure(png(), nasty, nasty)
                .figure(new Figure(new Picture(png(), nasty), nasty), List.of(nasty))
                .smallFigures(List.of(new Figure(new Picture(png(), nasty), nasty)))
                .cards(List.of(Card.of(nasty, new Picture(png(), nasty))
                        .subtitle(nasty)
                        .text(nasty)
                        .sound(nasty, ExampleReports.tone(100))))
                .players(
                        new PanelGrid.Columns(200, new double[] {50}),
                        List.of(new SoundRow(nasty, List.of(new Sound(nasty, nasty, ExampleReports.tone(100))))))
                .table(nasty, List.of(nasty), List.of(List.of(nasty)))
                .linkedTable(
                        nasty,
                        List.of(nasty),
                        List.of(List.of(new Cell(nasty, List.of(new Cell.Link(nasty, nasty, nasty))))))
                .note(nasty)
                .warning(nasty)
                .links(Map.of(nasty, nasty))
                .details(nasty, inside -> inside.text(nasty))
                .footer(nasty)
                .toHtml();
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("\"quoted\""));
        assertEquals(45, page.split(Pattern.quote(escaped), -1).length - 1);
    }

    @Test
    void pagesReferToNothingOutsideThemselves() {
        for (String page : List.of(explain, demo)) {
            assertNoAddresses(page);
            assertTrue(page.contains("media-src data:\""), "sounds that the page holds");
            Matcher source = SOURCE.matcher(page);
            int sources = 0;
            while (source.find()) {
                assertTrue(
                        source.group(1).startsWith("data:image/png;base64,")
                                || source.group(1).startsWith("data:audio/wav;base64,"),
                        source.group(1));
                sources++;
            }
            assertTrue(sources >= 12, "six pictures and six sounds");
        }
    }

    /** The page of a chapter: its pictures are in it, its sounds in the chapter's folder beside it. */
    @Test
    void pagesWithSoundsBesideThemReferToNothingElse() {
        assertNoAddresses(chapter);
        assertTrue(chapter.contains("img-src data:;") && chapter.contains("media-src data: &#39;self&#39;\""));
        Matcher source = SOURCE.matcher(chapter);
        int sounds = 0;
        while (source.find()) {
            if (!source.group(1).startsWith("data:image/png;base64,")) {
                assertTrue(source.group(1).startsWith("chapter/sounds/4-3/"), source.group(1));
                sounds++;
            }
        }
        assertEquals(3 * 6, sounds);
        assertEquals(3 * 6, BESIDE.matcher(chapter).results().count(), "read when they are played");
    }

    @Test
    void playersSayWhatTheyPlay() {
        assertTrue(chapter.contains("<div role=\"group\" aria-label=\"sound 2\"><p>sound 2</p>"));
        assertTrue(chapter.contains("<p class=\"quiet\">Concept 4, 34 %</p>"));
        assertTrue(chapter.contains("aria-label=\"sound 2, Concept 4, 34 %\""));
        assertTrue(chapter.contains("<p class=\"in-print\">Sound: chapter/sounds/4-3/2-concept-4.wav</p>"));
        assertEquals(1, chapter.split("--columns:", -1).length - 1);
        Matcher tracks = Pattern.compile("--columns:((?: ?\\d+fr)+)}").matcher(chapter);
        assertTrue(tracks.find());
        assertEquals(1 + 6, tracks.group(1).split(" ", -1).length, "the row's name and six panels");
    }

    @Test
    void cellsLinkToPlacesOnThePageAndBesideIt() {
        String page = new ReportPage("page")
                .linkedTable(
                        "",
                        List.of("what", "where"),
                        List.of(List.of(
                                Cell.of("a figure"),
                                new Cell(
                                        "",
                                        List.of(
                                                new Cell.Link("here", "", "figure-4.3"),
                                                new Cell.Link("there", "a b.html", "figure-4.6"))))))
                .toHtml();
        assertTrue(page.contains("<a href=\"#figure-4.3\">here</a>, <a href="), page);
        assertTrue(page.contains("<a href=\"a%20b.html#figure-4.6\">there</a>"), page);
    }

    private static void assertNoAddresses(String page) {
        assertFalse(page.contains("://"), "an absolute address");
        assertFalse(page.contains("url("), "a reference in the style sheet");
        assertFalse(page.contains("@import"));
        assertFalse(page.contains("<script"));
        assertTrue(page.contains("default-src &#39;none&#39;"));
    }

    @Test
    void everyElementIsClosedInOrder() {
        assertWellFormed(explain);
        assertWellFormed(demo);
        assertWellFormed(chapter);
    }

    @Test
    void everyPictureHasWordsAndASize() {
        Matcher image = Pattern.compile("<img [^>]*>").matcher(demo);
        while (image.find()) {
            assertTrue(image.group().matches(".* alt=\"[^\"]+\" width=\"\\d+\" height=\"\\d+\">"));
        }
        assertThrows(IllegalArgumentException.class, () -> new Picture(png(), " "));
        assertThrows(IllegalArgumentException.class, () -> new Picture(new byte[30], "not a PNG"));
    }

    @Test
    void soundsAreEmbeddedWholeAndNamedInPrint() {
        byte[] wav = ExampleReports.tone(330);
        String page = new ReportPage("a")
                .cards(List.of(Card.of("concept 1", new Picture(png(), "map")).sound("concept-1.wav", wav)))
                .toHtml();
        assertTrue(page.contains(Base64.getEncoder().encodeToString(wav)));
        assertTrue(page.contains("<p class=\"in-print\">Sound: concept-1.wav</p>"));
        assertThrows(IllegalArgumentException.class, () -> new Sound("a.wav", new byte[50]));
    }

    @Test
    void severalSoundsOfACardHaveLabels() {
        Card card = Card.of("kick.wav", new Picture(png(), "map"))
                .sound(new Sound("The clip", "clip.wav", ExampleReports.tone(330)))
                .sound(new Sound("The concept in it", "concept.wav", ExampleReports.tone(440)));
        String page = new ReportPage("a").cards(List.of(card)).toHtml();
        assertTrue(page.contains("<p class=\"quiet\">The clip</p>")
                && page.contains("aria-label=\"kick.wav, The concept in it\""));
        assertEquals(2, page.split("<audio ").length - 1);
        assertTrue(page.indexOf(Base64.getEncoder().encodeToString(ExampleReports.tone(330)))
                < page.indexOf(Base64.getEncoder().encodeToString(ExampleReports.tone(440))));
    }

    @Test
    void theSameCallsGiveTheSamePage() {
        assertEquals(explain, ExampleReports.explain());
    }

    @Test
    void contentsAppearFromThreeSectionsOnAndPointToThem() {
        assertFalse(new ReportPage("a").section("one").section("two").toHtml().contains("<nav"));
        String page = new ReportPage("a")
                .section("one")
                .section("two")
                .section("three")
                .toHtml();
        assertTrue(page.contains("<a href=\"#section-3\">three</a>"));
        assertTrue(page.contains("<section id=\"section-3\"><h2>three</h2>"));
    }

    @Test
    void fileLinksStayRelativeWhateverTheName() {
        String page = new ReportPage("a")
                .links(Map.of("x", "javascript:alert(1)"))
                .links(Map.of("y", "sounds/my sound #1.wav"))
                .toHtml();
        assertTrue(page.contains("href=\"javascript%3Aalert%281%29\""));
        assertTrue(page.contains("href=\"sounds/my%20sound%20%231.wav\""));
    }

    @Test
    void columnsOfNumbersAreAlignedToTheRight() {
        String page = new ReportPage("a")
                .table(
                        "",
                        List.of("object", "score", "mixed"),
                        List.of(List.of("one", "0.71 \u00b1 0.02", "1"), List.of("two", "\u22121.5 %", "many")))
                .toHtml();
        assertTrue(page.contains("<td class=\"number\">0.71 \u00b1 0.02</td>"));
        assertTrue(page.contains("<td class=\"number\">\u22121.5 %</td>"));
        assertTrue(page.contains("<td>1</td>") && page.contains("<td>one</td>"));
        assertThrows(IllegalArgumentException.class, () -> new ReportPage("a")
                .table("", List.of("a", "b"), List.of(List.of("1"))));
    }

    @Test
    void negativeSharesAreDrawnInTheColourAgainstTheClass() {
        String page = new ReportPage("a")
                .cards(List.of(Card.of("c", new Picture(png(), "map")).share(-0.12)))
                .toHtml();
        assertTrue(page.contains("<svg class=\"bar against\" aria-hidden=\"true\"><rect width=\"12.0%\" "));
        assertTrue(page.contains("\u221212 % of the relevance"));
    }

    @Test
    void exponentsOfSubtitlesAreRaised() {
        String page = new ReportPage("a")
                .cards(List.of(Card.of("c", new Picture(png(), "map")).subtitle("\u03a3 R = 3.82\u00b710^{\u22124}")))
                .toHtml();
        assertTrue(page.contains("3.82\u00b710\u207b\u2074</p>"));
    }

    @Test
    void sectionsCannotStartInsideDetails() {
        assertThrows(
                IllegalStateException.class, () -> new ReportPage("a").details("more", inside -> inside.section("no")));
    }

    private static byte[] png() {
        return new LineChart("", "", "")
                .size(80, 60)
                .line("a", new double[] {1, 2})
                .toPng();
    }

    private static void assertWellFormed(String page) {
        Set<String> empty = Set.of("img", "source", "meta", "link");
        Deque<String> open = new ArrayDeque<>();
        Matcher tag = Pattern.compile("<(/?)([a-z][a-z0-9]*)[^>]*>").matcher(page);
        while (tag.find()) {
            if (tag.group(1).isEmpty()) {
                if (!empty.contains(tag.group(2))) {
                    open.push(tag.group(2));
                }
            } else {
                assertEquals(open.pop(), tag.group(2));
            }
        }
        assertTrue(open.isEmpty(), "left open: " + open);
    }
}
