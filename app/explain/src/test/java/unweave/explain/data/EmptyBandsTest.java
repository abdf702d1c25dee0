package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.progress.Monitor;

class EmptyBandsTest {
    private static List<String> warnings(SpectrogramSettings settings) {
        List<String> warnings = new ArrayList<>();
        EmptyBands.warn(new LogMel(settings), new Monitor() {
            @Override
            public void warn(String line) {
                warnings.add(line);
            }
        });
        return warnings;
    }

    @Test
    void bandsBetweenTwoBinsAreNamed() {
        assertTrue(warnings(SpectrogramSettings.toy()).isEmpty());
        assertTrue(warnings(SpectrogramSettings.gtzan()).isEmpty());
        List<String> many = warnings(new SpectrogramSettings(
                16000, 16000, 400, 240, Window.HAMMING, 256, 0, 8000, 64, 1e-7, -4, ResamplingFilter.STANDARD));
        assertEquals(1, many.size());
        assertTrue(many.get(0).contains("of its 256 mel bands are narrower than a bin"), many.get(0));
        assertTrue(many.get(0).contains("(40.0 Hz)"), many.get(0));
    }
}
