package unweave.figure;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.TimeFrequencyAxes;

/**
 * One time-frequency picture: a log-mel spectrogram or a relevance map, with what its axes and colours mean. Immutable;
 * the values are not copied and must not change before the picture is drawn. Several panels make a {@link PanelGrid};
 * alone, {@link #toPng()} draws one with all its axes.
 */
public final class MapPanel {

    /** What the colours of a log-mel spectrogram count. */
    public static final String LOG_MAGNITUDE = "log_{10} magnitude";

    /**
     * Side of the map when a panel is drawn alone: a whole number of image pixels per cell for 64 and 128 rows and
     * columns.
     */
    private static final double SINGLE_SIDE = 192;

    private final String title;
    private final String subtitle;
    private final float[][] values;
    private final TimeFrequencyAxes axes;
    private final ColourRange range;
    private final List<Outline> outlines;

    /**
     * A rectangle of cells to be outlined; an empty one is not drawn.
     *
     * @param firstRow lowest
     * @param firstColumn leftmost
     * @param endRow above the highest
     * @param endColumn right of the rightmost
     */
    record Outline(int firstRow, int firstColumn, int endRow, int endColumn) {
        boolean isEmpty() {
            return endRow <= firstRow || endColumn <= firstColumn;
        }
    }

    /**
     * @param title short, above the picture; what is wider than the picture is set smaller or in two lines
     * @param subtitle below the title, may be empty
     * @param values [mels][frames], row 0 the lowest frequency. Not modified
     * @throws IllegalArgumentException when the shape of the values is not that of the axes
     */
    public MapPanel(String title, String subtitle, float[][] values, TimeFrequencyAxes axes, ColourRange range) {
        this(title, subtitle, values, axes, range, List.of());
    }

    private MapPanel(
            String title,
            String subtitle,
            float[][] values,
            TimeFrequencyAxes axes,
            ColourRange range,
            List<Outline> outlines) {
        requireShape(title, values, axes);
        this.title = title;
        this.subtitle = subtitle;
        this.values = values;
        this.axes = axes;
        this.range = range;
        this.outlines = outlines;
    }

    /** A log-mel spectrogram [mels][frames], dark to light from its smallest to its largest value. */
    public static MapPanel spectrogram(String title, float[][] logMel, TimeFrequencyAxes axes) {
        return spectrogram(title, logMel, axes, LOG_MAGNITUDE);
    }

    /**
     * As {@link #spectrogram(String, float[][], TimeFrequencyAxes)}.
     *
     * @param unit what the colours count
     */
    public static MapPanel spectrogram(String title, float[][] logMel, TimeFrequencyAxes axes, String unit) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float[] row : logMel) {
            for (float value : row) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        double spread = high > low ? 0 : 0.5;
        return new MapPanel(title, "", logMel, axes, ColourRange.sequential(low - spread, high + spread, unit));
    }

    /**
     * A relevance map [mels][frames]: red for, blue against the class, white for none.
     *
     * @param limit magnitude of the strongest colours; the K concept maps of one sound share it, see
     *     {@link #largestMagnitude}. 0 counts as 1
     * @param gamma exponent that emphasises small relevances when below 1, see {@link ColourRange}
     */
    public static MapPanel relevance(
            String title, float[][] relevance, TimeFrequencyAxes axes, double limit, double gamma) {
        return new MapPanel(
                title, "", relevance, axes, ColourRange.symmetric(limit == 0 ? 1 : limit, gamma, "relevance"));
    }

    /** The same panel with a second line under its title. */
    public MapPanel subtitle(String text) {
        return new MapPanel(title, text, values, axes, range, outlines);
    }

    /** The same panel with another title. */
    public MapPanel title(String text) {
        return new MapPanel(text, subtitle, values, axes, range, outlines);
    }

    /**
     * The same panel of other values of the same shape.
     *
     * @param other [mels][frames]. Not modified
     */
    public MapPanel values(float[][] other) {
        requireShape(title, other, axes);
        return new MapPanel(title, subtitle, other, axes, range, outlines);
    }

    /** The same panel without the two lines above it, for a page that writes them itself. */
    public MapPanel untitled() {
        return new MapPanel("", "", values, axes, range, outlines);
    }

    /**
     * The same panel with another meaning of its colours, for example to let the spectrograms of several sounds share
     * one.
     */
    public MapPanel range(ColourRange other) {
        return new MapPanel(title, subtitle, values, axes, other, outlines);
    }

    /**
     * The same panel with a further frame around some of its cells.
     *
     * @param firstRow lowest row
     * @param firstColumn leftmost column
     * @param endRow row above the highest
     * @param endColumn column right of the rightmost
     * @throws IllegalArgumentException if they do not lie inside the map
     */
    public MapPanel outlined(int firstRow, int firstColumn, int endRow, int endColumn) {
        if (firstRow < 0 || firstColumn < 0 || endRow > axes.mels() || endColumn > axes.frames()) {
            throw new IllegalArgumentException(String.format(
                    "%s: rows %d to %d and columns %d to %d do not lie inside %d mels x %d frames",
                    title, firstRow, endRow, firstColumn, endColumn, axes.mels(), axes.frames()));
        }
        List<Outline> all = new ArrayList<>(outlines);
        all.add(new Outline(firstRow, firstColumn, endRow, endColumn));
        return new MapPanel(title, subtitle, values, axes, range, List.copyOf(all));
    }

    /** The largest |value| in any of the maps: the limit that lets them share one colour scale. */
    public static double largestMagnitude(float[][]... maps) {
        float largest = 0;
        for (float[][] map : maps) {
            for (float[] row : map) {
                for (float value : row) {
                    largest = Math.max(largest, Math.abs(value));
                }
            }
        }
        return largest;
    }

    /**
     * Subtitle of a relevance map: {@code "Σ R = 4.21 (38 %)"}, the share being sum / total; without it when total is
     * 0. Very large and very small numbers have a power of ten.
     */
    public static String relevanceSum(double sum, double total) {
        double percent = 100 * sum / total;
        String share =
                Math.abs(percent) < 0.5 ? "0" : Math.abs(percent) < 999.5 ? whole(percent) : significant(percent);
        String text = "\u03a3\u00a0R\u00a0=\u00a0" + significant(sum); // to be wrapped before the share only
        return (text + (total == 0 ? "" : " (" + share + "\u00a0%)")).replace('-', '\u2212');
    }

    /** Three significant digits, of large numbers up to four. */
    private static String significant(double value) {
        double size = Math.abs(value);
        if (size >= 999.5 && size < 9999.5) {
            return whole(value);
        }
        if (size == 0) {
            return "0";
        }
        if (!(size < 1e-3 || size >= 1000) || Double.isInfinite(size)) { // also not-a-number
            return String.format(Locale.ROOT, "%.3g", value);
        }
        String[] parts = String.format(Locale.ROOT, "%.2e", value).split("e", 2);
        return parts[0] + "\u00b7" + "10^{" + Integer.parseInt(parts[1]) + "}";
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    /** This panel alone, with axes and colour bar. */
    public byte[] toPng() {
        return new PanelGrid()
                .panelSize(SINGLE_SIDE, SINGLE_SIDE)
                .row(List.of(this))
                .toPng();
    }

    /**
     * This panel without its titles as an SVG element to stand within a page: much smaller than as PNG, and sharp at
     * any size.
     */
    public String toSvg() {
        return new MapSvg(this, SINGLE_SIDE).draw();
    }

    /** The values [rows][frames], or means of blocks of them where there are more than so many. */
    float[][] cells(int mostRows, int mostFrames) {
        return fewer(values, Math.min(mostRows, values.length), Math.min(mostFrames, values[0].length));
    }

    String title() {
        return title;
    }

    String subtitle() {
        return subtitle;
    }

    TimeFrequencyAxes axes() {
        return axes;
    }

    List<Outline> outlines() {
        return outlines;
    }

    ColourRange range() {
        return range;
    }

    /**
     * The map alone, every cell a rectangle of one colour, stretched to width x height image pixels. Row 0 is at the
     * bottom.
     */
    BufferedImage raster(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        float[][] cells = fewer(values, Math.min(height, values.length), Math.min(width, values[0].length));
        int mels = cells.length;
        int frames = cells[0].length;
        for (int y = 0; y < height; y++) {
            float[] row = cells[mels - 1 - (int) ((long) y * mels / height)];
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, range.rgb(row[(int) ((long) x * frames / width)]));
            }
        }
        return image;
    }

    /** Means of blocks, where there are more cells than pixels: none of them may go unseen. */
    private static float[][] fewer(float[][] values, int rows, int columns) {
        if (rows == values.length && columns == values[0].length) {
            return values;
        }
        float[][] means = new float[rows][columns];
        for (int r = 0; r < rows; r++) {
            int top = (int) ((long) r * values.length / rows);
            int bottom = (int) ((long) (r + 1) * values.length / rows);
            for (int c = 0; c < columns; c++) {
                int left = (int) ((long) c * values[0].length / columns);
                int right = (int) ((long) (c + 1) * values[0].length / columns);
                double sum = 0;
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        sum += values[y][x];
                    }
                }
                means[r][c] = (float) (sum / ((bottom - top) * (right - left)));
            }
        }
        return means;
    }

    private static void requireShape(String title, float[][] values, TimeFrequencyAxes axes) {
        boolean fits = values.length == axes.mels();
        for (float[] row : values) {
            fits &= row.length == axes.frames();
        }
        if (!fits) {
            throw new IllegalArgumentException(String.format(
                    "%s: %d rows of %d values do not fit axes of %d mels x %d frames",
                    title, values.length, values.length == 0 ? 0 : values[0].length, axes.mels(), axes.frames()));
        }
    }
}
