package unweave.figure;

import java.awt.Color;
import java.util.List;
import java.util.Locale;

/**
 * A matrix as coloured squares with its numbers in them: a confusion matrix, or scores of class against class (the
 * thesis' Fig. 4.10, A.2).
 */
public final class MatrixFigure {

    private static final double MARGIN = 14;
    private static final double LABEL_GAP = 7;

    private final String title;
    private final List<String> rows;
    private final List<String> columns;
    private final double[][] values;
    private String rowTitle = "";
    private String columnTitle = "";
    private int decimals = 1;
    private double cell = 44;
    private boolean signed;
    private double largest = Double.NaN;
    private boolean[][] marked;

    /**
     * @param values [rows][columns]; not-a-number leaves a cell grey. Not modified
     * @throws IllegalArgumentException when the shape is not that of the names
     */
    public MatrixFigure(String title, List<String> rows, List<String> columns, double[][] values) {
        boolean fits = values.length == rows.size() && !rows.isEmpty() && !columns.isEmpty();
        for (double[] row : values) {
            fits &= row.length == columns.size();
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "matrix " + title + " must have " + rows.size() + " x " + columns.size() + " values");
        }
        this.title = title;
        this.rows = List.copyOf(rows);
        this.columns = List.copyOf(columns);
        this.values = values;
    }

    /** Names what rows and columns are, for example "true class" and "predicted class". */
    public MatrixFigure axes(String rowAxis, String columnAxis) {
        rowTitle = rowAxis;
        columnTitle = columnAxis;
        return this;
    }

    /** Digits after the point in every cell; 1 unless set. */
    public MatrixFigure decimals(int digits) {
        decimals = digits;
        return this;
    }

    /** Colours by sign, red above and blue below a white zero, instead of white to blue from 0. */
    public MatrixFigure signed() {
        signed = true;
        return this;
    }

    /** The value that gets the darkest colour; the largest of the matrix unless set. */
    public MatrixFigure largest(double value) {
        largest = value;
        return this;
    }

    /**
     * Frames some cells.
     *
     * @param cells [rows][columns]; not modified
     */
    public MatrixFigure marked(boolean[][] cells) {
        marked = cells;
        return this;
    }

    /** Side of a cell in CSS pixels. */
    public MatrixFigure cellSize(double pixels) {
        cell = pixels;
        return this;
    }

    /** The matrix as a PNG. */
    public byte[] toPng() {
        double rowNames = widest(rows);
        double columnNames = widest(columns);
        boolean upright = columnNames > cell - 4;
        double left = MARGIN + (rowTitle.isEmpty() ? 0 : 20) + rowNames + LABEL_GAP;
        double top = MARGIN + (title.isEmpty() ? 0 : 26);
        double right = left + cell * columns.size();
        double bottom = top + cell * rows.size();
        double below = (upright ? columnNames : 12) + LABEL_GAP + (columnTitle.isEmpty() ? 0 : 22);
        double titleEnd = title.isEmpty() ? 0 : MARGIN + TextPainter.width(title, Ink.TITLE);
        Canvas canvas = new Canvas(Math.max(right, titleEnd) + MARGIN, bottom + below + MARGIN);
        canvas.text(title, Ink.TITLE, MARGIN, MARGIN + 11, TextPainter.Align.LEFT);
        drawCells(canvas, left, top);
        canvas.frame(Ink.AXIS, left, top, right - left, bottom - top);
        drawMarks(canvas, left, top);
        for (int row = 0; row < rows.size(); row++) {
            canvas.text(
                    rows.get(row), Ink.LEGEND, left - LABEL_GAP, top + (row + 0.5) * cell + 4, TextPainter.Align.RIGHT);
        }
        for (int column = 0; column < columns.size(); column++) {
            double middle = left + (column + 0.5) * cell;
            if (upright) {
                canvas.verticalText(
                        columns.get(column), Ink.LEGEND, middle + 4, bottom + LABEL_GAP, TextPainter.Align.RIGHT);
            } else {
                canvas.text(columns.get(column), Ink.LEGEND, middle, bottom + LABEL_GAP + 10, TextPainter.Align.CENTRE);
            }
        }
        canvas.verticalText(rowTitle, Ink.LABEL, MARGIN + 9, (top + bottom) / 2);
        canvas.text(columnTitle, Ink.LABEL, (left + right) / 2, bottom + below - 2, TextPainter.Align.CENTRE);
        return canvas.toPng();
    }

    private void drawCells(Canvas canvas, double left, double top) {
        double limit = limit();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                drawCell(canvas, values[row][column], limit, left + column * cell, top + row * cell);
            }
        }
    }

    private double limit() {
        if (!Double.isNaN(largest)) {
            return largest;
        }
        double limit = 0;
        for (double[] row : values) {
            for (double value : row) {
                limit = Double.isFinite(value) ? Math.max(limit, Math.abs(value)) : limit;
            }
        }
        return limit == 0 ? 1 : limit;
    }

    private void drawMarks(Canvas canvas, double left, double top) {
        for (int row = 0; marked != null && row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                for (double inset = 1; marked[row][column] && inset < 3.5; inset++) {
                    canvas.frame(
                            Ink.TEXT,
                            left + column * cell + inset,
                            top + row * cell + inset,
                            cell - 2 * inset,
                            cell - 2 * inset);
                }
            }
        }
    }

    private void drawCell(Canvas canvas, double value, double limit, double x, double y) {
        int rgb = signed
                ? ColourScale.DIVERGING.rgb(0.5 + 0.5 * value / limit)
                : ColourScale.WHITE_TO_BLUE.rgb(value / limit);
        canvas.fill(new Color(rgb), x, y, cell, cell);
        canvas.frame(Ink.GRID, x + 0.5, y + 0.5, cell - 1, cell - 1);
        if (Double.isFinite(value)) {
            Color ink = lightness(rgb) < 0.55 ? Color.WHITE : Ink.TEXT;
            String number =
                    String.format(Locale.ROOT, "%." + decimals + "f", value).replace('-', '\u2212');
            TextPainter.Style style = new TextPainter.Style(Math.min(12, cell * 0.29), ink, false);
            double share = Math.min(1, (cell - 4) / TextPainter.width(number, style));
            canvas.text(
                    number,
                    new TextPainter.Style(share * style.size(), ink, false),
                    x + cell / 2,
                    y + cell / 2 + 4,
                    TextPainter.Align.CENTRE);
        }
    }

    /**
     * Perceived lightness of a colour, 0 to 1 (ITU-R BT.709 weights on the gamma-coded channels, close enough to choose
     * black or white text).
     */
    private static double lightness(int rgb) {
        return (0.2126 * (rgb >> 16 & 0xff) + 0.7152 * (rgb >> 8 & 0xff) + 0.0722 * (rgb & 0xff)) / 255;
    }

    private static double widest(List<String> names) {
        return names.stream()
                .mapToDouble(name -> TextPainter.width(name, Ink.LEGEND))
                .max()
                .orElse(0);
    }
}
