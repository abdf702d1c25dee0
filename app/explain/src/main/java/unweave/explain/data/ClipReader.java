package unweave.explain.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Progress;

/**
 * Reads sounds of a collection in portions, cut into clips as long as a model's input as for evaluation
 * ({@link Slices#starts}), for work on more sounds than fit in memory. The result does not depend on the number of
 * threads.
 */
public final class ClipReader {
    private final SoundCollection collection;
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final int threads;

    /** @param threads to read with, 0 for one per processor */
    public ClipReader(SoundCollection collection, FrontEnd frontEnd, int threads) {
        this.collection = collection;
        this.frontEnd = frontEnd;
        this.loader = new SoundLoader(frontEnd);
        this.threads = threads;
    }

    /**
     * A part of a sound.
     *
     * @param place of the sound in its collection
     * @param start first sample, at the model's sample rate
     */
    public record Clip(int place, int start) {}

    /**
     * Some clips as a batch.
     *
     * @param inputs clips x (mels x frames)
     */
    public record Portion(List<Clip> clips, float[] inputs) {}

    /** The clips of some sounds, in their order; silent ones are left out where the front end refuses silence. */
    public Portion read(List<Integer> places) throws IOException {
        int[][] starts = new int[places.size()][];
        float[][][] logMels = new float[places.size()][][];
        Parallel.run(places.size(), threads, Progress.none(), i -> {
            float[] track = loader.load(collection.items().get(places.get(i)).path());
            starts[i] = Slices.usableStarts(frontEnd, track);
            logMels[i] = new float[starts[i].length][];
            for (int slice = 0; slice < starts[i].length; slice++) {
                logMels[i][slice] = frontEnd.input(cut(track, starts[i][slice]));
            }
        });
        List<Clip> clips = new ArrayList<>();
        int size = frontEnd.rows() * frontEnd.columns();
        float[] inputs =
                new float[Arrays.stream(starts).mapToInt(one -> one.length).sum() * size];
        for (int i = 0; i < logMels.length; i++) {
            for (int slice = 0; slice < logMels[i].length; slice++) {
                System.arraycopy(logMels[i][slice], 0, inputs, clips.size() * size, size);
                clips.add(new Clip(places.get(i), starts[i][slice]));
            }
        }
        return new Portion(clips, inputs);
    }

    /** The clip itself, at the model's sample rate; shorter than the model's input where the sound ends before. */
    public float[] signal(Clip clip) throws IOException {
        return cut(loader.load(collection.items().get(clip.place()).path()), clip.start());
    }

    private float[] cut(float[] track, int start) {
        return Arrays.copyOfRange(track, start, Math.min(track.length, start + frontEnd.samples()));
    }
}
