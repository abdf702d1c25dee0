package unweave.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WaveformChartTest {
    @Test
    void everyColumnKeepsItsSmallestAndLargestSample() {
        float[] signal = {0, 1, 5, -2, 3, 3, 4, -7, 0, 0, 0, 9};
        assertArrayEquals(new int[] {0, 2, 3, 6, 7, 8, 11}, WaveformChart.extremes(signal, 3));
        assertArrayEquals(new int[] {0, 1, 2}, WaveformChart.extremes(new float[] {1, 2, 3}, 100), "fewer samples");
    }

    /** One loud sample among 160,000 must not be lost. */
    @Test
    void aSingleClickIsDrawn() throws IOException {
        float[] signal = new float[160_000];
        int silence = dark(signal);
        signal[77_777] = 1;
        assertTrue(dark(signal) > silence + 50, silence + " pixels without the click, with it " + dark(signal));
    }

    private static int dark(float[] signal) throws IOException {
        BufferedImage image =
                PngPixels.read(WaveformChart.of("", signal, 16000, 1, 300, 200).toPng());
        assertEquals(600, image.getWidth());
        int blue = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = PngPixels.at(image, x, y);
                blue += (rgb & 0xff) > (rgb >> 16 & 0xff) + 40 ? 1 : 0;
            }
        }
        return blue;
    }
}
