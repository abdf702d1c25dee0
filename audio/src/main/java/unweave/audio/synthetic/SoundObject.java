package unweave.audio.synthetic;

import java.util.Arrays;
import unweave.audio.random.SeededRandom;

/**
 * One kind of sound that tells a class. Its carrier has a frequency from a range and an amplitude uniform in [0.6, 1].
 *
 * @param lowest lowest carrier frequency in Hz
 * @param highest highest carrier frequency in Hz
 * @param slowest lowest frequency of the modulation in Hz
 * @param fastest highest frequency of the modulation in Hz
 * @param shape the signal as a function of the carrier
 */
record SoundObject(String name, int lowest, int highest, int slowest, int fastest, Shape shape) {

    /** Makes the signal of an object from its carrier. */
    interface Shape {
        /**
         * Fills a signal.
         *
         * @param kind what is drawn, with the range of its modulation
         * @param carrier the carrier's frequency and phase
         * @param amplitude the carrier's amplitude
         * @param signal N zeros, to be filled
         * @param random for the parameters of the shape
         */
        void fill(SoundObject kind, Sinusoid carrier, float amplitude, float[] signal, SeededRandom random);
    }

    /** Draws a carrier and a shape; returns the N samples. */
    float[] draw(SeededRandom random) {
        float[] signal = new float[Sinusoid.N];
        draw(random, signal);
        return signal;
    }

    /** As {@link #draw(SeededRandom)}, into N samples that are overwritten. */
    void draw(SeededRandom random, float[] signal) {
        Arrays.fill(signal, 0);
        Sinusoid carrier = Sinusoid.draw(lowest, highest, random);
        shape.fill(this, carrier, (float) random.uniform(0.6, 1), signal, random);
    }

    /** Whether a frequency in Hz lies within {@code distance} of the carrier's range. */
    boolean isNear(int frequency, int distance) {
        return frequency >= lowest - distance && frequency <= highest + distance;
    }
}
