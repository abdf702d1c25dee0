package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** From an open file to samples: recognises the format by its first bytes, checks what the header promises, decodes. */
final class SoundReader {
    private static final int BLOCK_BYTES = 1 << 16;

    private SoundReader() {}

    static Sound read(SoundSource in) throws IOException {
        SampleLayout layout = layout(in);
        int frames = checkedFrames(in, layout);
        float[][] channels = new float[layout.channels()][frames];
        int block = blockFrames(layout);
        for (int first = 0; first < frames; first += block) {
            decode(in, layout, first, Math.min(block, frames - first), channels, first);
        }
        return new Sound(channels, (int) layout.sampleRate());
    }

    /** As {@link #read}, block by block. */
    static void stream(SoundSource in, SoundFiles.Listener listener) throws IOException {
        SampleLayout layout = layout(in);
        int frames = checkedFrames(in, layout);
        int block = Math.min(frames, blockFrames(layout));
        float[][] channels = new float[layout.channels()][block];
        for (int first = 0; first < frames; first += block) {
            int count = Math.min(block, frames - first);
            decode(in, layout, first, count, channels, 0);
            listener.block(channels, count, (int) layout.sampleRate());
        }
    }

    private static int blockFrames(SampleLayout layout) {
        return Math.max(1, BLOCK_BYTES / layout.frameBytes());
    }

    private static SampleLayout layout(SoundSource in) throws IOException {
        if (in.length() == 0) {
            throw in.error("the file is empty (0 bytes); expected a WAV, AU or AIFF file");
        }
        if (in.length() < 12) {
            throw in.error("not a sound file (" + in.length() + " bytes); expected a WAV, AU or AIFF file");
        }
        String tag = SoundSource.tag(in.read(0, 4, ByteOrder.BIG_ENDIAN));
        if (WavFormat.recognizes(tag)) {
            return WavFormat.read(in);
        }
        if (AuFormat.recognizes(tag)) {
            return AuFormat.read(in);
        }
        if (AiffFormat.recognizes(tag)) {
            return AiffFormat.read(in);
        }
        String foreign = foreignFormat(in);
        throw in.error(
                foreign.isEmpty()
                        ? "not a sound file; expected a WAV, AU or AIFF file"
                        : "is " + foreign + ", which is not supported; convert it to a WAV, AU or AIFF file first");
    }

    /** The compressed formats people try most, by their first bytes; empty for anything else. */
    private static String foreignFormat(SoundSource in) throws IOException {
        ByteBuffer start = in.read(0, 8, ByteOrder.BIG_ENDIAN);
        String tag = SoundSource.tag(start);
        boolean mpegFrame = (start.getShort(0) & 0xFFE0) == 0xFFE0;
        if (tag.startsWith("ID3") || mpegFrame) {
            return "an MP3 file";
        }
        if (SoundSource.tag(start).equals("ftyp")) {
            return "an MP4 file";
        }
        return tag.equals("fLaC") ? "a FLAC file" : tag.equals("OggS") ? "an Ogg file" : "";
    }

    /** Samples per channel, once it is sure that the file holds what its header promises. */
    private static int checkedFrames(SoundSource in, SampleLayout layout) throws SoundFormatException {
        if (layout.sampleRate() < 1 || layout.sampleRate() > Integer.MAX_VALUE) {
            throw in.error("its header says a sample rate of " + layout.sampleRate() + " Hz; at least 1 Hz is needed");
        }
        long available = Math.max(0, in.length() - layout.start());
        boolean toTheEnd = layout.bytes() == SampleLayout.TO_THE_END;
        long frames = (toTheEnd ? available : layout.bytes()) / layout.frameBytes();
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
        if (frames > Integer.MAX_VALUE - 8) {
            throw in.error(frames + " samples are too many; at most " + (Integer.MAX_VALUE - 8) + " can be read");
        }
        return (int) frames;
    }

    /** Reads samples [first, first + count) of the file into the channels from {@code offset} on. */
    private static void decode(
            SoundSource in, SampleLayout layout, int first, int count, float[][] channels, int offset)
            throws IOException {
        long position = layout.start() + (long) first * layout.frameBytes();
        ByteBuffer block = in.read(position, count * layout.frameBytes(), layout.order());
        SampleEncoding encoding = layout.encoding();
        for (int n = offset; n < offset + count; n++) {
            for (float[] channel : channels) {
                channel[n] = encoding.read(block);
            }
        }
        refuseNonNumbers(in, channels, offset, count, first, layout.sampleRate());
    }

    private static void refuseNonNumbers(
            SoundSource in, float[][] channels, int offset, int count, int first, long sampleRate)
            throws SoundFormatException {
        for (int n = 0; n < count; n++) {
            for (int c = 0; c < channels.length; c++) {
                float sample = channels[c][offset + n];
                if (!Float.isFinite(sample)) {
                    String what =
                            Float.isNaN(sample) ? "not a number (NaN)" : "infinite or beyond the range of a float";
                    throw in.error(String.format(
                            Locale.ROOT,
                            "the sample at %.4f s in channel %d is %s; every sample must be finite",
                            (double) (first + n) / sampleRate,
                            c + 1,
                            what));
                }
            }
        }
    }
}
