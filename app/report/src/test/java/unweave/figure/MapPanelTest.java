package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.explain.TimeFrequencyAxes;

class MapPanelTest {

    private static final TimeFrequencyAxes SMALL = new TimeFrequencyAxes(new double[] {100, 1000}, 3, 0.01);

    @Test
    void rowZeroIsAtTheBottomAndFrameZeroAtTheLeft() {
        MapPanel panel = MapPanel.relevance("", new float[][] {{1, 0, 0}, {0, 0, -1}}, SMALL, 1, 1);
        BufferedImage raster = panel.raster(30, 20);
        assertEquals(ColourScale.DIVERGING.rgb(1), PngPixels.at(raster, 0, 19));
        assertEquals(ColourScale.DIVERGING.rgb(1), PngPixels.at(raster, 9, 10));
        assertEquals(ColourScale.DIVERGING.rgb(0), PngPixels.at(raster, 29, 0));
        assertEquals(0xffffff, PngPixels.at(raster, 10, 19), "zero is white");
        assertEquals(0xffffff, PngPixels.at(raster, 9, 9), "zero is white");
    }

    @Test
    void theWholePictureShowsTheMapBetweenItsAxes() throws IOException {
        float[][] map = new float[64][64];
        map[0][0] = 1;
        map[63][63] = -0.5f;
        BufferedImage image = PngPixels.read(MapPanel.relevance("concept 1", map, ExampleMaps.axes(), 1, 1)
                .untitled()
                .toPng());
        int red = ColourScale.DIVERGING.rgb(1);
        int pale = ColourScale.DIVERGING.rgb(0.25);
        int[] redCell = find(image, red);
        int[] blueCell = find(image, pale);
        assertTrue(
                redCell[0] < blueCell[0] && redCell[1] > blueCell[1],
                "first frame of the lowest row is at the lower left");
        assertEquals(6 * 6, countAround(image, redCell, red), "a cell is 6 x 6 image pixels");
    }

    @Test
    void theSameLimitGivesTheSameColourInEveryMap() {
        MapPanel weak = MapPanel.relevance("", new float[][] {{0.5f, 0, 0}, {0, 0, 0}}, SMALL, 2, 1);
        MapPanel strong = MapPanel.relevance("", new float[][] {{2, 0.5f, 0}, {0, 0, 0}}, SMALL, 2, 1);
        assertEquals(weak.range(), strong.range());
        assertEquals(PngPixels.at(weak.raster(3, 2), 0, 1), PngPixels.at(strong.raster(3, 2), 1, 1));
    }

    @Test
    void aSilentMapIsWhiteAndAConstantSpectrogramCanBeDrawn() {
        BufferedImage raster =
                MapPanel.relevance("", new float[2][3], SMALL, 0, 1).raster(6, 4);
        assertEquals(24, PngPixels.count(raster, 0xffffff));
        BufferedImage constant =
                MapPanel.spectrogram("", new float[2][3], SMALL).raster(6, 4);
        assertEquals(24, PngPixels.count(constant, PngPixels.at(constant, 0, 0)));
    }

    @Test
    void cellsThatAreSmallerThanPixelsAreAveraged() {
        TimeFrequencyAxes fine = new TimeFrequencyAxes(new double[] {100, 1000}, 6, 0.01);
        float[][] values = {{0, 0, 3, 0, 1, 1}, {0, 0, 0, 0, 1, 1}};
        BufferedImage few = MapPanel.relevance("", values, fine, 2, 1).raster(3, 2);
        BufferedImage means = MapPanel.relevance("", new float[][] {{0, 1.5f, 1}, {0, 0, 1}}, SMALL, 2, 1)
                .raster(3, 2);
        for (int i = 0; i < 6; i++) {
            assertEquals(PngPixels.at(means, i % 3, i / 3), PngPixels.at(few, i % 3, i / 3));
        }
    }

    @Test
    void largestMagnitudeLooksAtBothSignsOfAllMaps() {
        assertEquals(3, MapPanel.largestMagnitude(new float[][] {{1, -2}}, new float[][] {{-3, 0}}));
    }

    @Test
    void relevanceSumsReadAsInTheFigures() {
        assertEquals("\u03a3 R = 4.21 (38 %)", plain(MapPanel.relevanceSum(4.21, 11.08)));
        assertEquals("\u03a3 R = \u22120.500 (\u22125 %)", plain(MapPanel.relevanceSum(-0.5, 10)));
        assertEquals("\u03a3 R = 10.6", plain(MapPanel.relevanceSum(10.62, 0)));
        assertEquals("\u03a3 R = \u22121235 (\u221212 %)", plain(MapPanel.relevanceSum(-1234.6, 10000)));
        assertEquals("\u03a3 R = 1.23\u00b710^{5} (1235 %)", plain(MapPanel.relevanceSum(123456, 10000)));
        assertEquals("\u03a3 R = \u22123.21\u00b710^{\u22125} (0 %)", plain(MapPanel.relevanceSum(-0.0000321, 0.1)));
        assertEquals("\u03a3 R = 0 (0 %)", plain(MapPanel.relevanceSum(0, 2)));
        assertEquals("\u03a3 R = 0.100 (1.00\u00b710^{8} %)", plain(MapPanel.relevanceSum(0.1, 1e-7)));
        assertEquals("\u03a3 R = NaN", plain(MapPanel.relevanceSum(Double.NaN, 0)));
    }

    private static String plain(String title) {
        return title.replace('\u00a0', ' ');
    }

    /** Sums of many digits and any sign, and long names, as wide panels and as those for a phone. */
    @Test
    void titlesAreNeverWiderThanTheirPanel() {
        List<String> sums = new ArrayList<>();
        for (double sum : new double[] {4.21, -0.5, -123.4, -8765.4, 987654.3, -0.000012345, -1e-30, 3e38}) {
            for (double total : new double[] {0, 11.08, -3e-6, -1234.5}) {
                sums.add(MapPanel.relevanceSum(sum, total));
            }
        }
        for (double room : new double[] {96, 128}) {
            for (String sum : sums) {
                MapPanel panel = MapPanel.relevance("Concept 8", new float[2][3], SMALL, 1, 1)
                        .subtitle(sum);
                TextPainter.Fitted fitted = MapPainter.subtitle(panel, room);
                assertEquals(sum, String.join(" ", fitted.lines()), "whole");
                fitted.lines().forEach(line -> requireFits(line, fitted.style(), room));
            }
            for (String name : List.of(
                    "modulating sound, 80 % +",
                    "full-wave sinusoid at 20 Hz",
                    "an orchestra and a choir of 124 voices in a cathedral at night",
                    "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerk")) {
                TextPainter.Fitted fitted = MapPainter.title(MapPanel.spectrogram(name, new float[2][3], SMALL), room);
                fitted.lines().forEach(line -> requireFits(line, fitted.style(), room));
            }
        }
    }

    private static void requireFits(String line, TextPainter.Style style, double room) {
        assertTrue(TextPainter.width(line, style) <= room + 1e-9, line + " in " + room);
    }

    @Test
    void aTitleOfTwoLinesMakesItsRowHigher() throws IOException {
        MapPanel one = MapPanel.relevance("concept", new float[2][3], SMALL, 1, 1);
        PanelGrid plain = new PanelGrid().row(List.of(one, one));
        PanelGrid wrapped =
                new PanelGrid().row(List.of(one, one.title("a concept with a name that needs two lines"), one));
        assertEquals(
                PngPixels.read(plain.toPng()).getHeight() + 30,
                PngPixels.read(wrapped.toPng()).getHeight());
    }

    @Test
    void valuesMustFitTheAxes() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> MapPanel.spectrogram("input", new float[2][4], SMALL));
        assertEquals("input: 2 rows of 4 values do not fit axes of 2 mels x 3 frames", e.getMessage());
    }

    @Test
    void neighboursShareAxesAndBarSoAGridIsNarrowerThanItsPanels() throws IOException {
        ExampleMaps maps = new ExampleMaps(1);
        MapPanel one = MapPanel.relevance("one", maps.concepts[0], ExampleMaps.axes(), 0.1, 1);
        MapPanel two = MapPanel.relevance("two", maps.concepts[1], ExampleMaps.axes(), 0.1, 1);
        MapPanel other = MapPanel.relevance("other scale", maps.concepts[1], ExampleMaps.axes(), 0.2, 1);
        int alone = width(new PanelGrid().row(List.of(one)).toPng());
        int shared = width(new PanelGrid().row(List.of(one, two)).toPng());
        int unshared = width(new PanelGrid().row(List.of(one, other)).toPng());
        assertTrue(shared < unshared && unshared < 2 * alone, shared + " < " + unshared + " < 2 x " + alone);
    }

    @Test
    void theOutlineSurroundsItsCells() throws IOException {
        float[][] map = new float[64][64];
        map[0][0] = 1;
        MapPanel panel = MapPanel.relevance("", map, ExampleMaps.axes(), 1, 1);
        BufferedImage image = PngPixels.read(panel.outlined(8, 16, 16, 40).toPng());
        int[] lowerLeft =
                find(image, ColourScale.DIVERGING.rgb(1)); // upper left corner of the lowest cell of the first frame
        int cell = 6;
        int left = lowerLeft[0] + 16 * cell;
        int bottom = lowerLeft[1] + cell - 8 * cell;
        int[] frame = bounds(image, Ink.TEXT.getRGB() & 0xffffff);
        assertArrayEquals(new int[] {left, bottom - 8 * cell, left + 24 * cell, bottom}, frame, Arrays.toString(frame));
        assertEquals(0, PngPixels.count(PngPixels.read(panel.toPng()), Ink.TEXT.getRGB() & 0xffffff));
        assertArrayEquals(panel.toPng(), panel.outlined(3, 3, 3, 9).toPng(), "an empty outline is not drawn");
    }

    @Test
    void theOutlineMustLieInsideTheMap() {
        MapPanel panel = MapPanel.relevance("input", new float[2][3], SMALL, 1, 1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> panel.outlined(0, 1, 3, 2));
        assertEquals("input: rows 0 to 3 and columns 1 to 2 do not lie inside 2 mels x 3 frames", e.getMessage());
    }

    /**
     * Left, top, right and bottom of all pixels of a colour, rounded to the nearest even pixel: lines have a thickness.
     */
    private static int[] bounds(BufferedImage image, int rgb) {
        int[] bounds = {Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0};
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (PngPixels.at(image, x, y) == rgb) {
                    bounds[0] = Math.min(bounds[0], x);
                    bounds[1] = Math.min(bounds[1], y);
                    bounds[2] = Math.max(bounds[2], x);
                    bounds[3] = Math.max(bounds[3], y);
                }
            }
        }
        // The line is two full pixels thick, one on either side of its middle.
        return new int[] {bounds[0] + 1, bounds[1] + 1, bounds[2], bounds[3]};
    }

    @Test
    void theNarrowGridFitsAPhone() throws IOException {
        ExampleMaps maps = new ExampleMaps(1);
        MapPanel input = MapPanel.spectrogram("input", maps.logMel, ExampleMaps.axes());
        MapPanel standard = MapPanel.relevance("standard", maps.standard, ExampleMaps.axes(), 0.1, 1);
        PanelGrid grid =
                new PanelGrid().row("sample", List.of(input, standard, standard, standard, standard, standard));
        assertTrue(width(grid.toPng()) > 1500);
        assertTrue(width(grid.toNarrowPng()) <= 2 * 440);
    }

    @Test
    void theSameInputGivesTheSameBytes() {
        byte[] first = new PanelGrid()
                .title("again")
                .row(List.of(MapPanel.spectrogram("input", new ExampleMaps(5).logMel, ExampleMaps.axes())))
                .toPng();
        byte[] second = new PanelGrid()
                .title("again")
                .row(List.of(MapPanel.spectrogram("input", new ExampleMaps(5).logMel, ExampleMaps.axes())))
                .toPng();
        byte[] other = new PanelGrid()
                .title("again")
                .row(List.of(MapPanel.spectrogram("input", new ExampleMaps(6).logMel, ExampleMaps.axes())))
                .toPng();
        assertArrayEquals(first, second);
        assertFalse(Arrays.equals(first, other));
    }

    @Test
    void emptyGridsAndRowsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PanelGrid().toPng());
        assertThrows(IllegalArgumentException.class, () -> new PanelGrid().row(List.of()));
    }

    private static int width(byte[] png) throws IOException {
        return PngPixels.read(png).getWidth();
    }

    /**
     * The first pixel of the colour that is the upper left corner of a 4 x 4 block of it: a cell, not the colour bar's
     * line.
     */
    private static int[] find(BufferedImage image, int rgb) {
        for (int y = 0; y < image.getHeight() - 4; y++) {
            for (int x = 0; x < image.getWidth() - 4; x++) {
                if (PngPixels.at(image, x, y) == rgb && PngPixels.count(image.getSubimage(x, y, 4, 4), rgb) == 16) {
                    return new int[] {x, y};
                }
            }
        }
        throw new AssertionError(String.format("no block of #%06x", rgb));
    }

    private static int countAround(BufferedImage image, int[] corner, int rgb) {
        return PngPixels.count(image.getSubimage(corner[0] - 2, corner[1] - 2, 10, 10), rgb);
    }
}
