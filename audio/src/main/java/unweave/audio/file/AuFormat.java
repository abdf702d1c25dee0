package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * AU (Sun, NeXT): ".snd", position of the samples, their bytes, encoding, rate and channels as big-endian 32-bit
 * numbers.
 */
final class AuFormat {
    private static final long UNKNOWN_SIZE = 0xFFFF_FFFFL;

    private AuFormat() {}

    static boolean recognizes(String tag) {
        return tag.equals(".snd");
    }

    static SampleLayout read(SoundSource in) throws IOException {
        ByteBuffer header = in.read(4, 20, ByteOrder.BIG_ENDIAN);
        long start = Integer.toUnsignedLong(header.getInt());
        long bytes = Integer.toUnsignedLong(header.getInt());
        SampleEncoding encoding = encoding(in, header.getInt());
        long rate = Integer.toUnsignedLong(header.getInt());
        int channels = header.getInt();
        if (start < 24) {
            throw in.error("damaged AU file: its sound data cannot begin at byte " + start + ", inside the header");
        }
        if (channels < 1 || channels > 0xFFFF) {
            throw in.error("damaged AU file: its header says " + Integer.toUnsignedLong(channels) + " channels");
        }
        // A recorder that was interrupted leaves 0; nothing but samples follows the header.
        long size = bytes == UNKNOWN_SIZE || bytes == 0
                ? SampleLayout.TO_THE_END
                : SampleLayout.sizeOrOpenEnd(bytes, in.length() - start);
        return new SampleLayout(encoding, ByteOrder.BIG_ENDIAN, channels, rate, start, size).closedAt(in.length());
    }

    private static SampleEncoding encoding(SoundSource in, int code) throws SoundFormatException {
        return switch (code) {
            case 1 -> SampleEncoding.MU_LAW;
            case 2 -> SampleEncoding.PCM_8;
            case 3 -> SampleEncoding.PCM_16;
            case 4 -> SampleEncoding.PCM_24;
            case 5 -> SampleEncoding.PCM_32;
            case 6 -> SampleEncoding.FLOAT_32;
            case 7 -> SampleEncoding.FLOAT_64;
            case 27 -> SampleEncoding.A_LAW;
            default ->
                throw in.foreign("AU with " + (code >= 23 && code <= 26 ? "ADPCM" : "encoding " + code)
                        + " is not supported; supported are PCM of 8 to 32 bit, float of 32 and 64 bit, "
                        + "mu-law and A-law");
        };
    }

    /** Everything before the samples; sizes beyond 4 GiB are written as unknown. */
    static ByteBuffer header(Sound sound, SampleFormat format, long dataBytes) {
        int code =
                switch (format) {
                    case PCM_8 -> 2;
                    case PCM_16 -> 3;
                    case PCM_24 -> 4;
                    case PCM_32 -> 5;
                    case FLOAT_32 -> 6;
                    case FLOAT_64 -> 7;
                };
        // 28 bytes: the annotation after the six numbers is at least four bytes long in the original definition.
        ByteBuffer out = ByteBuffer.allocate(28).put(".snd".getBytes(StandardCharsets.US_ASCII));
        out.putInt(28)
                .putInt((int) Math.min(UNKNOWN_SIZE, dataBytes))
                .putInt(code)
                .putInt(sound.sampleRate());
        return out.putInt(sound.channels().length).putInt(0).flip();
    }
}
