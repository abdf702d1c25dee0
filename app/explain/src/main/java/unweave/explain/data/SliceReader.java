package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.audio.spectral.FrontEnd;
import unweave.kernels.BadInputException;

/**
 * Makes network inputs of a recording of any length, in memory for its inputs and one slice, or for its first 29 s
 * where no hop is given. Several threads may use one instance.
 */
final class SliceReader {
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final Slicing slicing;

    SliceReader(FrontEnd frontEnd, SoundLoader loader, Slicing slicing) {
        this.frontEnd = frontEnd;
        this.loader = loader;
        this.slicing = slicing;
    }

    /** What a recording gave. */
    static final class Cut {
        /** First sample of each slice, at the front end's rate. */
        final List<Long> starts = new ArrayList<>();
        /** The network's input of each slice. */
        final List<float[]> inputs = new ArrayList<>();
        /** Slices that are left out, since they hold only zeros. */
        int silent;
        /** Whether the recording is shorter than an input. */
        boolean padded;
        /** Whether the recording goes on behind the part that slices are taken of. */
        boolean cutShort;
        /** What was wrong in the file and how it was read. */
        List<String> notes = List.of();
    }

    /**
     * Reads a recording.
     *
     * @return with at least one slice
     * @throws BadInputException if the file is missing, no sound, or damaged as far as it is read; or silent throughout
     *     where the front end refuses silence
     */
    Cut read(Path file) throws IOException {
        Cut cut = new Cut();
        try (SignalReader reader = loader.open(file)) {
            if (slicing.whole()) {
                everyHop(reader, cut);
            } else {
                ten(reader, cut);
            }
            cut.notes = reader.notes();
        }
        if (cut.inputs.isEmpty()) {
            firstSound(file, cut);
        }
        return cut;
    }

    private void ten(SignalReader reader, Cut cut) throws IOException {
        float[] track = new float[Slices.longest(frontEnd.samples(), frontEnd.sampleRate())];
        int length = reader.read(track, 0, track.length);
        cut.padded = length < frontEnd.samples();
        cut.cutShort = length == track.length && reader.skip(1) == 1;
        for (int start : Slices.starts(length, frontEnd.samples(), frontEnd.sampleRate())) {
            add(cut, start, Arrays.copyOfRange(track, start, Math.min(length, start + frontEnd.samples())));
        }
    }

    /** The last slice ends where the recording does, so that all of it is used. */
    private void everyHop(SignalReader reader, Cut cut) throws IOException {
        long hop = slicing.hopSamples(frontEnd.sampleRate());
        float[] slice = new float[frontEnd.samples()];
        int count = reader.read(slice, 0, slice.length);
        cut.padded = count < slice.length;
        add(cut, 0, Arrays.copyOf(slice, count));
        float[] fresh = new float[(int) Math.min(hop, slice.length)];
        long start = 0;
        while (!cut.padded) {
            reader.skip(hop - fresh.length);
            int read = reader.read(fresh, 0, fresh.length);
            if (read == 0 || (read < fresh.length && hop > slice.length)) {
                return;
            }
            System.arraycopy(slice, read, slice, 0, slice.length - read);
            System.arraycopy(fresh, 0, slice, slice.length - read, read);
            start += read < fresh.length ? read : hop;
            add(cut, start, slice.clone());
        }
    }

    /** So that no sound is lost for lying between the slices or behind them, there is one that begins with it. */
    private void firstSound(Path file, Cut cut) throws IOException {
        try (SignalReader reader = loader.open(file)) {
            float[] slice = new float[frontEnd.samples()];
            for (int count; (count = reader.read(slice, 0, slice.length)) > 0; ) {
                int first = 0;
                while (first < count && slice[first] == 0) {
                    first++;
                }
                if (first < count) {
                    long start = reader.position() - count + first;
                    System.arraycopy(slice, first, slice, 0, count - first);
                    int more = reader.read(slice, count - first, slice.length - (count - first));
                    float[] own = Arrays.copyOf(slice, count - first + more);
                    if (!frontEnd.hears(own)) {
                        throw new BadInputException(
                                file + ": holds only samples that are zero or all the same; there is "
                                        + "nothing to learn or explain");
                    }
                    add(cut, start, own);
                    return;
                }
            }
            throw reader.silence(file.toString());
        }
    }

    private void add(Cut cut, long start, float[] slice) {
        if (!frontEnd.hears(slice)) {
            cut.silent++;
            return;
        }
        cut.starts.add(start);
        cut.inputs.add(frontEnd.input(slice));
    }
}
