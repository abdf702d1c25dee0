package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.spectral.LogMel;
import unweave.explain.preset.Preset;

/** What files of other rates become on their way to a network at 16 kHz. */
class ResampledFilesTest {
    private static final int RATE = 16_000;

    @TempDir
    private Path folder;

    private Path tone(double hertz, int rate) throws IOException {
        float[] tone = new float[4 * rate];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (float) Math.sin(2 * Math.PI * hertz * n / rate);
        }
        Path file = folder.resolve("tone.wav");
        SoundFiles.write(file, Sound.ofMono(tone, rate), SampleFormat.FLOAT_32);
        return file;
    }

    /** Level of a frequency in two seconds from the middle under a Hann window, in dB of a tone with amplitude 1. */
    private static double level(float[] signal, double hertz) {
        double re = 0;
        double im = 0;
        for (int n = 0; n < 2 * RATE; n++) {
            double window = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / (2 * RATE));
            re += window * signal[RATE + n] * Math.cos(2 * Math.PI * hertz * n / RATE);
            im += window * signal[RATE + n] * Math.sin(2 * Math.PI * hertz * n / RATE);
        }
        return 20 * Math.log10(Math.hypot(re, im) / (RATE / 2.0));
    }

    /** A tone of 3.8 kHz in a file of 8 kHz has its image at 4.2 kHz; what is above 8 kHz in others folds back. */
    @ParameterizedTest
    @CsvSource({
        "8000, 3800, 4200",
        "8000, 1000, 7000",
        "11025, 5200, 5825",
        "22050, 8500, 7500",
        "44100, 9000, 7000",
        "48000, 15000, 1000"
    })
    void imagesAndAliasesAreBelow80Decibels(int rate, double hertz, double image) throws IOException {
        float[] signal = new SoundLoader(RATE).load(tone(hertz, rate));
        assertTrue(level(signal, image) < -80, level(signal, image) + " dB at " + image + " Hz");
        if (hertz < RATE / 2.0 && hertz < rate / 2.0 * 0.8) {
            assertEquals(0, level(signal, hertz), 0.1);
        }
    }

    /** Networks of these presets were trained behind torchaudio's filter, and their numbers stay what they are. */
    @ParameterizedTest
    @ValueSource(strings = {"toy", "gtzan", "thesis", "thesis-code"})
    void presetsThatAskForTorchaudiosFilterKeepItsImages(String preset) throws IOException {
        LogMel frontEnd = new LogMel(Preset.of(preset).spectrogram());
        float[] signal = new SoundLoader(frontEnd).load(tone(3800, 8000));
        assertEquals(-9.8, level(signal, 4200), 0.15);
    }
}
