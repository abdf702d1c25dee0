package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import unweave.explain.TimeFrequencyAxes;

class MapSvgTest {
    private static MapPanel panel(float[][] values, double limit, String unit) {
        double[] hertz = {100, 200, 300};
        return new MapPanel(
                "title",
                "subtitle",
                values,
                new TimeFrequencyAxes(hertz, values[0].length, 0.1),
                ColourRange.symmetric(limit, 1, unit));
    }

    /** The pixels of the map, which is the first picture. */
    private static BufferedImage map(String svg) throws IOException {
        Matcher png = Pattern.compile("href=\"data:image/png;base64,([^\"]+)\"").matcher(svg);
        assertTrue(png.find());
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png.group(1))));
    }

    @Test
    void hasOnePixelForEachCellInTheColoursOfItsScale() throws IOException {
        BufferedImage map = map(panel(new float[][] {{1, 0}, {0, 0.5f}, {-1, 0}}, 1, "relevance")
                .toSvg());
        assertEquals(2, map.getWidth());
        assertEquals(3, map.getHeight());
        assertEquals(0xa8001c, map.getRGB(0, 2) & 0xffffff, "the lowest row is at the bottom");
        assertEquals(ColourScale.DIVERGING.rgb(0.75), map.getRGB(1, 1) & 0xffffff);
        assertEquals(0x053a8c, map.getRGB(0, 0) & 0xffffff);
        assertEquals(0xffffff, map.getRGB(0, 1) & 0xffffff, "0 has its own colour");
    }

    @Test
    void isWellFormedWhateverItsUnit() throws Exception {
        String svg = panel(new float[3][40], 3e-6, "a < b & \"c\" (10^{-3}) log_{10}")
                .toSvg();
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        String text = factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement()
                .getTextContent();
        assertTrue(
                text.contains("a < b & \"c\"") && text.contains("frequency (Hz)") && text.contains("time (s)"), text);
        assertFalse(text.contains("^") || text.contains("_{"), text);
        assertFalse(svg.contains("style="), "the policy of pages allows none");
    }

    @Test
    void isMuchSmallerThanAPicture() {
        ExampleMaps maps = new ExampleMaps(1);
        MapPanel panel = MapPanel.relevance("standard", maps.standard, ExampleMaps.axes(), 1, 1);
        assertTrue(2 * panel.toSvg().length() < panel.toPng().length);
    }

    /** Where there are more cells than pixels, blocks of them share one. */
    @Test
    void largeMapsHaveNoMorePixelsThanAScreen() throws IOException {
        BufferedImage map = map(panel(new float[3][5000], 1, "relevance").toSvg());
        assertEquals(384, map.getWidth());
    }
}
