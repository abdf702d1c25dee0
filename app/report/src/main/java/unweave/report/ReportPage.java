package unweave.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import unweave.figure.PanelGrid;

/**
 * Builds a report from top to bottom and gives it out as one self-contained HTML file:
 *
 * <pre>{@code
 * String html = new ReportPage("dog.wav").lead("The network hears class 1.").facts(Map.of("Model", "toy"))
 *         .section("Decision").decision(scores)
 *         .section("Concepts").cards(List.of(Card.of("concept 1", picture).sound("concept-1.wav", wav)))
 *         .toHtml();
 * }</pre>
 *
 * The same calls give the same text: no date or random value is added. Maps are shown in their iteration order. All
 * text is escaped.
 */
public final class ReportPage {

    /** Where the page itself lies. */
    private static final String BESIDE = " 'self'";

    /**
     * Shown as a column of numbers, to the right: signs, digits, units, an error after a plus-minus sign, or a dash.
     */
    private static final Pattern NUMBER =
            Pattern.compile("[-\u2212+]?[0-9][0-9.,:]*(e[-\u2212+]?[0-9]+)?( ?\u00b1 ?[0-9.e\u2212-]+)?( "
                    + "?(%|s|ms|Hz|dB))?|[-\u2013\u2014]|");

    private static final int SECTIONS_FOR_CONTENTS = 3;
    /** Rows of more cells than this are stacked on a narrow screen, each cell with the name of its column. */
    private static final int COLUMNS_ON_A_PHONE = 3;

    /** More players than this have no room beside each other on a tablet. */
    private static final int FEW_PLAYERS = 7;

    private final String title;
    private final List<String> leads = new ArrayList<>();
    private final Html facts = new Html();
    private final List<String> sections = new ArrayList<>();
    private final Html body = new Html();
    private String kicker = "";
    private String footer = "";
    private int inDetails;
    /** Rules of style for single elements: the policy allows none in attributes. */
    private final StringBuilder rules = new StringBuilder();

    private int players;
    private int rooms;
    private boolean soundsBeside;
    private boolean picturesBeside;
    private boolean roomsBeside;

    /** @param title the heading, and the title of the browser's window */
    public ReportPage(String title) {
        this.title = title;
    }

    /** A short line above the title that says what kind of report this is. */
    public ReportPage kicker(String text) {
        kicker = text;
        return this;
    }

    /** A sentence or two under the title. May be called again for another paragraph. */
    public ReportPage lead(String text) {
        leads.add(text);
        return this;
    }

    /** Names and values in the page's head: model, layer, class, and a date if one is wanted. */
    public ReportPage facts(Map<String, String> values) {
        facts.open("dl", "class", "facts");
        values.forEach((name, value) ->
                facts.open("div").element("dt", name).element("dd", value).close());
        facts.close();
        return this;
    }

    /** Last line of the page. */
    public ReportPage footer(String text) {
        footer = text;
        return this;
    }

    /** Starts a section; with three or more of them the page has a list of contents. */
    public ReportPage section(String heading) {
        requireOutsideDetails(heading);
        body.closeTo(0);
        sections.add(heading);
        body.open("section", "id", "section-" + sections.size()).element("h2", heading);
        return this;
    }

    /** Starts a part of a section, for example one sound; ends with the next one or the next section. */
    public ReportPage subsection(String heading) {
        requireOutsideDetails(heading);
        body.closeTo(sections.isEmpty() ? 0 : 1);
        body.open("section").element("h3", heading);
        return this;
    }

    /**
     * A place that links may name.
     *
     * @param id such as {@code figure-4.3}; the only one of its name on the page
     */
    public ReportPage anchor(String id) {
        body.element("span", "", "id", id);
        return this;
    }

    /** Running text; empty lines part paragraphs. */
    public ReportPage text(String text) {
        for (String paragraph : text.split("\n\\s*\n", 0)) {
            body.element("p", paragraph.strip(), "class", "prose");
        }
        return this;
    }

    /** Tiles with a large value each: labels to values, for example "test accuracy" to "99.6 %". */
    public ReportPage keyNumbers(Map<String, String> labelToValue) {
        body.open("dl", "class", "tiles");
        labelToValue.forEach((label, value) ->
                body.open("div").element("dt", label).element("dd", value).close());
        body.close();
        return this;
    }

    /** The network's decision: every class with its probability as a bar, and its logit. */
    public ReportPage decision(List<ClassScore> scores) {
        ClassScore.write(body, scores);
        return this;
    }

    /** A picture across the page. */
    public ReportPage figure(byte[] png, String alt, String caption) {
        return figure(new Picture(png, alt), caption);
    }

    /** A picture across the page. */
    public ReportPage figure(Picture picture, String caption) {
        new Figure(picture, caption).write(body);
        return this;
    }

    /** Pictures with their captions, side by side where the screen is wide enough. */
    public ReportPage figures(List<Figure> figures) {
        return sideBySide("side-by-side", figures);
    }

    /** As {@link #figures}, for small pictures: three beside each other on a wide screen. */
    public ReportPage smallFigures(List<Figure> figures) {
        return sideBySide("side-by-side small", figures);
    }

    private ReportPage sideBySide(String look, List<Figure> figures) {
        body.open("div", "class", look);
        figures.forEach(figure -> figure.write(body));
        body.close();
        return this;
    }

    /** A picture and what it shows in sentences, beside each other where the screen is wide enough. */
    public ReportPage figure(Figure figure, List<String> sentences) {
        body.open("div", "class", "side-by-side");
        figure.write(body);
        body.open("ul", "class", "findings");
        sentences.forEach(sentence -> body.element("li", sentence));
        body.close().close();
        return this;
    }

    /** Cards side by side, as many as fit. */
    public ReportPage cards(List<Card> cards) {
        String heading = body.depth() < 2 ? "h3" : "h4";
        body.open("div", "class", "cards");
        for (Card card : cards) {
            card.write(body, heading);
            note(card.sounds());
            picturesBeside |= card.picture().isBeside();
            if (card.room() != null) {
                rooms++;
                roomsBeside = true;
            }
        }
        body.close();
        return this;
    }

    /**
     * Players below a figure of panels, a row of them for each of its rows: under their panels where the screen is wide
     * enough, else as many side by side as fit.
     *
     * <pre>{@code
     * page.figure(new Picture(grid.toPng(), alt, grid.toNarrowPng()), caption)
     *         .players(grid.columns(), List.of(new SoundRow("sound 1", List.of(
     *                 Sound.beside("Input", "synthetic/sounds/4-3/1-input.wav"),
     *                 Sound.beside("Concept 1, 34 %", "synthetic/sounds/4-3/1-concept-1.wav")))));
     * }</pre>
     *
     * @param columns of the figure above
     */
    public ReportPage players(PanelGrid.Columns columns, List<SoundRow> rows) {
        StringBuilder tracks = new StringBuilder();
        double[] left = columns.left();
        for (int i = 0; i <= left.length; i++) {
            double begin = i == 0 ? 0 : left[i - 1];
            double end = i == left.length ? columns.width() : left[i] - PanelGrid.COLUMN_GAP;
            tracks.append(String.format(Locale.ROOT, " %.0ffr", end - begin));
        }
        String id = "players-" + ++players;
        rules.append(String.format(
                Locale.ROOT,
                "#%s{--width:%.0fpx;--gap:%.2f%%;--columns:%s}\n",
                id,
                columns.width(),
                100 * PanelGrid.COLUMN_GAP / columns.width(),
                tracks.toString().strip()));
        body.open("div", "class", left.length > FEW_PLAYERS ? "players many" : "players", "id", id);
        for (SoundRow row : rows) {
            row.write(body);
            note(row.sounds());
        }
        body.close();
        return this;
    }

    /** An explanation to play with, whose data and sounds the page holds. */
    public ReportPage room(ListeningRoom room) {
        openRoom(room.title(), null);
        body.open("script", "type", "application/json").verbatim(room.json()).close();
        body.open("div", "class", "still");
        cards(room.still());
        body.close().close();
        return this;
    }

    /**
     * An explanation to play with, whose data and sounds lie in a file beside the page, which is read when the room
     * comes into sight.
     *
     * @param key of the file's {@link ListeningRoom#script}
     * @param file that holds the script, relative to the page
     * @param still what print and browsers without scripts show
     */
    public ReportPage room(String key, String file, StillRoom still) {
        roomsBeside = true;
        openRoom(key, Html.relativeUrl(file));
        body.open("div", "class", "still");
        still.overview().write(body);
        picturesBeside |= still.overview().picture().isBeside();
        players(still.columns(), List.of(still.sounds()));
        body.close().close();
        return this;
    }

    private void openRoom(String key, String source) {
        rooms++;
        body.open("div", "class", "room", "data-key", key, "data-source", source);
    }

    private void note(List<Sound> sounds) {
        soundsBeside |= sounds.stream().anyMatch(Sound::isBeside);
    }

    /**
     * A table. Columns of numbers are aligned to the right.
     *
     * @param caption may be empty
     * @throws IllegalArgumentException when a row has not as many cells as the header
     */
    public ReportPage table(String caption, List<String> header, List<List<String>> rows) {
        return linkedTable(
                caption,
                header,
                rows.stream().map(row -> row.stream().map(Cell::of).toList()).toList());
    }

    /** As {@link #table}, of cells that may hold links. */
    public ReportPage linkedTable(String caption, List<String> header, List<List<Cell>> rows) {
        String[] alignment = new String[header.size()];
        for (List<Cell> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "table \"" + caption + "\": a row has " + row.size() + " cells, the header " + header.size());
            }
        }
        for (int column = 0; column < alignment.length; column++) {
            int at = column;
            alignment[column] = rows.stream()
                            .allMatch(row -> row.get(at).links().isEmpty()
                                    && NUMBER.matcher(row.get(at).text()).matches())
                    ? "number"
                    : null;
        }
        boolean wide = header.size() > COLUMNS_ON_A_PHONE;
        body.open("div", "class", "table").open("table", "class", wide ? "wide-table" : null);
        if (!caption.isEmpty()) {
            body.element("caption", caption);
        }
        body.open("thead").open("tr");
        for (int column = 0; column < alignment.length; column++) {
            body.element("th", header.get(column), "scope", "col", "class", alignment[column]);
        }
        body.close().close().open("tbody");
        for (List<Cell> row : rows) {
            body.open("tr");
            for (int column = 0; column < alignment.length; column++) {
                row.get(column).write(body, alignment[column], wide ? header.get(column) : null);
            }
            body.close();
        }
        body.close().close().close();
        return this;
    }

    /** Something worth knowing, set apart. */
    public ReportPage note(String text) {
        body.element("p", text, "class", "note");
        return this;
    }

    /** Something that limits what the numbers mean, set apart more strongly. */
    public ReportPage warning(String text) {
        body.element("p", text, "class", "note warning");
        return this;
    }

    /** Links to files beside the report: texts to file names relative to it, with "/" between folders. */
    public ReportPage links(Map<String, String> textToFile) {
        body.open("ul", "class", "links");
        textToFile.forEach((text, file) -> body.open("li")
                .element("a", text, "href", Html.relativeUrl(file))
                .close());
        body.close();
        return this;
    }

    /** Something that opens on a click (and is open in print): {@code content} adds to this page, but no sections. */
    public ReportPage details(String summary, Consumer<ReportPage> content) {
        body.open("details").element("summary", summary);
        int depth = body.depth();
        inDetails++;
        content.accept(this);
        inDetails--;
        body.closeTo(depth).close();
        return this;
    }

    /** The page as HTML; nothing can be added afterwards. */
    public String toHtml() {
        String style = PageAssets.styleSheet() + (rooms > 0 ? PageAssets.roomStyleSheet() : "") + rules;
        String script = rooms > 0 ? PageAssets.roomScript() : "";
        Html page = new Html().verbatim("<!DOCTYPE html>\n");
        page.open("html", "lang", "en", "class", rooms > 0 ? "with-rooms" : null)
                .open("head");
        page.open("meta", "charset", "utf-8")
                .open("meta", "http-equiv", "Content-Security-Policy", "content", policy(style, script));
        page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.open("meta", "name", "color-scheme", "content", rooms > 0 ? "light dark" : "light")
                .open("link", "rel", "icon", "href", "data:,");
        page.element("title", title).open("style").verbatim(style).close().close();
        page.open("body").open("header");
        if (!kicker.isEmpty()) {
            page.element("p", kicker, "class", "kicker");
        }
        page.element("h1", title);
        leads.forEach(lead -> page.element("p", lead, "class", "lead"));
        page.append(facts).close();
        writeContents(page);
        page.open("main").append(body).close();
        if (!footer.isEmpty()) {
            page.open("footer").element("p", footer).close();
        }
        if (!script.isEmpty()) {
            page.open("script").verbatim(script).close();
        }
        return page.closeTo(0).toString();
    }

    /**
     * The network is out of reach even if markup should slip in: what the page needs it holds itself, or lies beside it
     * where it was told so, and of styles and scripts only those are used that were built into it.
     */
    private String policy(String style, String script) {
        String scripts =
                script.isEmpty() ? "" : "; script-src " + PageAssets.hash(script) + (roomsBeside ? BESIDE : "");
        return "default-src 'none'; img-src data:" + (picturesBeside ? BESIDE : "") + "; style-src "
                + PageAssets.hash(style) + scripts + "; media-src data:" + (soundsBeside ? BESIDE : "");
    }

    private void writeContents(Html page) {
        if (sections.size() < SECTIONS_FOR_CONTENTS) {
            return;
        }
        page.open("nav", "aria-label", "Contents").open("ul");
        for (int i = 0; i < sections.size(); i++) {
            page.open("li")
                    .element("a", sections.get(i), "href", "#section-" + (i + 1))
                    .close();
        }
        page.close().close();
    }

    private void requireOutsideDetails(String heading) {
        if (inDetails > 0) {
            throw new IllegalStateException("section \"" + heading + "\" cannot start inside details");
        }
    }
}
