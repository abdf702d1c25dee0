package unweave.audio.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerStreamTest {
    @ParameterizedTest
    @CsvSource({"44100, 16000", "8000, 16000", "48000, 44100", "16000, 16000", "22050, 32000", "96001, 44099"})
    void piecesGiveTheBitsOfTheWhole(int from, int to) {
        Random random = new Random(from);
        for (int length : new int[] {1, 7, 999, 12345}) {
            float[] signal = new float[length];
            for (int n = 0; n < length; n++) {
                signal[n] = random.nextFloat() - 0.5f;
            }
            Resampler resampler = new Resampler(from, to);
            float[] whole = resampler.resample(signal);
            float[] found = new float[whole.length + 5];
            ResamplerStream stream = resampler.stream();
            int made = 0;
            for (int at = 0; at < length; ) {
                int piece = Math.min(length - at, 1 + random.nextInt(700));
                stream.feed(Arrays.copyOfRange(signal, at, at + piece), piece);
                at += piece;
                made += stream.take(found, made, random.nextBoolean() ? 1 + random.nextInt(50) : whole.length);
            }
            stream.end();
            for (int more = 1; more > 0; made += more) {
                more = stream.take(found, made, 100);
            }
            assertEquals(whole.length, made);
            assertArrayEquals(whole, Arrays.copyOf(found, made));
        }
    }

    @ParameterizedTest
    @CsvSource({"44100, 16000", "8000, 16000", "16000, 16000", "22050, 32000", "96001, 44099"})
    void aPartIsThatOfTheWholeBitForBit(int from, int to) {
        Random random = new Random(to);
        float[] signal = new float[5000];
        for (int n = 0; n < signal.length; n++) {
            signal[n] = random.nextFloat() - 0.5f;
        }
        Resampler resampler = new Resampler(from, to);
        float[] whole = resampler.resample(signal);
        for (int start : new int[] {0, 1, 10, 333, whole.length / 2, whole.length - 1, whole.length}) {
            int first = (int) Math.min(signal.length, resampler.firstInput(start));
            ResamplerStream stream = resampler.streamFrom(start);
            stream.feed(Arrays.copyOfRange(signal, first, signal.length), signal.length - first);
            stream.end();
            float[] found = new float[whole.length + 1];
            int made = stream.take(found, 0, found.length);
            assertArrayEquals(
                    Arrays.copyOfRange(whole, start, whole.length), Arrays.copyOf(found, made), "from " + start);
        }
    }

    /** A tone of 3.8 kHz in a sound of 8 kHz has an image at 4.2 kHz. */
    @Test
    void theStandardFilterLeavesNoImages() {
        float[] tone = new float[16000];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (float) Math.sin(2 * Math.PI * 3800 * n / 8000);
        }
        float[] doubled = new Resampler(8000, 16000).resample(tone);
        assertTrue(decibels(doubled, 4200, 16000) < -80, "image at " + decibels(doubled, 4200, 16000) + " dB");
        float[] high = new float[32000];
        for (int n = 0; n < high.length; n++) {
            high[n] = (float) Math.sin(2 * Math.PI * 4200 * n / 16000);
        }
        float[] halved = new Resampler(16000, 8000).resample(high);
        assertTrue(decibels(halved, 3800, 8000) < -80, "alias at " + decibels(halved, 3800, 8000) + " dB");
    }

    /** Size of a tone in the middle of a signal, a Hann window over it, against full scale. */
    private static double decibels(float[] signal, double hertz, int rate) {
        double real = 0;
        double imaginary = 0;
        double weights = 0;
        for (int n = 1000; n < signal.length - 1000; n++) {
            double w = Math.pow(Math.sin(Math.PI * (n - 1000) / (signal.length - 2000)), 2);
            real += w * signal[n] * Math.cos(2 * Math.PI * hertz * n / rate);
            imaginary += w * signal[n] * Math.sin(2 * Math.PI * hertz * n / rate);
            weights += w;
        }
        return 20 * Math.log10(2 * Math.hypot(real, imaginary) / weights);
    }
}
