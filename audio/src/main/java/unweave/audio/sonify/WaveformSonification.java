package unweave.audio.sonify;

import unweave.audio.spectral.FrontEnd;

/**
 * Makes relevance on samples audible:
 *
 * <pre>
 *   e = G * max(0, R),    x_k[n] = x[n] e[n] / max e
 * </pre>
 *
 * G is a Gaussian of 5 ms standard deviation, cut at three of them: relevance alternates from sample to sample, and an
 * envelope that did so would be heard as noise.
 */
public final class WaveformSonification implements RelevanceSound {
    private static final double SIGMA_SECONDS = 0.005;

    private final double[] kernel;

    /** @param sampleRate of the sounds, in Hz */
    public WaveformSonification(int sampleRate) {
        double sigma = SIGMA_SECONDS * sampleRate;
        int radius = (int) Math.ceil(3 * sigma);
        kernel = new double[2 * radius + 1];
        for (int k = 0; k < kernel.length; k++) {
            double distance = (k - radius) / sigma;
            kernel[k] = Math.exp(-distance * distance / 2);
        }
    }

    @Override
    public float[] sound(FrontEnd.Analysis original, float[] relevance) {
        float[] signal = original.signal();
        if (relevance.length != signal.length) {
            throw new IllegalArgumentException(
                    "relevance of " + relevance.length + " samples: the sound has " + signal.length);
        }
        double[] envelope = envelope(relevance);
        double largest = 0;
        for (double value : envelope) {
            largest = Math.max(largest, value);
        }
        float[] sound = new float[signal.length];
        for (int n = 0; n < sound.length && largest > 0; n++) {
            sound[n] = (float) (signal[n] * envelope[n] / largest);
        }
        Loudness.match(sound, signal);
        return sound;
    }

    private double[] envelope(float[] relevance) {
        double[] envelope = new double[relevance.length];
        int radius = kernel.length / 2;
        for (int n = 0; n < relevance.length; n++) {
            if (!Float.isFinite(relevance[n])) {
                throw new IllegalArgumentException(
                        "relevance of sample " + n + " is " + relevance[n] + ": every value must be a finite number");
            }
            if (relevance[n] > 0) {
                int end = Math.min(relevance.length, n + radius + 1);
                for (int s = Math.max(0, n - radius); s < end; s++) {
                    envelope[s] += relevance[n] * kernel[s - n + radius];
                }
            }
        }
        return envelope;
    }
}
