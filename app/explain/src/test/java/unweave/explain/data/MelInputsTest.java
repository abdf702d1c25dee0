package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.explain.preset.Preset;

class MelInputsTest {
    private static final LogMel FRONT_END = new LogMel(SpectrogramSettings.toy());
    private static final int SIZE = 64 * 64;

    @Test
    void withoutAugmentationASampleIsTheNetworksInput() {
        float[] signal = chirp();
        assertArrayEquals(FRONT_END.logMel(signal), load(signal, Augmentation.NONE, 1));
    }

    @Test
    void aStretchedSampleIsTheLogarithmOfTheStretchedMagnitudesUnderMasks() throws java.io.IOException {
        float[] signal = chirp();
        Augmentation augmentation = Preset.of("thesis").training().augmentation();
        SeededRandom random = new SeededRandom(5);
        float[] expected = FRONT_END.logarithm(augmentation.mel(FRONT_END.mel(signal), 64, 64, random));
        augmentation.logMel(expected, 64, 64, random);
        assertArrayEquals(expected, load(signal, augmentation, 5));
        assertFalse(Arrays.equals(expected, load(signal, augmentation, 6)));
    }

    @Test
    void magnitudesHaveNoWaveformToChange() {
        assertThrows(IllegalArgumentException.class, () -> inputs(chirp(), Augmentation.GTZAN));
    }

    private static float[] load(float[] signal, Augmentation augmentation, long seed) {
        float[] target = new float[SIZE + 2];
        MelInputs inputs = inputs(signal, augmentation);
        assertEquals(1, inputs.label(0));
        inputs.load(0, seed, target, 1);
        assertEquals(0, target[0] + target[SIZE + 1]);
        return Arrays.copyOfRange(target, 1, SIZE + 1);
    }

    private static MelInputs inputs(float[] signal, Augmentation augmentation) {
        return new MelInputs(FRONT_END, new float[][] {FRONT_END.mel(signal)}, new int[] {1}, augmentation);
    }

    /** Rises from 200 Hz to 3 kHz in a second; its peak is 1. */
    private static float[] chirp() {
        float[] signal = new float[16000];
        for (int i = 0; i < signal.length; i++) {
            double t = i / 16000.0;
            signal[i] = (float) Math.sin(2 * Math.PI * (200 * t + 1400 * t * t));
        }
        signal[4000] = 1;
        return signal;
    }
}
