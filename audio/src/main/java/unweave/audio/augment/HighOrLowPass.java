package unweave.audio.augment;

import unweave.audio.random.SeededRandom;

/**
 * A high-pass or, as often, a low-pass {@link Biquad} of Q 0.707, its cutoff uniform in a range of its own. All in Hz.
 *
 * @param sampleRate of the signals
 * @param lowestHighPass lowest cutoff of the high-pass
 * @param highestHighPass highest cutoff of the high-pass
 * @param lowestLowPass lowest cutoff of the low-pass
 * @param highestLowPass highest cutoff of the low-pass, below half the sample rate
 */
public record HighOrLowPass(
        int sampleRate, double lowestHighPass, double highestHighPass, double lowestLowPass, double highestLowPass)
        implements WaveformAugmentation {

    @Override
    public float[] apply(float[] signal, SeededRandom random) {
        Biquad filter = random.chance(0.5)
                ? Biquad.highPass(random.uniform(lowestHighPass, highestHighPass), sampleRate, Biquad.BUTTERWORTH)
                : Biquad.lowPass(random.uniform(lowestLowPass, highestLowPass), sampleRate, Biquad.BUTTERWORTH);
        return filter.filter(signal);
    }
}
