package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * WAV: RIFF chunks, little-endian (RIFX: big-endian), each of even length: a {@code fmt } chunk, then {@code data}.
 * RF64 and BW64 keep sizes beyond 4 GiB in a {@code ds64} chunk (EBU Tech 3306, ITU-R BS.2088). Other chunks are
 * skipped.
 */
final class WavFormat {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    /** What follows the two bytes of the codec in the sub-format GUID of WAVE_FORMAT_EXTENSIBLE. */
    private static final byte[] GUID_TAIL = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71
    };

    private static final Map<Integer, String> FOREIGN_CODECS = Map.of(
            0x02,
            "Microsoft ADPCM",
            0x11,
            "IMA ADPCM",
            0x31,
            "GSM 6.10",
            0x50,
            "MPEG layer 2",
            0x55,
            "MP3",
            0xFF,
            "AAC",
            0x161,
            "WMA",
            0xF1AC,
            "FLAC");
    private static final String SUPPORTED =
            "supported are PCM of 8 to 32 bit, float of 32 and 64 bit, mu-law and A-law";

    private WavFormat() {}

    /** Whether a file that begins with this tag is a WAV file. */
    static boolean recognizes(String tag) {
        return tag.equals("RIFF") || tag.equals("RIFX") || tag.equals("RF64") || tag.equals("BW64");
    }

    static SampleLayout read(SoundSource in) throws IOException {
        ByteBuffer start = in.read(0, 12, ByteOrder.LITTLE_ENDIAN);
        ByteOrder order = SoundSource.tag(start).equals("RIFX") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long riffBytes = Integer.toUnsignedLong(start.order(order).getInt());
        if (!SoundSource.tag(start).equals("WAVE")) {
            throw in.error("is a RIFF file but holds no sound (WAVE)");
        }
        long largeSize = 0;
        SampleLayout format = null;
        long at = 12;
        while (at + 8 <= in.length()) {
            ByteBuffer head = in.read(at, 8, order);
            String tag = SoundSource.tag(head);
            long size = Integer.toUnsignedLong(head.getInt());
            long body = at + 8;
            if (tag.equals("ds64")) {
                largeSize = in.read(body, 16, order).getLong(8);
            } else if (tag.equals("fmt ")) {
                format = format(in, body, size, order);
            } else if (tag.equals("data")) {
                if (format == null) {
                    throw in.error("damaged WAV file: its data comes before its format (\"fmt \" chunk)");
                }
                long bytes = dataBytes(size, largeSize, riffBytes, body, in.length() - body);
                return format.at(body, bytes).closedAt(in.length());
            }
            at = body + size + (size & 1);
        }
        throw in.error("truncated or damaged WAV file: it has no sound data (\"data\" chunk)");
    }

    /** @param body where the data begins */
    private static long dataBytes(long size, long largeSize, long riffBytes, long body, long available) {
        if (size == 0xFFFF_FFFFL && largeSize > 0) {
            return largeSize;
        }
        // A recorder that was interrupted leaves the sizes that it wrote before the first sample: none, those of the
        // header alone, or as many as possible.
        boolean noneFollows = riffBytes <= body - 8 || riffBytes == 0xFFFF_FFFFL;
        if (size == 0 && noneFollows) {
            return SampleLayout.TO_THE_END;
        }
        return SampleLayout.sizeOrOpenEnd(size, available);
    }

    /**
     * The fmt chunk: codec, channels, rate, bytes per second, bytes per frame, bits; its layout has no position yet.
     */
    static SampleLayout format(SoundSource in, long at, long size, ByteOrder order) throws IOException {
        if (size < 16) {
            throw in.error(
                    "damaged WAV file: its format (\"fmt \" chunk) has " + size + " bytes instead of at least 16");
        }
        ByteBuffer fmt = in.read(at, (int) Math.min(size, 40), order);
        int codec = Short.toUnsignedInt(fmt.getShort());
        int channels = Short.toUnsignedInt(fmt.getShort());
        long rate = Integer.toUnsignedLong(fmt.getInt());
        fmt.getInt();
        int frameBytes = Short.toUnsignedInt(fmt.getShort());
        int bits = Short.toUnsignedInt(fmt.getShort());
        if (codec == EXTENSIBLE) {
            if (fmt.limit() < 26) {
                throw in.error("damaged WAV file: an extensible format without its sub-format");
            }
            codec = Short.toUnsignedInt(fmt.getShort(24));
        }
        if (channels == 0) {
            throw in.error("damaged WAV file: its header says 0 channels");
        }
        SampleEncoding encoding = encoding(in, codec, bits);
        if (codec == PCM && encoding.bytes() == 3 && frameBytes == 4 * channels) {
            encoding = SampleEncoding.pcm(4); // 24 bits in 4 bytes: left-aligned, too
        }
        if (frameBytes != 0 && frameBytes != encoding.bytes() * channels) {
            throw in.error("damaged WAV file: " + channels + " channels of " + bits + " bit do not make frames of "
                    + frameBytes + " bytes");
        }
        return new SampleLayout(encoding, order, channels, rate, 0, 0);
    }

    /** Samples of fewer bits than their bytes hold (12 in 2 bytes, 20 in 3) are left-aligned, so the bytes decide. */
    private static SampleEncoding encoding(SoundSource in, int codec, int bits) throws SoundFormatException {
        boolean pcm = codec == PCM && bits >= 1 && bits <= 32;
        if (pcm) {
            return bits <= 8 ? SampleEncoding.UNSIGNED_8 : SampleEncoding.pcm((bits + 7) / 8);
        }
        if (codec == FLOAT && (bits == 32 || bits == 64)) {
            return bits == 32 ? SampleEncoding.FLOAT_32 : SampleEncoding.FLOAT_64;
        }
        if ((codec == MU_LAW || codec == A_LAW) && bits == 8) {
            return codec == MU_LAW ? SampleEncoding.MU_LAW : SampleEncoding.A_LAW;
        }
        String title =
                switch (codec) {
                    case PCM -> bits + "-bit PCM";
                    case FLOAT -> bits + "-bit float";
                    default -> FOREIGN_CODECS.getOrDefault(codec, String.format("codec 0x%04X", codec));
                };
        throw in.foreign("WAV with " + title + " is not supported; " + SUPPORTED);
    }

    static SampleEncoding encoding(SampleFormat format) {
        return format == SampleFormat.PCM_8 ? SampleEncoding.UNSIGNED_8 : SampleEncoding.of(format);
    }

    /**
     * Everything before the samples. The plain 16-byte format is for 8 and 16 bit in mono and stereo; more bits or
     * channels need the extensible one, float a {@code fact} chunk (Microsoft, "Multiple channel audio data and WAVE
     * files").
     *
     * @param dataBytes bytes of samples that will follow, without the padding byte
     */
    static ByteBuffer header(Sound sound, SampleFormat format, long dataBytes) {
        int channels = sound.channels().length;
        int frameBytes = format.bits() / 8 * channels;
        int codec = format.isFloatingPoint() ? FLOAT : PCM;
        boolean extensible = channels > 2 || (!format.isFloatingPoint() && format.bits() > 16);
        int fmtBytes = extensible ? 40 : format.isFloatingPoint() ? 18 : 16;
        int factBytes = fmtBytes == 16 ? 0 : 12;
        int headerBytes = 12 + 8 + fmtBytes + factBytes + 8;
        ByteBuffer out = ByteBuffer.allocate(headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF"))
                .putInt((int) (headerBytes - 8 + dataBytes + (dataBytes & 1)))
                .put(ascii("WAVE"));
        out.put(ascii("fmt "))
                .putInt(fmtBytes)
                .putShort((short) (extensible ? EXTENSIBLE : codec))
                .putShort((short) channels);
        out.putInt(sound.sampleRate()).putInt((int) Math.min(0xFFFF_FFFFL, (long) sound.sampleRate() * frameBytes));
        out.putShort((short) frameBytes).putShort((short) format.bits());
        if (extensible) {
            int speakers = channels == 1 ? 4 : channels == 2 ? 3 : 0;
            out.putShort((short) 22)
                    .putShort((short) format.bits())
                    .putInt(speakers)
                    .putShort((short) codec)
                    .put(GUID_TAIL);
        } else if (fmtBytes == 18) {
            out.putShort((short) 0);
        }
        if (factBytes > 0) {
            out.put(ascii("fact")).putInt(4).putInt(sound.length());
        }
        out.put(ascii("data")).putInt((int) dataBytes);
        return out.flip();
    }

    private static byte[] ascii(String tag) {
        return tag.getBytes(StandardCharsets.US_ASCII);
    }
}
