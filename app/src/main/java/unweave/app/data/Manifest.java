package unweave.app.data;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A CSV file that lists sounds. The first line names the columns: {@code path} (relative to the manifest's folder), {@code label}, and optionally
 * {@code split} (train, validation or test) or {@code fold} (a number). Values may be quoted; lines that begin with # are remarks.
 */
final class Manifest {
  private Manifest() {}

  /**
   * @param testFold the fold to test on where there is a fold column; the next fold (cyclically) validates, all others train
   */
  static SoundCollection read(Path file, int testFold) throws IOException {
    List<List<String>> lines = parse(file);
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(file + ": the manifest is empty; expected a header line such as path,label,split");
    }
    Map<String, Integer> columns = columns(file, lines.get(0));
    List<List<String>> rows = lines.subList(1, lines.size());
    List<String> names = SoundCollection.sortedClasses(rows.stream().map(row -> row.get(columns.get("label"))).toList());
    TreeSet<Integer> folds = folds(file, rows, columns, testFold);
    List<SoundItem> items = new ArrayList<>();
    Path folder = file.toAbsolutePath().getParent();
    for (List<String> row : rows) {
      Path sound = folder.resolve(row.get(columns.get("path")));
      if (!Files.isRegularFile(sound)) {
        throw new IllegalArgumentException(file + ": lists " + row.get(columns.get("path")) + ", but " + sound.normalize() + " does not exist");
      }
      items.add(new SoundItem(sound.normalize(), names.indexOf(row.get(columns.get("label"))), split(file, row, columns, folds, testFold)));
    }
    SoundCollection.requireClasses(file, names);
    return new SoundCollection(file, names, items);
  }

  private static Map<String, Integer> columns(Path file, List<String> header) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      columns.put(header.get(i).toLowerCase(Locale.ROOT), i);
    }
    if (!columns.containsKey("path") || !columns.containsKey("label")) {
      throw new IllegalArgumentException(file + ": the first line must name the columns path and label (and split or fold), found "
          + String.join(",", header));
    }
    return columns;
  }

  private static TreeSet<Integer> folds(Path file, List<List<String>> rows, Map<String, Integer> columns, int testFold) {
    TreeSet<Integer> folds = new TreeSet<>();
    if (!columns.containsKey("fold") || columns.containsKey("split")) {
      return folds;
    }
    for (List<String> row : rows) {
      folds.add(fold(file, row, columns));
    }
    if (!folds.contains(testFold)) {
      throw new IllegalArgumentException(file + ": has no fold " + testFold + "; its folds are " + folds);
    }
    return folds;
  }

  private static int fold(Path file, List<String> row, Map<String, Integer> columns) {
    String text = row.get(columns.get("fold"));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(file + ": the fold of " + row.get(columns.get("path")) + " is '" + text + "', expected a number");
    }
  }

  private static Split split(Path file, List<String> row, Map<String, Integer> columns, TreeSet<Integer> folds, int testFold) {
    if (columns.containsKey("split")) {
      return named(file, row.get(columns.get("split")));
    }
    if (folds.isEmpty()) {
      return null;
    }
    Integer next = folds.higher(testFold);
    int validationFold = next == null ? folds.first() : next;
    int fold = fold(file, row, columns);
    return fold == testFold ? Split.TEST : fold == validationFold ? Split.VALIDATION : Split.TRAIN;
  }

  private static Split named(Path file, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Split.TRAIN;
      case "validation", "valid", "val" -> Split.VALIDATION;
      case "test" -> Split.TEST;
      default -> throw new IllegalArgumentException(file + ": unknown split '" + text + "'; expected train, validation or test");
    };
  }

  private static List<List<String>> parse(Path file) throws IOException {
    List<String> text;
    try {
      text = Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(file + ": not a CSV manifest (it is not text); give a CSV file, or a folder with one sub-folder per class");
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> row = cells(line);
      if (!rows.isEmpty() && row.size() != rows.get(0).size()) {
        throw new IllegalArgumentException(file + ": line " + (i + 1) + " has " + row.size() + " columns, the header "
            + rows.get(0).size() + " " + Arrays.toString(rows.get(0).toArray()));
      }
      rows.add(row);
    }
    return rows;
  }

  /** The cells of one line; a quoted cell may hold commas, and "" inside it is a quote. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }
}
