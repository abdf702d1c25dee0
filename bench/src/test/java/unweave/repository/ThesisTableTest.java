package unweave.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import unweave.experiments.reproduce.ThesisItems;
import unweave.experiments.reproduce.ThesisItems.Item;
import unweave.experiments.reproduce.ThesisItems.Kind;

/** The list of the thesis' equations, tables and figures agrees with the code and with the page on the thesis. */
class ThesisTableTest {
    private static final Path PAGE = Repository.ROOT.resolve("app/docs/thesis.md");
    private static final String BEGIN = "<!-- The tables below are written by ThesisTableTest. -->\n";
    private static final String END = "<!-- The tables end here. -->\n";
    /** With this system property the page is written instead of compared. */
    private static final String WRITE = "unweave.thesis.write";

    private static final Pattern RANGE = Pattern.compile("([2-4A-D])\\.(\\d+) to \\1\\.(\\d+)");

    /** Java files by the name of their class. */
    private static Map<String, Path> sources() throws IOException {
        return Repository.files(".java").stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .collect(Collectors.toMap(
                        file -> file.toString()
                                .replaceAll(".*/src/main/java/|\\.java$", "")
                                .replace('/', '.'),
                        file -> file,
                        (first, second) -> first));
    }

    @Test
    void everyClassIsThereAndCitesItsEquation() throws IOException {
        Map<String, Path> sources = sources();
        List<String> wrong = new ArrayList<>();
        for (Item item : ThesisItems.all()) {
            Path source = sources.get(item.code());
            if (source == null) {
                wrong.add(item.title() + ": there is no class " + item.code());
            } else if (item.kind() == Kind.EQUATION && !cites(Files.readString(source), item.number())) {
                wrong.add(item.title() + ": is not cited in " + item.code());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Whether the number follows "thesis", "Eq." or "Harck 2024" closely, in whatever list it stands. */
    private static boolean cites(String source, String number) {
        String text = source.replaceAll("\\s*\\n\\s*(\\* ?|//)?", " ");
        Matcher range = RANGE.matcher(text);
        String listed = range.replaceAll(found -> {
            StringBuilder all = new StringBuilder();
            for (int i = Integer.parseInt(found.group(2)); i <= Integer.parseInt(found.group(3)); i++) {
                all.append(found.group(1)).append('.').append(i).append(", ");
            }
            return all.toString();
        });
        return Pattern.compile(
                        "([Tt]hesis|Eq\\.|Harck 2024)[^\\n;]{0,60}?(?<![\\w.])" + Pattern.quote(number) + "(?!\\.?\\d)")
                .matcher(listed)
                .find();
    }

    @Test
    void citationsAreFound() {
        assertTrue(cites(" * The rule (thesis Eq.\n * 2.1).", "2.1"));
        assertTrue(cites("(thesis 3.5 to 3.8)", "3.7"));
        assertTrue(cites("(Harck 2024, Eq. 2.21 and 3.17)", "3.17"));
        assertTrue(!cites("(thesis Eq. 2.12)", "2.1"));
        assertTrue(!cites("rate = 2.1", "2.1"));
    }

    /** To write the page: {@code ./mvnw -pl bench -am -Dtest=ThesisTableTest -Dunweave.thesis.write=true test}. */
    @Test
    void thePageShowsTheList() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String expected = tables(sources());
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page.substring(0, begin) + expected + page.substring(end));
        } else {
            assertEquals(expected, page.substring(begin, end), "app/docs/thesis.md differs from the list");
        }
    }

    private static String tables(Map<String, Path> sources) {
        StringBuilder text = new StringBuilder();
        for (Kind kind : List.of(Kind.FIGURE, Kind.TABLE, Kind.EQUATION)) {
            text.append(
                    "\n| thesis | what it is | state | shown | code | what differs, and why |\n|---|---|---|---|---|---|\n");
            for (Item item : ThesisItems.all()) {
                if (item.kind() == kind) {
                    text.append(row(item, sources.get(item.code())));
                }
            }
        }
        return text.append('\n').toString();
    }

    private static String row(Item item, Path source) {
        String link = PAGE.getParent().relativize(source).toString().replace('\\', '/');
        String places = item.places().stream()
                .map(place -> "`" + place.file() + "#" + place.anchor() + "`")
                .collect(Collectors.joining(" "));
        return "| " + item.title() + " | " + item.what() + " | " + item.verdict() + " | " + places + " | ["
                + item.className() + "](" + link + ") | " + item.why() + " |\n";
    }
}
