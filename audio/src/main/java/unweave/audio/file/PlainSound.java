package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** Samples that lie in a file as they are, one frame after the other. */
final class PlainSound implements SoundStream {
    private static final int BLOCK_BYTES = 1 << 16;

    private final SoundSource in;
    private final SampleLayout layout;
    private final long frames;
    private long position;

    /** @throws SoundFormatException unless the file holds what its header promises */
    PlainSound(SoundSource in, SampleLayout layout) throws SoundFormatException {
        this.in = in;
        this.layout = layout;
        this.frames = checkedFrames(in, layout);
    }

    @Override
    public int sampleRate() {
        return (int) layout.sampleRate();
    }

    @Override
    public int channels() {
        return layout.channels();
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public List<String> notes() {
        return layout.note() == null
                ? List.of()
                : List.of(in.error(layout.note()).getMessage());
    }

    @Override
    public int read(float[][] block, int count) throws IOException {
        if (position == frames) {
            return -1;
        }
        int wanted = (int) Math.min(count, frames - position);
        int most = Math.max(1, BLOCK_BYTES / layout.frameBytes());
        for (int done = 0; done < wanted; ) {
            int part = Math.min(most, wanted - done);
            decode(block, done, part);
            done += part;
            position += part;
        }
        return wanted;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.min(count, frames - position);
        position += skipped;
        return skipped;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void decode(float[][] block, int offset, int count) throws IOException {
        long at = layout.start() + position * layout.frameBytes();
        ByteBuffer bytes = in.read(at, count * layout.frameBytes(), layout.order());
        SampleEncoding encoding = layout.encoding();
        for (int n = 0; n < count; n++) {
            for (int c = 0; c < layout.channels(); c++) {
                float sample = encoding.read(bytes);
                if (!Float.isFinite(sample)) {
                    throw notFinite(sample, c, position + n);
                }
                block[c][offset + n] = sample;
            }
        }
    }

    private SoundFormatException notFinite(float sample, int channel, long place) {
        return in.error(String.format(
                Locale.ROOT,
                "the sample at %.4f s in channel %d is %s; every sample must be finite",
                (double) place / layout.sampleRate(),
                channel + 1,
                Float.isNaN(sample) ? "not a number (NaN)" : "infinite or beyond the range of a float"));
    }

    /** Samples per channel, once it is sure that the file holds what its header promises. */
    private static long checkedFrames(SoundSource in, SampleLayout layout) throws SoundFormatException {
        in.requireRate(layout.sampleRate());
        long available = Math.max(0, in.length() - layout.start());
        long frames = layout.bytes() / layout.frameBytes();
        if (frames * layout.frameBytes() > available) {
            long present = available / layout.frameBytes();
            throw in.error(String.format(
                    Locale.ROOT,
                    "truncated: its header promises %d samples (%.3f s), the file ends after %d (%.3f s)",
                    frames,
                    (double) frames / layout.sampleRate(),
                    present,
                    (double) present / layout.sampleRate()));
        }
        if (frames == 0) {
            throw in.error(layout.title() + " is fine, but the file holds 0 samples");
        }
        return frames;
    }
}
