package unweave.audio.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A sound of a compressed format: a decoder hands over packets of samples, which are given out as they are asked for.
 */
abstract class DecodedSound implements SoundStream {
    private static final int MOST_CHANNELS = 255;

    private final SoundSource in;
    private final List<String> notes = new ArrayList<>();
    private int rate;
    private int channels;
    private long frames;
    private float[][] packet = {};
    private int taken;
    private int held;
    private long position;
    private boolean ended;

    /** @param in closed with this sound */
    DecodedSound(SoundSource in) {
        this.in = in;
    }

    /**
     * Says what the headers say. A subclass calls it once, in its constructor.
     *
     * @param hertz sample rate
     * @param count channels
     * @param length samples per channel; -1 where only the end will tell
     * @throws SoundFormatException if that is no sound
     */
    final void is(int hertz, int count, long length) throws SoundFormatException {
        in.requireRate(hertz);
        if (count < 1 || count > MOST_CHANNELS) {
            throw in.error("its header says " + count + " channels; expected 1 to " + MOST_CHANNELS);
        }
        rate = hertz;
        channels = count;
        frames = length;
    }

    @Override
    public final int sampleRate() {
        return rate;
    }

    @Override
    public final int channels() {
        return channels;
    }

    @Override
    public final long frames() {
        return frames;
    }

    /**
     * Decodes until there are samples: calls {@link #hand} once with at least one, or not at all at the end.
     *
     * @throws SoundFormatException when the file is damaged
     */
    abstract void decode() throws IOException;

    /** What the decoder has read: [channel][sample] from {@code start} to {@code end}; kept until the next call. */
    final void hand(float[][] samples, int start, int end) {
        packet = samples;
        taken = start;
        held = end;
    }

    /** Samples per channel that have been given out or skipped. */
    final long position() {
        return position;
    }

    final SoundSource source() {
        return in;
    }

    final void note(String text) {
        notes.add(in.error(text).getMessage());
    }

    /** The file is damaged at the place where reading is; {@code cause} is what the decoder met with. */
    final SoundFormatException damaged(String format, Exception cause) {
        SoundFormatException error = in.error(String.format(
                Locale.ROOT, "damaged %s file: it cannot be decoded from %.3f s on", format, seconds(position)));
        error.initCause(cause);
        return error;
    }

    final double seconds(long frames) {
        return (double) frames / rate;
    }

    @Override
    public final int read(float[][] block, int count) throws IOException {
        int done = 0;
        while (done < count && available()) {
            int part = Math.min(count - done, held - taken);
            for (int c = 0; c < channels; c++) {
                copy(packet[c], taken, block[c], done, part);
            }
            advance(part);
            done += part;
        }
        return done == 0 ? -1 : done;
    }

    private void copy(float[] from, int start, float[] to, int offset, int count) throws SoundFormatException {
        for (int n = 0; n < count; n++) {
            float sample = from[start + n];
            if (!Float.isFinite(sample)) {
                throw in.error(String.format(
                        Locale.ROOT,
                        "the sample at %.4f s is not a finite number; every sample must be",
                        seconds(position + n)));
            }
            to[offset + n] = sample;
        }
    }

    @Override
    public final long skip(long frames) throws IOException {
        long done = 0;
        while (done < frames && available()) {
            int part = (int) Math.min(frames - done, held - taken);
            advance(part);
            done += part;
        }
        return done;
    }

    private void advance(int frames) {
        taken += frames;
        position += frames;
    }

    private boolean available() throws IOException {
        if (taken == held && !ended) {
            decode();
            ended = taken == held;
            if (ended && position == 0) {
                throw in.error("the file holds 0 samples");
            }
        }
        return taken < held;
    }

    @Override
    public final List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
