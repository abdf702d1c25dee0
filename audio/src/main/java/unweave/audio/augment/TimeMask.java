package unweave.audio.augment;

import java.util.Arrays;
import unweave.audio.random.SeededRandom;

/**
 * Sets one stretch of frames to 0, 1 to {@code widest} frames wide, both width and place uniform (SpecAugment, Park et
 * al. 2019).
 *
 * @param widest in frames
 */
public record TimeMask(int widest) {

    /**
     * Masks a log-mel spectrogram.
     *
     * @param logMel [mels][frames]. Modified.
     * @throws IllegalArgumentException when the widest mask has more frames than the log-mel
     */
    public void apply(float[] logMel, int mels, int frames, SeededRandom random) {
        if (widest < 1 || widest > frames) {
            throw new IllegalArgumentException(
                    "a time mask of up to " + widest + " frames does not fit into " + frames);
        }
        int width = random.integer(1, widest);
        int start = random.integer(0, frames - width);
        for (int mel = 0; mel < mels; mel++) {
            Arrays.fill(logMel, mel * frames + start, mel * frames + start + width, 0);
        }
    }
}
