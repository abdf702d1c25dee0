package unweave.audio.augment;

import java.util.Arrays;
import unweave.audio.random.SeededRandom;

/**
 * Sets one band of mel bins to 0, 1 to {@code widest} bins wide, both width and place uniform (SpecAugment, Park et al.
 * 2019).
 *
 * @param widest in mel bins
 */
public record FrequencyMask(int widest) {

    /**
     * Masks a log-mel spectrogram.
     *
     * @param logMel [mels][frames]. Modified.
     * @throws IllegalArgumentException when the widest mask has more bins than the log-mel
     */
    public void apply(float[] logMel, int mels, int frames, SeededRandom random) {
        if (widest < 1 || widest > mels) {
            throw new IllegalArgumentException(
                    "a frequency mask of up to " + widest + " mel bins does not fit into " + mels);
        }
        int width = random.integer(1, widest);
        int start = random.integer(0, mels - width);
        Arrays.fill(logMel, start * frames, (start + width) * frames, 0);
    }
}
