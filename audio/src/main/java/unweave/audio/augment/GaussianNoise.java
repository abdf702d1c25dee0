package unweave.audio.augment;

import unweave.audio.random.SeededRandom;

/**
 * y = x + r s e, with s the standard deviation of x, e standard normal and independent for each sample, r uniform in
 * [weakest, strongest].
 */
public record GaussianNoise(double weakest, double strongest) implements WaveformAugmentation {

    @Override
    public float[] apply(float[] signal, SeededRandom random) {
        double strength = random.uniform(weakest, strongest) * standardDeviation(signal);
        float[] noisy = new float[signal.length];
        for (int n = 0; n < signal.length; n++) {
            noisy[n] = (float) (signal[n] + strength * random.gaussian());
        }
        return noisy;
    }

    private static double standardDeviation(float[] signal) {
        double sum = 0;
        double squares = 0;
        for (float x : signal) {
            sum += x;
            squares += (double) x * x;
        }
        double mean = sum / signal.length;
        return Math.sqrt(Math.max(0, squares / signal.length - mean * mean));
    }
}
