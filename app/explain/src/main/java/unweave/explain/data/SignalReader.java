package unweave.explain.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import unweave.audio.file.SoundFiles;
import unweave.audio.file.SoundFormatException;
import unweave.audio.file.SoundStream;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplerStream;
import unweave.audio.spectral.FrontEnd;
import unweave.kernels.BadInputException;

/**
 * A sound file as the signal that a front end takes, the mean of its channels at the front end's rate, in little memory
 * however long it is. The samples are those of {@link SoundLoader#load}, bit for bit. For one thread.
 */
public final class SignalReader implements Closeable {
    /** Samples of all channels together that are read at a time. */
    private static final int BLOCK = 1 << 15;

    private final SoundStream stream;
    private final ResamplerStream resampler;
    private final int rate;
    private final float[][] block;
    private final float[] mean;
    private long position;
    private boolean ended;

    private SignalReader(SoundStream stream, FrontEnd frontEnd) {
        this.stream = stream;
        this.rate = frontEnd.sampleRate();
        this.resampler = new Resampler(stream.sampleRate(), rate, frontEnd.resampling()).stream();
        int length = Math.max(1, BLOCK / stream.channels());
        this.block = new float[stream.channels()][length];
        this.mean = new float[length];
    }

    /**
     * Opens a file.
     *
     * @throws BadInputException in one line, if it is missing or no sound
     */
    public static SignalReader open(Path file, FrontEnd frontEnd) throws IOException {
        try {
            SoundStream stream = SoundFiles.open(file);
            try {
                return new SignalReader(stream, frontEnd);
            } catch (RuntimeException e) {
                stream.close();
                throw e;
            }
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
    }

    /**
     * The next samples.
     *
     * @param target filled from {@code offset} on
     * @param count at most so many
     * @return how many; fewer than {@code count} only at the end
     * @throws BadInputException if the file turns out to be damaged
     */
    public int read(float[] target, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int made = resampler.take(target, offset + done, count - done);
            done += made;
            if (made == 0 && !feed()) {
                break;
            }
        }
        position += done;
        return done;
    }

    private boolean feed() throws IOException {
        if (ended) {
            return false;
        }
        int count;
        try {
            count = stream.read(block, mean.length);
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
        if (count <= 0) {
            ended = true;
            resampler.end();
            return true;
        }
        for (int n = 0; n < count; n++) {
            double sum = 0;
            for (float[] channel : block) {
                sum += channel[n];
            }
            mean[n] = block.length == 1 ? block[0][n] : (float) (sum / block.length);
        }
        resampler.feed(mean, count);
        return true;
    }

    /** Samples read so far, at the front end's rate. */
    public long position() {
        return position;
    }

    /** Duration of the whole in seconds; NaN where only the end will tell. */
    public double seconds() {
        return stream.frames() < 0 ? Double.NaN : (double) stream.frames() / stream.sampleRate();
    }

    /** What was wrong in the file's headers and how it was read. */
    public List<String> notes() {
        return stream.notes();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
