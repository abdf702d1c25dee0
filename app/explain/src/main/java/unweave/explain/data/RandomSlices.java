package unweave.explain.data;

import java.util.ArrayList;
import java.util.List;
import unweave.audio.augment.Augmentation;
import unweave.audio.random.SeededRandom;
import unweave.audio.spectral.LogMel;
import unweave.engine.train.TrainingData;

/**
 * Tracks for training: every visit cuts a slice at a random place, augments it, and computes its log-mel (thesis A.1).
 */
final class RandomSlices implements TrainingData {
    private static final int TRIES = 20;

    private final float[][] tracks;
    private final int[] labels;
    private final LogMel frontEnd;
    private final Augmentation augmentation;
    private final Slicing slicing;
    private final List<Range> ranges = new ArrayList<>();

    /**
     * Where the slices of one input begin.
     *
     * @param last the last place, from {@code first} on
     */
    private record Range(int track, int first, int last) {}

    /**
     * @param tracks mono signals at the front end's rate, none of them silent throughout
     * @param slicing one input for each track, or one for each hop of it
     */
    RandomSlices(float[][] tracks, int[] labels, LogMel frontEnd, Augmentation augmentation, Slicing slicing) {
        this.tracks = tracks;
        this.labels = labels;
        this.frontEnd = frontEnd;
        this.augmentation = augmentation;
        this.slicing = slicing;
        for (int track = 0; track < tracks.length; track++) {
            addRanges(track, slicing.hopSamples(frontEnd.sampleRate()));
        }
    }

    private void addRanges(int track, long hop) {
        int length = frontEnd.settings().samples();
        int last = Math.max(0, tracks[track].length - length);
        for (long first = 0; first == 0 || first < last; first += hop) {
            int end = (int) Math.min(last, first + hop);
            if (!SoundLoader.silent(tracks[track], (int) first, end - (int) first + length)) {
                ranges.add(new Range(track, (int) first, end));
            }
        }
    }

    @Override
    public int size() {
        return ranges.size();
    }

    @Override
    public int label(int index) {
        return labels[ranges.get(index).track()];
    }

    @Override
    public void load(int index, long seed, float[] target, int offset) {
        SeededRandom random = new SeededRandom(seed);
        float[] slice = normalised(slice(ranges.get(index), random));
        float[] mel = frontEnd.mel(augmentation.waveform(slice, random));
        float[] logMel = MelInputs.changed(frontEnd, mel, augmentation, random);
        System.arraycopy(logMel, 0, target, offset, logMel.length);
    }

    private float[] slice(Range range, SeededRandom random) {
        float[] track = tracks[range.track()];
        int length = frontEnd.settings().samples();
        int start = start(range, random);
        float[] slice = new float[length];
        System.arraycopy(track, start, slice, 0, Math.min(length, track.length - start));
        return slice;
    }

    /** Anywhere; where the range holds little but silence, around one of the samples that are not zero. */
    private int start(Range range, SeededRandom random) {
        float[] track = tracks[range.track()];
        int length = frontEnd.settings().samples();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int start = range.first() == range.last() ? range.first() : random.integer(range.first(), range.last());
            if (!SoundLoader.silent(track, start, length)) {
                return start;
            }
        }
        int sounding = sounding(range, random);
        return random.integer(Math.max(range.first(), sounding - length + 1), Math.min(range.last(), sounding));
    }

    /** The place of a sample that is not zero, every one as likely. */
    private int sounding(Range range, SeededRandom random) {
        float[] track = tracks[range.track()];
        int end = (int)
                Math.min(track.length, (long) range.last() + frontEnd.settings().samples());
        int count = 0;
        for (int n = range.first(); n < end; n++) {
            count += track[n] != 0 ? 1 : 0;
        }
        int left = random.integer(0, count - 1);
        int place = range.first();
        while (track[place] == 0 || left-- > 0) {
            place++;
        }
        return place;
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
        return "random slices, " + augmentation + (slicing.whole() ? ", hop " + slicing.hop() : "");
    }
}
