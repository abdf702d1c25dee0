package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final int FIRST = Ink.series(0).getRGB() & 0xffffff;
    private static final int SECOND = Ink.series(1).getRGB() & 0xffffff;

    @Test
    void aLineChartHasItsSizeAndBothCurves() throws IOException {
        BufferedImage image = PngPixels.read(chart().size(400, 250).toPng());
        assertEquals(800, image.getWidth());
        assertEquals(500, image.getHeight());
        assertTrue(PngPixels.count(image, FIRST) > 300);
        assertTrue(PngPixels.count(image, SECOND) > 300);
    }

    @Test
    void chartsAreTheSameBytesEveryTime() {
        assertArrayEquals(chart().toPng(), chart().toPng());
    }

    @Test
    void curvesOfOneNameShareTheirColour() throws IOException {
        double[] x = {0, 1};
        byte[] png = new LineChart("", "step", "J")
                .line("a", x, new double[] {0, 1}, LineChart.Look.SOLID)
                .line("a", x, new double[] {1, 0}, LineChart.Look.SOLID)
                .toPng();
        assertEquals(0, PngPixels.count(PngPixels.read(png), SECOND));
    }

    @Test
    void valuesThatCannotBeDrawnLeaveAGapAndASinglePointIsADot() throws IOException {
        double[] y = {1, 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1};
        double[] whole = {1, 1, 1, 1, 1, 1, 1};
        int gap = PngPixels.count(
                PngPixels.read(new LineChart("", "", "").line("a", y).toPng()), FIRST);
        int full = PngPixels.count(
                PngPixels.read(new LineChart("", "", "").line("a", whole).toPng()), FIRST);
        assertTrue(gap < full / 2, gap + " of " + full);
        int oneDot = PngPixels.count(
                PngPixels.read(
                        new LineChart("", "", "").line("a", new double[] {3}).toPng()),
                FIRST);
        int twoDots = PngPixels.count(
                PngPixels.read(new LineChart("", "", "")
                        .line("a", new double[] {3, Double.NaN, 4})
                        .toPng()),
                FIRST);
        assertTrue(twoDots > oneDot + 40, twoDots + " against " + oneDot);
    }

    @Test
    void aChartWithNothingToDrawIsRefused() {
        LineChart negative = new LineChart("Loss", "", "").logarithmic().line("a", new double[] {-1, 0});
        assertThrows(IllegalArgumentException.class, negative::toPng);
        assertThrows(IllegalArgumentException.class, () -> new LineChart("", "", "")
                .line("a", new double[2], new double[3], LineChart.Look.SOLID));
    }

    @Test
    void barsAreAsHighAsTheirValues() throws IOException {
        BufferedImage image = PngPixels.read(new BarChart("", "score", List.of("one", "two"))
                .range(0, 1)
                .bars("DRSA", new double[] {0.8, 0.8})
                .bars("random", new double[] {0.4, Double.NaN})
                .toPng());
        int drsa = PngPixels.count(image, FIRST);
        int random = PngPixels.count(image, SECOND);
        assertEquals(4.0, drsa / (double) random, 0.15, "two bars of 0.8 against one of 0.4");
    }

    @Test
    void barsNeedAValueForEveryGroup() {
        BarChart chart = new BarChart("", "", List.of("one", "two"));
        assertThrows(IllegalArgumentException.class, () -> chart.bars("a", new double[3]));
        assertThrows(IllegalArgumentException.class, () -> chart.bars("a", new double[2], new double[1]));
        assertThrows(IllegalArgumentException.class, () -> new BarChart("", "", List.of()));
    }

    @Test
    void aMatrixColoursItsLargestValueDarkest() throws IOException {
        BufferedImage image = PngPixels.read(
                new MatrixFigure("", List.of("a", "b"), List.of("a", "b"), new double[][] {{100, 0}, {50, 100}})
                        .toPng());
        int darkest = ColourScale.WHITE_TO_BLUE.rgb(1);
        int middle = ColourScale.WHITE_TO_BLUE.rgb(0.5);
        assertEquals(2.0, PngPixels.count(image, darkest) / (double) PngPixels.count(image, middle), 0.2);
        assertThrows(
                IllegalArgumentException.class,
                () -> new MatrixFigure("", List.of("a"), List.of("a", "b"), new double[][] {{1}}));
    }

    private static LineChart chart() {
        return new LineChart("Loss", "epoch", "cross-entropy")
                .line("training", new double[] {0.7, 0.3, 0.1, 0.05})
                .line("validation", new double[] {0.7, 0.4, 0.2, 0.15});
    }
}
