package unweave.audio.augment;

import unweave.audio.random.SeededRandom;

/**
 * y = x 10^(g / 20), g uniform in [lowest, highest] dB. Nothing is clipped.
 *
 * @param lowest in dB
 * @param highest in dB
 */
public record Gain(double lowest, double highest) implements WaveformAugmentation {

    @Override
    public float[] apply(float[] signal, SeededRandom random) {
        double factor = StrictMath.pow(10, random.uniform(lowest, highest) / 20);
        float[] louder = new float[signal.length];
        for (int n = 0; n < signal.length; n++) {
            louder[n] = (float) (signal[n] * factor);
        }
        return louder;
    }
}
