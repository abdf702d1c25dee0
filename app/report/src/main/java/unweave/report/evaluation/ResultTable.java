package unweave.report.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.explain.output.CsvText;
import unweave.explain.output.Json;
import unweave.report.ReportPage;

/**
 * A table of results for the terminal, a page and a CSV file. Cells are texts, whole numbers, doubles and
 * {@link Estimate}s (shown with their standard error, in a CSV file as two columns). Not-a-number is shown as a dash.
 */
public final class ResultTable {
    private static final String NONE = "\u2013";
    private static final int TERMINAL_WIDTH = 120;
    private static final int MOST_DECIMALS = 8;

    private final String name;
    private final String caption;
    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();
    private final List<Integer> alone = new ArrayList<>();
    private int decimals = 3;

    /**
     * @param name of the CSV file, without ending
     * @param caption one or two sentences that say what is counted, in which unit, and which way is better
     */
    public ResultTable(String name, String caption, List<String> columns) {
        this.name = name;
        this.caption = caption;
        this.columns = List.copyOf(columns);
    }

    /**
     * Digits after the point in the terminal and on the page, 3 unless set; more where all numbers are so small that
     * these would leave less than three digits. CSV files have all digits.
     */
    public ResultTable decimals(int digits) {
        decimals = digits;
        return this;
    }

    /** Lets a column have as many digits as its own numbers need, at least 2: it is in another unit than the others. */
    public ResultTable ownDecimals(String column) {
        alone.add(columns.indexOf(column));
        return this;
    }

    private int[] digits() {
        int[] digits = new int[columns.size()];
        List<Integer> together = IntStream.range(0, digits.length)
                .filter(column -> !alone.contains(column))
                .boxed()
                .toList();
        Arrays.fill(digits, Math.max(decimals, needed(together)));
        alone.forEach(column -> digits[column] = Math.max(2, needed(List.of(column))));
        return digits;
    }

    /** Digits that leave three of the largest number. */
    private int needed(List<Integer> ofColumns) {
        double largest = 0;
        for (Object[] row : rows) {
            for (int column : ofColumns) {
                Object cell = row[column];
                double number =
                        cell instanceof Estimate estimate ? estimate.mean() : cell instanceof Double value ? value : 0;
                largest = Double.isFinite(number) ? Math.max(largest, Math.abs(number)) : largest;
            }
        }
        return largest == 0 ? 0 : Math.min(2 - (int) Math.floor(Math.log10(largest)), MOST_DECIMALS);
    }

    /** Appends a row. @throws IllegalArgumentException when the number of cells is not that of the columns */
    public ResultTable row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "table " + name + " has " + columns.size() + " columns, not " + cells.length);
        }
        rows.add(cells.clone());
        return this;
    }

    /** As {@link #row(Object...)}, a first cell and the others. */
    public ResultTable row(Object first, List<?> others) {
        List<Object> cells = new ArrayList<>(others);
        cells.add(0, first);
        return row(cells.toArray());
    }

    public String name() {
        return name;
    }

    public String caption() {
        return caption;
    }

    /** Caption, header and rows with aligned columns: texts to the left, numbers to the right. */
    public List<String> lines() {
        List<List<String>> texts = new ArrayList<>(shown());
        texts.add(0, columns);
        int[] widths = new int[columns.size()];
        texts.forEach(
                row -> Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
        List<String> lines = wrapped(caption);
        for (List<String> row : texts) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format(isText(i) ? "  %-" + widths[i] + "s" : "  %" + widths[i] + "s", row.get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private boolean isText(int column) {
        return rows.stream().anyMatch(row -> row[column] instanceof String text && !text.isEmpty());
    }

    /** Text in lines that fit a terminal. */
    static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", 0)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > TERMINAL_WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** The table on a page. */
    public void addTo(ReportPage page) {
        page.table(caption, columns, shown());
    }

    private List<List<String>> shown() {
        int[] digits = digits();
        return rows.stream()
                .map(row -> IntStream.range(0, row.length)
                        .mapToObj(column -> text(row[column], digits[column]))
                        .toList())
                .toList();
    }

    private static String text(Object cell, int digits) {
        if (cell instanceof Estimate estimate) {
            String mean = text(estimate.mean(), digits);
            return estimate.count() < 2 || mean.equals(NONE)
                    ? mean
                    : mean + " \u00b1 " + text(estimate.standardError(), digits);
        }
        if (cell instanceof Double number) {
            return Double.isFinite(number)
                    ? String.format(Locale.ROOT, "%." + digits + "f", number).replace('-', '\u2212')
                    : NONE;
        }
        return String.valueOf(cell);
    }

    /** The table as CSV with all digits; an estimate takes two columns. */
    public String csv() {
        List<List<String>> lines = new ArrayList<>();
        List<String> header = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            header.add(columns.get(i));
            if (isEstimate(i)) {
                header.add(columns.get(i) + " standard error");
            }
        }
        lines.add(header);
        for (Object[] row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                if (row[i] instanceof Estimate estimate) {
                    cells.add(number(estimate.mean()));
                    cells.add(number(estimate.standardError()));
                } else {
                    cells.add(row[i] instanceof Double value ? number(value) : String.valueOf(row[i]));
                    if (isEstimate(i)) {
                        cells.add("");
                    }
                }
            }
            lines.add(cells);
        }
        return CsvText.of(lines);
    }

    private boolean isEstimate(int column) {
        return rows.stream().anyMatch(row -> row[column] instanceof Estimate);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Json.line(value) : "";
    }
}
