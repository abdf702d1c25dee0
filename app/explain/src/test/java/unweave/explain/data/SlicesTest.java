package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.SignalSettings;
import unweave.audio.spectral.WaveformFrontEnd;

class SlicesTest {
    private static final int RATE = 16000;

    @Test
    void aTrackOf30SecondsGivesTenSlicesAtAStrideOf2Point8Seconds() {
        int[] starts = Slices.starts(30 * RATE, 3 * RATE, RATE);
        assertEquals(10, starts.length);
        for (int i = 0; i < starts.length; i++) {
            assertEquals(i * 28 * RATE / 10, starts[i]);
        }
    }

    @Test
    void theLastSliceOfATrackOf29SecondsEndsInsideIt() {
        int[] starts = Slices.starts(29 * RATE, 3 * RATE, RATE);
        assertEquals(10, starts.length);
        assertTrue(starts[9] + 3 * RATE <= 29 * RATE);
    }

    @Test
    void aShortSoundIsOneSlice() {
        assertArrayEquals(new int[] {0}, Slices.starts(RATE / 2, RATE, RATE));
        assertArrayEquals(new int[] {0}, Slices.starts(RATE, RATE, RATE));
        assertArrayEquals(new int[] {0}, Slices.starts(RATE, 3 * RATE, RATE));
    }

    @Test
    void silentSlicesAreLeftOut() {
        float[] track = new float[10 * RATE]; // slices of 3 s, 0.7 s apart
        track[4 * RATE] = 0.1f;
        FrontEnd refuses = waveform(SignalSettings.Normalisation.PEAK);
        assertArrayEquals(
                new int[] {14 * RATE / 10, 21 * RATE / 10, 28 * RATE / 10, 35 * RATE / 10},
                Slices.usableStarts(refuses, track));
        assertEquals(0, Slices.usableStarts(refuses, new float[RATE]).length);
        FrontEnd accepts = waveform(SignalSettings.Normalisation.NONE);
        assertEquals(10, Slices.usableStarts(accepts, track).length);
        assertEquals(1, Slices.usableStarts(accepts, new float[RATE]).length);
    }

    private static FrontEnd waveform(SignalSettings.Normalisation normalisation) {
        return new WaveformFrontEnd(
                new SignalSettings(
                        RATE, 3 * RATE, SignalSettings.Place.START, normalisation, 1, ResamplingFilter.TORCHAUDIO),
                0,
                1);
    }

    @Test
    void slicesOfAShorterTrackMoveCloserTogetherAndStayInside() {
        int[] starts = Slices.starts(10 * RATE, 3 * RATE, RATE);
        assertEquals(7 * RATE / 10, starts[1]);
        assertTrue(starts[9] + 3 * RATE <= 10 * RATE);
    }
}
