package unweave.explain.data;

import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;

/**
 * Sounds in memory as mel magnitudes, for training: every visit stretches one, takes its logarithm and masks it (thesis
 * A.1).
 */
public final class MelInputs implements TrainingData {
    private final LogMel frontEnd;
    private final float[][] mels;
    private final int[] labels;
    private final Augmentation augmentation;

    /**
     * @param mels of every sound, [mels][all its frames], as {@link LogMel#mel(float[])} gives them
     * @param augmentation of which no waveform is left to change
     * @throws IllegalArgumentException if it changes waveforms
     */
    public MelInputs(LogMel frontEnd, float[][] mels, int[] labels, Augmentation augmentation) {
        if (!augmentation.steps().isEmpty()) {
            throw new IllegalArgumentException("mel magnitudes have no waveform for " + augmentation.steps());
        }
        this.frontEnd = frontEnd;
        this.mels = mels;
        this.labels = labels;
        this.augmentation = augmentation;
    }

    @Override
    public int size() {
        return mels.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void load(int index, long seed, float[] target, int offset) {
        float[] logMel = changed(frontEnd, mels[index], augmentation, new SeededRandom(seed));
        System.arraycopy(logMel, 0, target, offset, logMel.length);
    }

    /**
     * A network's input of mel magnitudes: stretched, its logarithm taken, masked.
     *
     * @param mel [mels][any number of frames]. Not modified.
     * @return [mels][frames kept]
     */
    static float[] changed(LogMel frontEnd, float[] mel, Augmentation augmentation, SeededRandom random) {
        int bands = frontEnd.settings().mels();
        int frames = frontEnd.settings().frames();
        float[] logMel = frontEnd.logarithm(augmentation.mel(mel, bands, frames, random));
        augmentation.logMel(logMel, bands, frames, random);
        return logMel;
    }

    @Override
    public String identity() {
        return "mel magnitudes, " + augmentation;
    }
}
