package unweave.experiments.reproduce;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Every equation, table and figure of the thesis (Harck 2024): where the code has it, where the pages show it, and what
 * differs. The list is the resource {@value #RESOURCE}; the pages of {@code reproduce} and {@code app/docs/thesis.md}
 * show it.
 */
public final class ThesisItems {
    private static final String RESOURCE = "thesis.txt";
    private static final int COLUMNS = 7;

    /** What the thesis numbers. */
    public enum Kind {
        EQUATION("Eq. "),
        TABLE("Table "),
        FIGURE("Fig. ");

        private final String abbreviation;

        Kind(String abbreviation) {
            this.abbreviation = abbreviation;
        }
    }

    /**
     * Where a page shows something.
     *
     * @param chapter synthetic or music, which is the name of the page without its ending
     * @param anchor such as figure-4.3
     */
    public record Place(String chapter, String anchor) {
        /** The file of the page. */
        public String file() {
            return chapter + ".html";
        }

        private static Place parse(String text) {
            String[] parts = text.split("#", 2);
            return new Place(parts[0], parts[1]);
        }
    }

    /**
     * One equation, table or figure.
     *
     * @param number such as 2.12 or A.1
     * @param what in a few words
     * @param code the class that has it, or whose Javadoc explains it
     * @param places on the pages, the more telling one first; may be empty for equations
     * @param different whether it is not as the thesis prints it
     * @param why one sentence; empty only where nothing differs
     */
    public record Item(
            Kind kind, String number, String what, String code, List<Place> places, boolean different, String why) {
        /** Such as "Eq. 2.12". */
        public String title() {
            return kind.abbreviation + number;
        }

        /** The simple name of the class. */
        public String className() {
            return code.substring(code.lastIndexOf('.') + 1);
        }

        /** The package of the class. */
        public String packageName() {
            return code.substring(0, code.lastIndexOf('.'));
        }

        /** "done" or "different". */
        public String verdict() {
            return different ? "different" : "done";
        }

        private static Item parse(String line) {
            String[] cells = line.split(" \\|", -1);
            if (cells.length != COLUMNS || !List.of("done", "different").contains(cells[5].strip())) {
                throw new IllegalArgumentException(RESOURCE + ": \"" + line + "\" is not a row");
            }
            return new Item(
                    Kind.valueOf(cells[0].strip().toUpperCase(Locale.ROOT)),
                    cells[1].strip(),
                    cells[2].strip(),
                    cells[3].strip(),
                    Stream.of(cells[4].strip().split(" ", 0))
                            .filter(place -> !place.isEmpty())
                            .map(Place::parse)
                            .toList(),
                    cells[5].strip().equals("different"),
                    cells[6].strip());
        }
    }

    private ThesisItems() {}

    /** All, in the order of the thesis: equations, tables, figures. */
    public static List<Item> all() {
        try (InputStream in = ThesisItems.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Item::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
