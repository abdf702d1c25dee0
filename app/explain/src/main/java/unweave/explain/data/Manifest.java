package unweave.explain.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.explain.output.CsvText;
import unweave.kernels.BadInputException;

/**
 * A CSV file that lists sounds. The first line names the columns: {@code path} (relative to the manifest's folder),
 * {@code label}, and optionally {@code split} (train, validation or test) or {@code fold} (a number), and
 * {@code track}, where several files were cut from one recording and have to stay together. Columns are parted by
 * commas, semicolons or tabs. Values may be quoted, and then hold line breaks; lines that begin with # are remarks.
 */
final class Manifest {
    private static final Set<String> COLUMNS = Set.of("path", "label", "split", "fold", "track");
    /** Excel's own way to name the separator. */
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("\"?sep=([,;\t])\"?\\r?\\n", Pattern.CASE_INSENSITIVE);

    private Manifest() {}

    /** @param encoding null to find it out */
    static SoundCollection read(Path file, Charset encoding) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file + ": is a pipe or device; expected a CSV file or a folder");
        }
        List<Row> lines = parse(file, ManifestText.read(file, encoding));
        if (lines.isEmpty()) {
            throw new BadInputException(
                    file + ": the manifest is empty; expected a header line such as path,label,split");
        }
        Map<String, Integer> columns = columns(file, lines.get(0).cells());
        List<Row> rows = lines.subList(1, lines.size());
        for (Row row : rows) {
            row.requireCell(file, columns, "label");
            row.requireCell(file, columns, "path");
        }
        List<String> names = SoundCollection.sortedClasses(
                rows.stream().map(row -> row.cell(columns, "label")).toList());
        Map<String, Integer> labels = new HashMap<>();
        names.forEach(name -> labels.put(name, labels.size()));
        Set<SoundItem> items = new LinkedHashSet<>();
        List<String> twice = new ArrayList<>();
        for (Row row : rows) {
            if (!items.add(item(file, row, columns, labels))) {
                twice.add(row.cell(columns, "path"));
            }
        }
        if (names.isEmpty()) {
            throw new BadInputException(file + ": found no class: the manifest lists no sounds below its header");
        }
        requireWholeTracks(file, List.copyOf(items));
        List<String> notes = twice.isEmpty()
                ? List.of()
                : List.of(file + ": " + twice.size() + " sounds are listed more than once and count once, the first is "
                        + twice.get(0));
        return new SoundCollection(file, names, List.copyOf(items), notes);
    }

    /** A line and where it begins in the file. */
    private record Row(long line, List<String> cells) {
        String cell(Map<String, Integer> columns, String name) {
            return cells.get(columns.get(name));
        }

        void requireCell(Path file, Map<String, Integer> columns, String name) {
            if (cell(columns, name).isBlank()) {
                throw new BadInputException(file + ": line " + line + " has an empty " + name
                        + "; give every sound one, or take the line out");
            }
        }
    }

    private static SoundItem item(Path file, Row row, Map<String, Integer> columns, Map<String, Integer> labels) {
        String name = row.cell(columns, "path");
        Path sound = path(file, row, name);
        if (!Files.isRegularFile(sound)) {
            throw new BadInputException(file + ": line " + row.line() + " lists " + name + ", but " + sound
                    + (Files.exists(sound) ? " is no file" : " does not exist"));
        }
        Split split = columns.containsKey("split") ? named(file, row.cell(columns, "split")) : null;
        Integer fold = columns.containsKey("fold") && split == null ? fold(file, row, columns) : null;
        String track =
                columns.containsKey("track") && !row.cell(columns, "track").isEmpty()
                        ? row.cell(columns, "track")
                        : sound.toString();
        return new SoundItem(sound, labels.get(row.cell(columns, "label")), split, fold, track);
    }

    private static Path path(Path file, Row row, String name) {
        try {
            return file.toAbsolutePath().getParent().resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new BadInputException(
                    file + ": line " + row.line() + " lists " + name + ", which can be no file's name here ("
                            + e.getReason() + ")",
                    e);
        }
    }

    /** Slices of one track in two parts would let a network recognise the recording instead of its class. */
    private static void requireWholeTracks(Path file, List<SoundItem> items) {
        Map<String, SoundItem> first = new HashMap<>();
        for (SoundItem item : items) {
            SoundItem other = first.putIfAbsent(item.track(), item);
            if (other != null
                    && (other.label() != item.label()
                            || other.split() != item.split()
                            || !Objects.equals(other.fold(), item.fold()))) {
                throw new BadInputException(file + ": " + other.path().getFileName() + " and "
                        + item.path().getFileName() + " are of track " + item.track()
                        + ", so they must have the same label and split or fold");
            }
        }
    }

    private static Map<String, Integer> columns(Path file, List<String> header) {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).toLowerCase(Locale.ROOT);
            if (columns.put(name, i) != null && COLUMNS.contains(name)) {
                throw new BadInputException(file + ": has two columns " + name + "; take one of them out");
            }
        }
        if (!columns.containsKey("path") || !columns.containsKey("label")) {
            throw new BadInputException(
                    file + ": the first line must name the columns path and label (and split or fold), found "
                            + String.join(",", header));
        }
        return columns;
    }

    private static int fold(Path file, Row row, Map<String, Integer> columns) {
        String text = row.cell(columns, "fold");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    file + ": the fold of " + row.cell(columns, "path") + " is '" + text + "', expected a number");
        }
    }

    private static Split named(Path file, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "train", "training" -> Split.TRAIN;
            case "validation", "valid", "val" -> Split.VALIDATION;
            case "test" -> Split.TEST;
            default ->
                throw new BadInputException(
                        file + ": unknown split '" + text + "'; expected train, validation or test");
        };
    }

    private static List<Row> parse(Path file, String text) {
        Matcher mark = SEPARATOR_LINE.matcher(text);
        char separator = mark.lookingAt() ? mark.group(1).charAt(0) : separator(text);
        List<Row> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .commentStrategy(CommentStrategy.SKIP)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .trimWhitespacesAroundQuotes(true)
                .build(
                        CsvRecordHandler.of(c -> c.fieldModifier(new Unquoted())),
                        mark.lookingAt() ? text.substring(mark.end()) : text)) {
            int lineOffset = mark.lookingAt() ? 1 : 0;
            for (CsvRecord record : reader) {
                Row row = new Row(record.getStartingLineNumber() + lineOffset, record.getFields());
                if (row.cells().stream().allMatch(String::isEmpty)) {
                    continue; // Excel writes rows that were emptied
                }
                if (!rows.isEmpty() && row.cells().size() != rows.get(0).cells().size()) {
                    throw new BadInputException(file + ": line " + row.line() + " has "
                            + row.cells().size() + " columns, the header "
                            + rows.get(0).cells().size() + " " + rows.get(0).cells());
                }
                rows.add(row);
            }
        } catch (CsvParseException | IOException e) {
            String reason = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
            throw new BadInputException(file + ": not a CSV manifest (" + reason + ")", e);
        }
        return rows;
    }

    /** The one that parts the header into more columns; Excel writes the one of its language. */
    private static char separator(String text) {
        String header = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
        char best = ',';
        for (char candidate : new char[] {',', ';', '\t'}) {
            if (count(header, candidate) > count(header, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    /** Spaces around a cell count only where it is quoted. */
    private static final class Unquoted implements FieldModifier {
        @Override
        public String modify(long line, int column, boolean quoted, String cell) {
            return CsvText.plain(quoted ? cell : cell.strip());
        }
    }
}
