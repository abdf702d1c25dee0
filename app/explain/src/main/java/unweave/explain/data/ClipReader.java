package unweave.explain.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;

/**
 * Reads sounds of a collection in portions, cut into clips as long as a model's input, for work on more sounds than fit
 * in memory. The result does not depend on the number of threads.
 */
public final class ClipReader {
    private final SoundCollection collection;
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final SliceReader slices;
    private final int threads;
    private SliceRemarks remarks = new SliceRemarks();

    /** @param threads to read with, 0 for one per processor */
    public ClipReader(SoundCollection collection, FrontEnd frontEnd, Slicing slicing, int threads) {
        this.collection = collection;
        this.frontEnd = frontEnd;
        this.loader = new SoundLoader(frontEnd);
        this.slices = new SliceReader(frontEnd, loader, slicing);
        this.threads = threads;
    }

    /**
     * A part of a sound.
     *
     * @param place of the sound in its collection
     * @param start first sample, at the model's sample rate
     */
    public record Clip(int place, long start) {}

    /**
     * Some clips as a batch.
     *
     * @param inputs clips x (mels x frames)
     */
    public record Portion(List<Clip> clips, float[] inputs) {}

    /** The clips of some sounds, in their order; silent ones are left out where the front end refuses silence. */
    public Portion read(List<Integer> places) throws IOException {
        SliceReader.Cut[] cuts = new SliceReader.Cut[places.size()];
        Parallel.run(
                cuts.length,
                threads,
                Progress.none(),
                i -> cuts[i] = slices.read(collection.items().get(places.get(i)).path()));
        Arrays.stream(cuts).forEach(remarks::add);
        List<Clip> clips = new ArrayList<>();
        int size = frontEnd.rows() * frontEnd.columns();
        float[] inputs =
                new float[Arrays.stream(cuts).mapToInt(cut -> cut.starts.size()).sum() * size];
        for (int i = 0; i < cuts.length; i++) {
            for (int slice = 0; slice < cuts[i].starts.size(); slice++) {
                System.arraycopy(cuts[i].inputs.get(slice), 0, inputs, clips.size() * size, size);
                clips.add(new Clip(places.get(i), cuts[i].starts.get(slice)));
            }
        }
        return new Portion(clips, inputs);
    }

    /** Tells what a user should know of the sounds that were read since it was told the last time. */
    public void tell(String task, Monitor monitor) {
        remarks.tell(task, SliceRemarks.TEN_SLICES, collection, frontEnd, monitor);
        remarks = new SliceRemarks();
    }

    /** The clip itself, at the model's sample rate; shorter than the model's input where the sound ends before. */
    public float[] signal(Clip clip) throws IOException {
        try (SignalReader reader =
                loader.open(collection.items().get(clip.place()).path())) {
            reader.skip(clip.start());
            float[] signal = new float[frontEnd.samples()];
            return Arrays.copyOf(signal, reader.read(signal, 0, signal.length));
        }
    }
}
