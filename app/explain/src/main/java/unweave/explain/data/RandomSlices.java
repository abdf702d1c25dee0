package unweave.explain.data;

import java.io.IOException;
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

    private final SignalStore.Signal[] tracks;
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
    RandomSlices(SignalStore.Signal[] tracks, int[] labels, LogMel frontEnd, Augmentation augmentation, Slicing slicing)
            throws IOException {
        this.tracks = tracks;
        this.labels = labels;
        this.frontEnd = frontEnd;
        this.augmentation = augmentation;
        this.slicing = slicing;
        for (int track = 0; track < tracks.length; track++) {
            addRanges(track, slicing.hopSamples(frontEnd.sampleRate()));
        }
    }

    private void addRanges(int track, long hop) throws IOException {
        int length = frontEnd.settings().samples();
        int last = Math.max(0, tracks[track].length() - length);
        for (long first = 0; first == 0 || first < last; first += hop) {
            int end = (int) Math.min(last, first + hop);
            if (!tracks[track].silent((int) first, (long) end + length)) {
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
    public void load(int index, long seed, float[] target, int offset) throws IOException {
        SeededRandom random = new SeededRandom(seed);
        float[] slice = normalised(slice(ranges.get(index), random));
        float[] mel = frontEnd.mel(augmentation.waveform(slice, random));
        float[] logMel = MelInputs.changed(frontEnd, mel, augmentation, random);
        System.arraycopy(logMel, 0, target, offset, logMel.length);
    }

    /** Anywhere; where the range holds little but silence, around one of the samples that are not zero. */
    private float[] slice(Range range, SeededRandom random) throws IOException {
        SignalStore.Signal track = tracks[range.track()];
        int length = frontEnd.settings().samples();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int start = range.first() == range.last() ? range.first() : random.integer(range.first(), range.last());
            float[] slice = track.part(start, length);
            if (!SoundLoader.silent(slice, 0, length)) {
                return slice;
            }
        }
        long end = (long) range.last() + length;
        // Every sample that is not zero is as likely.
        int number = random.integer(0, track.sounding(range.first(), end) - 1);
        int sounding = track.sounding(range.first(), end, number);
        int start = random.integer(Math.max(range.first(), sounding - length + 1), Math.min(range.last(), sounding));
        return track.part(start, length);
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
