package unweave.audio.augment;

import unweave.audio.random.SeededRandom;

/** A random change of a waveform that leaves its length and its label as they are. */
public interface WaveformAugmentation {

    /**
     * Changes a copy of a signal.
     *
     * @param signal mono. Not modified.
     * @param random where the parameters are drawn from
     * @return a new array of the same length
     */
    float[] apply(float[] signal, SeededRandom random);
}
