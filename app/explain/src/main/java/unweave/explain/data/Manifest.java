package unweave.explain.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import unweave.explain.output.CsvText;
import unweave.kernels.BadInputException;

/**
 * A CSV file that lists sounds. The first line names the columns: {@code path} (relative to the manifest's folder),
 * {@code label}, and optionally {@code split} (train, validation or test) or {@code fold} (a number), and
 * {@code track}, where several files were cut from one recording and have to stay together. Values may be quoted; lines
 * that begin with # are remarks.
 */
final class Manifest {
    private Manifest() {}

    static SoundCollection read(Path file) throws IOException {
        List<List<String>> lines = parse(file);
        if (lines.isEmpty()) {
            throw new BadInputException(
                    file + ": the manifest is empty; expected a header line such as path,label,split");
        }
        Map<String, Integer> columns = columns(file, lines.get(0));
        List<List<String>> rows = lines.subList(1, lines.size());
        List<String> names = SoundCollection.sortedClasses(
                rows.stream().map(row -> row.get(columns.get("label"))).toList());
        List<SoundItem> items = new ArrayList<>();
        for (List<String> row : rows) {
            items.add(item(file, row, columns, names));
        }
        SoundCollection.requireClasses(file, names);
        requireWholeTracks(file, items);
        return new SoundCollection(file, names, items);
    }

    private static SoundItem item(Path file, List<String> row, Map<String, Integer> columns, List<String> names) {
        String name = row.get(columns.get("path"));
        Path sound = file.toAbsolutePath().getParent().resolve(name);
        if (!Files.isRegularFile(sound)) {
            throw new BadInputException(file + ": lists " + name + ", but " + sound.normalize() + " does not exist");
        }
        Split split = columns.containsKey("split") ? named(file, row.get(columns.get("split"))) : null;
        Integer fold = columns.containsKey("fold") && split == null ? fold(file, row, columns) : null;
        String track = columns.containsKey("track")
                ? row.get(columns.get("track"))
                : sound.normalize().toString();
        return new SoundItem(sound.normalize(), names.indexOf(row.get(columns.get("label"))), split, fold, track);
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
            columns.put(header.get(i).toLowerCase(Locale.ROOT), i);
        }
        if (!columns.containsKey("path") || !columns.containsKey("label")) {
            throw new BadInputException(
                    file + ": the first line must name the columns path and label (and split or fold), found "
                            + String.join(",", header));
        }
        return columns;
    }

    private static int fold(Path file, List<String> row, Map<String, Integer> columns) {
        String text = row.get(columns.get("fold"));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    file + ": the fold of " + row.get(columns.get("path")) + " is '" + text + "', expected a number");
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

    private static List<List<String>> parse(Path file) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .commentStrategy(CommentStrategy.SKIP)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .trimWhitespacesAroundQuotes(true)
                .build(CsvRecordHandler.of(c -> c.fieldModifier(new Unquoted())), text(file))) {
            for (CsvRecord record : reader) {
                List<String> row = record.getFields();
                if (row.size() == 1 && row.get(0).isEmpty()) {
                    continue;
                }
                if (!rows.isEmpty() && row.size() != rows.get(0).size()) {
                    throw new BadInputException(file + ": line " + record.getStartingLineNumber() + " has " + row.size()
                            + " columns, the header " + rows.get(0).size() + " " + rows.get(0));
                }
                rows.add(row);
            }
        } catch (CsvParseException e) {
            String reason = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
            throw new BadInputException(file + ": not a CSV manifest (" + reason + ")", e);
        }
        return rows;
    }

    /** The file without the mark that some programs put before UTF-8. */
    private static String text(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (MalformedInputException e) {
            throw new BadInputException(
                    file + ": not a CSV manifest (it is not text); give a CSV file, or a folder with one sub-folder"
                            + " per class");
        }
    }

    /** Spaces around a cell count only where it is quoted. */
    private static final class Unquoted implements FieldModifier {
        @Override
        public String modify(long line, int column, boolean quoted, String cell) {
            return CsvText.plain(quoted ? cell : cell.strip());
        }
    }
}
