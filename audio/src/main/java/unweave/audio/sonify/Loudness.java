package unweave.audio.sonify;

/** Gives the sound of a relevance map the loudness of its original (Harck 2024, Eq. 3.19). */
final class Loudness {
    private Loudness() {}

    /**
     * Scales a sound to the original's root mean square and clamps it to the original's peak; silence stays silent.
     *
     * @param sound modified
     * @param original not modified
     */
    static void match(float[] sound, float[] original) {
        double loudness = rootMeanSquare(sound);
        if (loudness == 0) {
            return;
        }
        float limit = peak(original);
        double gain = rootMeanSquare(original) / loudness;
        for (int s = 0; s < sound.length; s++) {
            double value = gain * sound[s];
            sound[s] = value > limit ? limit : value < -limit ? -limit : (float) value;
        }
    }

    static float peak(float[] signal) {
        float peak = 0;
        for (float value : signal) {
            float size = Math.abs(value);
            if (size > peak) {
                peak = size;
            }
        }
        return peak;
    }

    private static double rootMeanSquare(float[] signal) {
        double sum = 0;
        for (float value : signal) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / signal.length);
    }
}
