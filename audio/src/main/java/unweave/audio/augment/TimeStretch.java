package unweave.audio.augment;

import unweave.audio.random.SeededRandom;

/**
 * Plays a spectrogram at a speed uniform in [slowest, fastest] with its pitch kept ({@link PhaseVocoder}). A result
 * with fewer frames than wanted is placed among zeros at a random offset; one with more is cut at the end.
 *
 * <p>Mel magnitudes are stretched directly, with the same result as through the complex spectrogram: magnitudes do not
 * depend on phases, and the weighted sum over bins of magnitudes that are interpolated between two frames equals the
 * interpolated weighted sum. This avoids computing phases, and works on mel bands instead of all bins.
 */
public record TimeStretch(double slowest, double fastest) {

    /**
     * Stretches a mel spectrogram at a speed that is drawn for it.
     *
     * @param mel [mels][any number of frames]. Not modified.
     * @param frames number of frames of the result
     * @return [mels][frames]
     */
    public float[] apply(float[] mel, int mels, int frames, SeededRandom random) {
        int given = mel.length / mels;
        double rate = random.uniform(slowest, fastest);
        int kept = Math.min(frames, PhaseVocoder.stretchedFrames(given, rate));
        int offset = random.integer(0, frames - kept);
        float[] stretched = new float[mels * frames];
        float[] row = new float[given + 2]; // two frames of zeros behind
        for (int band = 0; band < mels; band++) {
            System.arraycopy(mel, band * given, row, 0, given);
            int first = band * frames + offset;
            for (int i = 0; i < kept; i++) {
                float position = PhaseVocoder.position(i, rate);
                int t = (int) position;
                double a = position - t;
                stretched[first + i] = (float) ((1 - a) * row[t] + a * row[t + 1]);
            }
        }
        return stretched;
    }
}
