package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Core Audio Format (Apple, "Apple Core Audio Format Specification 1.0"): big-endian chunks with sizes of 64 bits;
 * {@code desc} describes the samples, {@code data} holds them behind 4 bytes that count edits. Compressed ones are for
 * FFmpeg.
 */
final class CafFormat {
    private static final String SUPPORTED =
            "supported are PCM of 8 to 32 bit, float of 32 and 64 bit, mu-law and A-law";
    private static final int HEAD = 12;
    private static final int FIRST_CHUNK = 8;
    private static final int DESCRIPTION = 32;
    private static final int EDIT_COUNT = 4;
    private static final int IS_FLOAT = 1;
    private static final int IS_LITTLE_ENDIAN = 2;

    private CafFormat() {}

    /** @throws ForeignSoundException if the samples are compressed */
    static SampleLayout read(SoundSource in) throws IOException {
        SampleLayout format = null;
        long at = FIRST_CHUNK;
        while (at + HEAD <= in.length()) {
            ByteBuffer head = in.read(at, HEAD, ByteOrder.BIG_ENDIAN);
            String tag = SoundSource.tag(head);
            long size = head.getLong();
            long body = at + HEAD;
            if (tag.equals("desc")) {
                format = description(in, in.read(body, DESCRIPTION, ByteOrder.BIG_ENDIAN));
            } else if (tag.equals("data")) {
                if (format == null) {
                    throw in.error("damaged CAF file: its data comes before its description (\"desc\" chunk)");
                }
                long bytes = size < EDIT_COUNT ? SampleLayout.TO_THE_END : size - EDIT_COUNT;
                return format.at(body + EDIT_COUNT, bytes).closedAt(in.length());
            }
            if (size < 0 || size > in.length() - body) {
                break;
            }
            at = body + size;
        }
        throw in.error("truncated or damaged CAF file: it has no sound data (\"data\" chunk)");
    }

    private static SampleLayout description(SoundSource in, ByteBuffer desc) throws SoundFormatException {
        double rate = desc.getDouble();
        String codec = SoundSource.tag(desc);
        int flags = desc.getInt();
        long frameBytes = Integer.toUnsignedLong(desc.getInt());
        desc.getInt(); // frames per packet
        int channels = desc.getInt();
        int bits = desc.getInt();
        SampleEncoding encoding =
                switch (codec) {
                    case "lpcm" -> linear(in, (flags & IS_FLOAT) != 0, bits, frameBytes, channels);
                    case "ulaw" -> SampleEncoding.MU_LAW;
                    case "alaw" -> SampleEncoding.A_LAW;
                    default -> throw in.foreign("CAF with codec \"" + codec + "\" is not supported; " + SUPPORTED);
                };
        if (channels < 1 || channels > 0xFFFF || frameBytes != (long) encoding.bytes() * channels) {
            throw in.error("damaged CAF file: its description says " + Integer.toUnsignedLong(channels)
                    + " channels of " + Integer.toUnsignedLong(bits) + " bit in frames of " + frameBytes + " bytes");
        }
        in.requireRate(Math.round(rate));
        ByteOrder order = (flags & IS_LITTLE_ENDIAN) != 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return new SampleLayout(encoding, order, channels, Math.round(rate), 0, 0);
    }

    private static SampleEncoding linear(SoundSource in, boolean isFloat, int bits, long frameBytes, int channels)
            throws SoundFormatException {
        if (isFloat && (bits == 32 || bits == 64)) {
            return bits == 32 ? SampleEncoding.FLOAT_32 : SampleEncoding.FLOAT_64;
        }
        if (!isFloat && bits >= 1 && bits <= 32 && channels > 0) {
            return SampleEncoding.pcm((int) Math.max(1, Math.min(4, frameBytes / channels)));
        }
        throw in.foreign("CAF with " + Integer.toUnsignedLong(bits) + "-bit " + (isFloat ? "float" : "PCM")
                + " is not supported; " + SUPPORTED);
    }
}
