package unweave.explain.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import unweave.audio.file.SoundFiles;
import unweave.audio.file.SoundFormatException;
import unweave.audio.file.SoundStream;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplerStream;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/**
 * A sound file as the signal that a front end takes, the mean of its channels at the front end's rate, in little memory
 * however long it is. The samples are those of {@link SoundLoader#load}, bit for bit. For one thread.
 */
public final class SignalReader implements Closeable {
    /** Samples of all channels together that are read at a time. */
    private static final int BLOCK = 1 << 15;
    /** The longest array that every JVM can make. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;
    /** Samples to make room for because a header promises them; more come as they are read. */
    private static final int LARGEST_GUESS = 1 << 24;

    private final SoundStream stream;
    private final Resampler whole;
    private ResamplerStream resampler;
    private final int rate;
    private final float[][] block;
    private final float[] mean;
    private final ChannelBalance balance = new ChannelBalance();
    private long fileSamples;
    private long position;
    private boolean ended;

    private SignalReader(SoundStream stream, int rate, Resampler resampler) {
        this.stream = stream;
        this.rate = rate;
        this.whole = resampler;
        this.resampler = resampler.stream();
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
        int rate = frontEnd.sampleRate();
        return open(file, rate, from -> new Resampler(from, rate, frontEnd.resampling()));
    }

    /** @param resamplers to {@code rate}, by the rate of the file */
    static SignalReader open(Path file, int rate, IntFunction<Resampler> resamplers) throws IOException {
        try {
            SoundStream stream = SoundFiles.open(file);
            try {
                return new SignalReader(stream, rate, resamplers.apply(stream.sampleRate()));
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
        fileSamples += count;
        if (block.length > 1) {
            balance.add(block, count);
        }
        return true;
    }

    /**
     * Goes on by some samples without giving them out; from the beginning, without resampling them either, and without
     * decoding them where the format allows it.
     *
     * @return how many were skipped, fewer than asked for only where the sound ends
     */
    public long skip(long samples) throws IOException {
        if (position == 0 && fileSamples == 0 && !endsBefore(samples)) {
            return skipInFile(samples);
        }
        float[] unused = new float[(int) Math.min(samples, BLOCK)];
        long skipped = 0;
        while (skipped < samples) {
            int read = read(unused, 0, (int) Math.min(samples - skipped, unused.length));
            if (read == 0) {
                return skipped;
            }
            skipped += read;
        }
        return skipped;
    }

    /** Whether it is known to; its end is then looked for sample by sample. */
    private boolean endsBefore(long samples) {
        return stream.frames() >= 0 && whole.outputLength(stream.frames()) < samples;
    }

    private long skipInFile(long samples) throws IOException {
        long wanted = whole.firstInput(samples);
        long skipped;
        try {
            skipped = stream.skip(wanted);
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
        position = skipped < wanted ? whole.outputLength(skipped) : samples;
        resampler = whole.streamFrom(position);
        return position;
    }

    /**
     * All samples that are left.
     *
     * @throws BadInputException if they are too many for an array
     */
    float[] rest() throws IOException {
        double expected = Double.isNaN(seconds()) ? 0 : seconds() * rate - position;
        float[] samples = new float[(int) Math.max(BLOCK, Math.min(expected + 1, LARGEST_GUESS))];
        int count = 0;
        for (int read; (read = read(samples, count, samples.length - count)) > 0; ) {
            count += read;
            if (count == samples.length) {
                samples = Arrays.copyOf(samples, longer(count));
            }
        }
        return Arrays.copyOf(samples, count);
    }

    private static int longer(int count) {
        if (count >= LONGEST) {
            throw new BadInputException("more than " + LONGEST + " samples are too many to hold at once");
        }
        return (int) Math.min(LONGEST, 2L * count);
    }

    /** Why nothing is left of a sound that was read to its end, and in which no sample was other than zero. */
    public BadInputException silence(String name) {
        return new BadInputException(
                balance.cancels() ? ChannelBalance.problem(name) : SoundLoader.silence(name, fileSamples));
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

    /**
     * Tells what is to be said of a sound that was read to its end.
     *
     * @throws BadInputException if its channels cancel each other
     */
    public void tell(String name, Monitor monitor) {
        if (balance.cancels()) {
            throw new BadInputException(ChannelBalance.problem(name));
        }
        notes().forEach(monitor::note);
        balance.remark(name).ifPresent(monitor::warn);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
