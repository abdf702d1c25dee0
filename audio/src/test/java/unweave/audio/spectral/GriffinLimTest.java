package unweave.audio.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GriffinLimTest {
    private static final Stft STFT = new Stft(128, 32, Window.HANN);
    private static final float[] SIGNAL = chirp(32 * 60);
    private static final float[] MAGNITUDE = STFT.forward(SIGNAL).magnitude();

    @Test
    void theRightPhasesGiveTheSignal() {
        ComplexSpectrogram spectrogram = STFT.forward(SIGNAL);
        assertArrayEquals(SIGNAL, new GriffinLim(STFT, 0, 0).signal(MAGNITUDE, spectrogram), 1e-5f);
        assertArrayEquals(SIGNAL, new GriffinLim(STFT, 20, 0.99).signal(MAGNITUDE, spectrogram), 1e-3f);
    }

    @Test
    void withoutMomentumTheDistanceNeverGrows() {
        double before = Double.POSITIVE_INFINITY;
        for (int iterations : new int[] {0, 1, 2, 4, 8, 16, 32}) {
            double distance = distance(new GriffinLim(STFT, iterations, 0).signal(MAGNITUDE, 5));
            assertTrue(distance <= before * 1.0001, iterations + " iterations: " + distance + " after " + before);
            before = distance;
        }
        assertTrue(before < 0.4, "relative distance " + before);
    }

    @Test
    void momentumComesCloser() {
        double plain = distance(new GriffinLim(STFT, 60, 0).signal(MAGNITUDE, 5));
        double fast = distance(new GriffinLim(STFT, 60, 0.99).signal(MAGNITUDE, 5));
        assertTrue(fast < plain, fast + " with, " + plain + " without");
    }

    @Test
    void theSeedDecidesTheSignal() {
        GriffinLim griffinLim = new GriffinLim(STFT);
        assertArrayEquals(griffinLim.signal(MAGNITUDE, 1), griffinLim.signal(MAGNITUDE, 1));
        assertFalse(Arrays.equals(griffinLim.signal(MAGNITUDE, 1), griffinLim.signal(MAGNITUDE, 2)));
    }

    @Test
    void silenceStaysSilent() {
        assertArrayEquals(new float[32 * 60], new GriffinLim(STFT).signal(new float[MAGNITUDE.length], 1));
    }

    @Test
    void refusesOtherSizes() {
        assertThrows(
                IllegalArgumentException.class, () -> new GriffinLim(STFT).signal(new float[MAGNITUDE.length + 1], 1));
        assertThrows(IllegalArgumentException.class, () -> new GriffinLim(STFT, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new GriffinLim(STFT, 1, -0.5));
    }

    /** Distance of the signal's own magnitudes from those wanted, relative to their length. */
    private static double distance(float[] signal) {
        float[] magnitude = STFT.forward(signal).magnitude();
        double error = 0;
        double size = 0;
        for (int i = 0; i < magnitude.length; i++) {
            error += Math.pow(magnitude[i] - MAGNITUDE[i], 2);
            size += Math.pow(MAGNITUDE[i], 2);
        }
        return Math.sqrt(error / size);
    }

    private static float[] chirp(int samples) {
        float[] signal = new float[samples];
        for (int s = 0; s < samples; s++) {
            signal[s] = (float) (Math.sin(0.1 * s + 0.0004 * s * s) * (0.6 + 0.4 * Math.sin(0.02 * s)));
        }
        return signal;
    }
}
