package unweave.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * Panels in rows and columns as one picture, for example one row per sound with its input, its standard map and its K
 * concept maps (the thesis' Fig. 4.3). What neighbours share is drawn once: the frequency axis at the left of panels
 * with the same axes, the time axis under the lowest of them, the colour bar at the right of panels with the same
 * {@link ColourRange}.
 */
public final class PanelGrid {

    private static final double MARGIN = 12;
    /** Between what two columns draw, in CSS pixels. */
    public static final double COLUMN_GAP = 12;

    private static final double ROW_GAP = 14;
    private static final double TITLE_LINE = 15;
    private static final double SUBTITLE_LINE = 14;
    private static final double TIME_AXIS = 34;
    private static final double FREQUENCY_AXIS = 46;
    private static final double ROW_LABEL = 20;
    private static final double GRID_TITLE = 26;
    private static final int NARROW_COLUMNS = 2;
    private static final double NARROW_SIDE = 96;

    /** One row; {@code label} is written vertically at its left, empty for none. */
    private record Row(String label, List<MapPanel> panels) {}

    private final List<Row> rows = new ArrayList<>();
    /** A whole number of image pixels per cell for 64 and 128 rows and columns: even cells, and smaller files. */
    private double panelWidth = 128;

    private double panelHeight = 128;
    private String title = "";

    /** A heading above the whole grid. */
    public PanelGrid title(String text) {
        title = text;
        return this;
    }

    /** Size of every map in CSS pixels, without its axes. */
    public PanelGrid panelSize(double width, double height) {
        panelWidth = width;
        panelHeight = height;
        return this;
    }

    /** Appends a row without a label. */
    public PanelGrid row(List<MapPanel> panels) {
        return row("", panels);
    }

    /**
     * Appends a row.
     *
     * @throws IllegalArgumentException when it holds no panel
     */
    public PanelGrid row(String label, List<MapPanel> panels) {
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("a row of panels must hold at least one");
        }
        rows.add(new Row(label, List.copyOf(panels)));
        return this;
    }

    /** The grid as a PNG. */
    public byte[] toPng() {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a grid of panels must hold at least one row");
        }
        return new Layout().draw();
    }

    /**
     * The same panels, smaller and two beside each other, as a PNG that a phone shows without shrinking its text much.
     */
    public byte[] toNarrowPng() {
        PanelGrid narrow = new PanelGrid().title(title).panelSize(NARROW_SIDE, NARROW_SIDE);
        for (Row row : rows) {
            for (int from = 0; from < row.panels.size(); from += NARROW_COLUMNS) {
                int to = Math.min(row.panels.size(), from + NARROW_COLUMNS);
                narrow.row(from == 0 ? row.label : "", row.panels.subList(from, to));
            }
        }
        return narrow.toPng();
    }

    /**
     * Where the columns of a grid lie, in CSS pixels.
     *
     * @param width of the picture
     * @param left edge of the maps of each column
     */
    public record Columns(double width, double[] left) {}

    /** Where the columns lie in {@link #toPng}. */
    public Columns columns() {
        Layout layout = new Layout();
        return new Columns(layout.width, layout.left);
    }

    /** Positions of everything, found from what each panel has to draw beside its map. */
    private final class Layout {

        private final double[] left;
        private final double[] top;
        private final double width;
        private final double height;

        Layout() {
            int columns = 0;
            boolean labelled = false;
            for (Row line : rows) {
                columns = Math.max(columns, line.panels.size());
                labelled |= !line.label.isEmpty();
            }
            left = new double[columns];
            double x = MARGIN + (labelled ? ROW_LABEL : 0);
            for (int column = 0; column < columns; column++) {
                x += anyFrequencyAxis(column) ? FREQUENCY_AXIS : 0;
                left[column] = x;
                x += panelWidth + barWidth(column) + COLUMN_GAP;
            }
            double titleWidth = title.isEmpty() ? 0 : 2 * MARGIN + TextPainter.width(title, Ink.TITLE);
            width = Math.max(x - COLUMN_GAP + MARGIN, titleWidth);
            top = new double[rows.size()];
            double y = MARGIN - ROW_GAP + (title.isEmpty() ? 0 : GRID_TITLE);
            for (int row = 0; row < rows.size(); row++) {
                y += ROW_GAP + titleHeight(row);
                top[row] = y;
                y += panelHeight + (anyTimeAxis(row) ? TIME_AXIS : 0);
            }
            height = y + MARGIN;
        }

        byte[] draw() {
            Canvas canvas = new Canvas(width, height);
            if (!title.isEmpty()) {
                canvas.text(title, Ink.TITLE, MARGIN, MARGIN + 13, TextPainter.Align.LEFT);
            }
            for (int row = 0; row < rows.size(); row++) {
                if (!rows.get(row).label.isEmpty()) {
                    TextPainter.Fitted label =
                            TextPainter.fitted(rows.get(row).label, Ink.PANEL_TITLE, panelHeight + TITLE_LINE, 1);
                    canvas.verticalText(label.lines().get(0), label.style(), MARGIN + 10, top[row] + panelHeight / 2);
                }
                for (int column = 0; column < rows.get(row).panels.size(); column++) {
                    drawCell(canvas, row, column);
                }
            }
            return canvas.toPng();
        }

        private void drawCell(Canvas canvas, int row, int column) {
            MapPanel panel = rows.get(row).panels.get(column);
            MapPainter painter = new MapPainter(canvas, panel, left[column], top[row], panelWidth, panelHeight);
            painter.titles(titleRoom(column), subtitleLines(row));
            painter.map();
            painter.frequencyAxis(hasFrequencyAxis(row, column));
            painter.timeAxis(hasTimeAxis(row, column));
            if (hasBar(row, column)) {
                painter.colourBar();
            }
        }

        private MapPanel at(int row, int column) {
            boolean inside = row >= 0
                    && row < rows.size()
                    && column >= 0
                    && column < rows.get(row).panels.size();
            return inside ? rows.get(row).panels.get(column) : null;
        }

        @SuppressWarnings("ReferenceEquality") // panels share an axis where they share the object
        private boolean hasFrequencyAxis(int row, int column) {
            MapPanel before = at(row, column - 1);
            return before == null || before.axes() != at(row, column).axes();
        }

        @SuppressWarnings("ReferenceEquality")
        private boolean hasTimeAxis(int row, int column) {
            MapPanel below = at(row + 1, column);
            return below == null || below.axes() != at(row, column).axes();
        }

        private boolean hasBar(int row, int column) {
            MapPanel after = at(row, column + 1);
            return after == null || !after.range().equals(at(row, column).range());
        }

        private boolean anyFrequencyAxis(int column) {
            boolean any = false;
            for (int row = 0; row < rows.size(); row++) {
                any |= at(row, column) != null && hasFrequencyAxis(row, column);
            }
            return any;
        }

        private boolean anyTimeAxis(int row) {
            boolean any = false;
            for (int column = 0; column < rows.get(row).panels.size(); column++) {
                any |= hasTimeAxis(row, column);
            }
            return any;
        }

        private double barWidth(int column) {
            double widest = 0;
            for (int row = 0; row < rows.size(); row++) {
                if (at(row, column) != null && hasBar(row, column)) {
                    widest =
                            Math.max(widest, MapPainter.barWidth(at(row, column).range()));
                }
            }
            return widest;
        }

        private double titleHeight(int row) {
            int titles = 0;
            for (int column = 0; column < rows.get(row).panels.size(); column++) {
                MapPanel panel = at(row, column);
                titles = Math.max(
                        titles,
                        panel.title().isEmpty()
                                ? 0
                                : MapPainter.title(panel, titleRoom(column))
                                        .lines()
                                        .size());
            }
            return titles * TITLE_LINE + subtitleLines(row) * SUBTITLE_LINE + 5;
        }

        private int subtitleLines(int row) {
            int lines = 0;
            for (int column = 0; column < rows.get(row).panels.size(); column++) {
                MapPanel panel = at(row, column);
                lines = Math.max(
                        lines,
                        panel.subtitle().isEmpty()
                                ? 0
                                : MapPainter.subtitle(panel, titleRoom(column))
                                        .lines()
                                        .size());
            }
            return lines;
        }

        private double titleRoom(int column) {
            return panelWidth + barWidth(column);
        }
    }
}
