package unweave.explain.output;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.kernels.VisibleText;

/**
 * Tables as CSV (RFC 4180, but with lines that end in one line feed) that are safe to open: spreadsheets take cells
 * that begin with {@code =}, {@code +}, {@code -} or {@code @} for formulas, so such a cell gets an apostrophe before
 * it, unless it is a number; and control characters are visible, see {@link VisibleText}. {@link #plain} undoes both.
 */
public final class CsvText {
    /** What spreadsheets calculate, also behind apostrophes of ours, so that those can be taken off again. */
    private static final Pattern FORMULA = Pattern.compile("'*[=+@\\t\uff1d\uff0b\uff0d\uff20-].*", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|-Infinity");

    private static final Pattern CODE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private CsvText() {}

    /** Rows as lines; cells are quoted where they have to be. */
    public static String of(List<List<String>> rows) {
        StringWriter text = new StringWriter();
        try (CsvWriter writer =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            rows.forEach(
                    row -> writer.writeRecord(row.stream().map(CsvText::cell).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A text as it stands in a cell, before quotes. */
    static String cell(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hidden = VisibleText.isHidden(c) && c != '\n' && c != '\t';
            // A backslash that would be taken for the beginning of a code is one itself.
            shown.append(hidden || text.startsWith("\\u", i) ? VisibleText.code(c) : String.valueOf(c));
        }
        return isFormula(text) ? shown.insert(0, '\'').toString() : shown.toString();
    }

    private static boolean isFormula(String text) {
        return FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
    }

    /** The text that {@link #of} made a cell of; cells that others wrote are mostly what they are. */
    public static String plain(String cell) {
        String text = cell.startsWith("'") && isFormula(cell) ? cell.substring(1) : cell;
        if (!text.contains("\\u")) {
            return text;
        }
        return CODE.matcher(text).replaceAll(code -> {
            char c = (char) Integer.parseInt(code.group(1), 16);
            return Matcher.quoteReplacement(VisibleText.isHidden(c) || c == '\\' ? String.valueOf(c) : code.group());
        });
    }
}
