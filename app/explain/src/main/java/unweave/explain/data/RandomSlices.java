package unweave.explain.data;

import java.nio.file.Path;
import java.util.List;
import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;
import unweave.kernels.BadInputException;

/**
 * Tracks for training: every visit cuts a slice at a random place, augments it, and computes its log-mel (thesis A.1).
 */
final class RandomSlices implements TrainingData {
    private static final int TRIES = 20;

    private final List<Path> files;
    private final float[][] tracks;
    private final int[] labels;
    private final LogMel frontEnd;
    private final Augmentation augmentation;

    /** @param tracks mono signals at the front end's rate */
    RandomSlices(List<Path> files, float[][] tracks, int[] labels, LogMel frontEnd, Augmentation augmentation) {
        this.files = files;
        this.tracks = tracks;
        this.labels = labels;
        this.frontEnd = frontEnd;
        this.augmentation = augmentation;
    }

    @Override
    public int size() {
        return tracks.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void load(int index, long seed, float[] target, int offset) {
        SeededRandom random = new SeededRandom(seed);
        float[] slice = normalised(slice(index, random));
        float[] mel = frontEnd.mel(augmentation.waveform(slice, random));
        float[] logMel = MelInputs.changed(frontEnd, mel, augmentation, random);
        System.arraycopy(logMel, 0, target, offset, logMel.length);
    }

    private float[] slice(int index, SeededRandom random) {
        float[] track = tracks[index];
        int length = frontEnd.settings().samples();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int start = track.length <= length ? 0 : random.integer(0, track.length - length);
            if (!SoundLoader.silent(track, start, length)) {
                float[] slice = new float[length];
                System.arraycopy(track, start, slice, 0, Math.min(length, track.length - start));
                return slice;
            }
        }
        throw new BadInputException(
                files.get(index) + ": found only silence at " + TRIES + " random places; remove the file");
    }

    /** Peak normalisation (thesis A.1). */
    private static float[] normalised(float[] slice) {
        float peak = 0;
        for (float value : slice) {
            peak = Math.max(peak, Math.abs(value));
        }
        for (int i = 0; i < slice.length; i++) {
            slice[i] /= peak;
        }
        return slice;
    }

    @Override
    public String identity() {
        return "random slices, " + augmentation;
    }
}
