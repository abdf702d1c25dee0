package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** From an open file to samples: recognises the format by its first bytes. */
final class SoundReader {
    /** Samples of all channels together that are decoded at a time. */
    private static final int BLOCK_SAMPLES = 1 << 15;
    /** The longest array that every JVM can make. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private SoundReader() {}

    /** The open sound; closing it closes {@code in}. */
    static SoundStream open(SoundSource in) throws IOException {
        return new PlainSound(in, layout(in));
    }

    /** The whole sound. */
    static Sound read(SoundSource in) throws IOException {
        SoundStream stream = open(in);
        long frames = stream.frames();
        if (frames > LONGEST) {
            throw in.error(frames + " samples are too many to hold; at most " + LONGEST + " can be");
        }
        float[][] channels = new float[stream.channels()][(int) frames];
        stream.read(channels, (int) frames);
        return new Sound(channels, stream.sampleRate());
    }

    /** As {@link #read}, block by block. */
    static void stream(SoundSource in, SoundFiles.Listener listener) throws IOException {
        SoundStream stream = open(in);
        int length = Math.max(1, BLOCK_SAMPLES / stream.channels());
        float[][] block = new float[stream.channels()][length];
        for (int count = stream.read(block, length); count > 0; count = stream.read(block, length)) {
            listener.block(block, count, stream.sampleRate());
        }
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
}
