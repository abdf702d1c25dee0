package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * AIFF and AIFF-C (Apple, 1989 and 1991): big-endian chunks of even length. {@code COMM} has channels, frames, bits, an
 * 80-bit extended rate and, in AIFF-C, the compression; {@code SSND} the samples. Either may come first.
 */
final class AiffFormat {
    private static final int AIFC_VERSION = 0xA2805140;
    private static final String SUPPORTED =
            "supported are PCM of 8 to 32 bit (NONE, twos, sowt, in24, in32, raw), fl32, fl64, ulaw and alaw";

    private AiffFormat() {}

    static boolean recognizes(String tag) {
        return tag.equals("FORM");
    }

    /** The COMM chunk. */
    private record Common(SampleEncoding encoding, ByteOrder order, int channels, long frames, long rate) {}

    static SampleLayout read(SoundSource in) throws IOException {
        ByteBuffer form = in.read(4, 8, ByteOrder.BIG_ENDIAN);
        long formBytes = Integer.toUnsignedLong(form.getInt());
        String type = SoundSource.tag(form);
        if (!type.equals("AIFF") && !type.equals("AIFC")) {
            throw in.error("is an IFF file but holds no sound (AIFF or AIFC)");
        }
        Common common = null;
        long start = -1;
        long soundBytes = 0;
        long at = 12;
        while (at + 8 <= in.length() && (common == null || start < 0)) {
            ByteBuffer head = in.read(at, 8, ByteOrder.BIG_ENDIAN);
            String tag = SoundSource.tag(head);
            long size = Integer.toUnsignedLong(head.getInt());
            if (tag.equals("COMM")) {
                common = common(in, at + 8, type.equals("AIFC"));
            } else if (tag.equals("SSND")) {
                long offset = Integer.toUnsignedLong(
                        in.read(at + 8, 8, ByteOrder.BIG_ENDIAN).getInt());
                start = at + 16 + offset;
                soundBytes = SampleLayout.sizeOrOpenEnd(size, in.length() - at - 8);
                soundBytes = soundBytes == SampleLayout.TO_THE_END ? soundBytes : Math.max(0, soundBytes - 8 - offset);
            }
            at += 8 + size + (size & 1);
        }
        if (common == null) {
            throw in.error("truncated or damaged AIFF file: it has no format (COMM chunk)");
        }
        // A recorder that was interrupted leaves the sizes that it wrote before the first sample.
        boolean unfinished = common.frames == 0 && soundBytes == 0 && formBytes <= start - 8;
        return layout(in, common, start, unfinished ? SampleLayout.TO_THE_END : soundBytes);
    }

    /** COMM says how many frames there are, SSND only has to be large enough for them. */
    private static SampleLayout layout(SoundSource in, Common common, long start, long soundBytes) throws IOException {
        if (start < 0 && common.frames > 0) {
            throw in.error("truncated or damaged AIFF file: it has no sound data (SSND chunk)");
        }
        long bytes = common.frames * common.encoding.bytes() * common.channels;
        if (soundBytes == SampleLayout.TO_THE_END) {
            bytes = bytes == 0 || bytes > in.length() - start ? SampleLayout.TO_THE_END : bytes;
        } else if (bytes > soundBytes && bytes > in.length() - start) {
            throw in.error("damaged AIFF file: " + common.frames + " samples do not fit into its " + soundBytes
                    + " bytes of sound data");
        }
        return new SampleLayout(common.encoding, common.order, common.channels, common.rate, Math.max(0, start), bytes)
                .closedAt(in.length());
    }

    private static Common common(SoundSource in, long at, boolean compressed) throws IOException {
        ByteBuffer comm = in.read(at, compressed ? 22 : 18, ByteOrder.BIG_ENDIAN);
        int channels = Short.toUnsignedInt(comm.getShort());
        long frames = Integer.toUnsignedLong(comm.getInt());
        int bits = Short.toUnsignedInt(comm.getShort());
        long rate = extendedToRate(comm.getShort(), comm.getLong());
        String compression = compressed ? SoundSource.tag(comm) : "NONE";
        if (channels == 0) {
            throw in.error("damaged AIFF file: its header says 0 channels");
        }
        ByteOrder order = compression.equals("sowt") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return new Common(encoding(in, compression, bits), order, channels, frames, rate);
    }

    private static SampleEncoding encoding(SoundSource in, String compression, int bits) throws SoundFormatException {
        switch (compression) {
            case "NONE", "twos", "sowt" -> {
                if (bits < 1 || bits > 32) {
                    throw in.foreign("AIFF with " + bits + "-bit PCM is not supported; " + SUPPORTED);
                }
                return SampleEncoding.pcm((bits + 7) / 8);
            }
            case "raw " -> {
                return SampleEncoding.UNSIGNED_8;
            }
            case "in24" -> {
                return SampleEncoding.PCM_24;
            }
            case "in32" -> {
                return SampleEncoding.PCM_32;
            }
            case "fl32", "FL32" -> {
                return SampleEncoding.FLOAT_32;
            }
            case "fl64", "FL64" -> {
                return SampleEncoding.FLOAT_64;
            }
            case "ulaw", "ULAW" -> {
                return SampleEncoding.MU_LAW;
            }
            case "alaw", "ALAW" -> {
                return SampleEncoding.A_LAW;
            }
            default ->
                throw in.foreign("AIFF-C with compression \"" + compression + "\" is not supported; " + SUPPORTED);
        }
    }

    /**
     * Sign and exponent (16 bits), mantissa with its leading 1 (64 bits): m 2^(e - 16383 - 63), rounded to whole Hz.
     */
    private static long extendedToRate(short signAndExponent, long mantissa) {
        double m = (mantissa >>> 1) * 2.0 + (mantissa & 1);
        return signAndExponent < 0 ? 0 : Math.round(Math.scalb(m, signAndExponent - 16383 - 63));
    }

    /** Everything before the samples: AIFF for PCM, AIFF-C for float. */
    static ByteBuffer header(Sound sound, SampleFormat format, long dataBytes) {
        boolean compressed = format.isFloatingPoint();
        int commBytes = compressed ? 24 : 18;
        int headerBytes = 12 + (compressed ? 12 : 0) + 8 + commBytes + 16;
        ByteBuffer out = ByteBuffer.allocate(headerBytes);
        out.put(ascii("FORM")).putInt((int) (headerBytes - 8 + dataBytes + (dataBytes & 1)));
        if (compressed) {
            out.put(ascii("AIFCFVER")).putInt(4).putInt(AIFC_VERSION);
        } else {
            out.put(ascii("AIFF"));
        }
        out.put(ascii("COMM"))
                .putInt(commBytes)
                .putShort((short) sound.channels().length)
                .putInt(sound.length());
        out.putShort((short) format.bits());
        int shift = Integer.numberOfLeadingZeros(sound.sampleRate());
        out.putShort((short) (16383 + 31 - shift)).putLong((long) sound.sampleRate() << (32 + shift));
        if (compressed) {
            // The compression, then its name as a Pascal string: here the empty one, padded to two bytes.
            out.put(ascii(format == SampleFormat.FLOAT_32 ? "fl32" : "fl64")).putShort((short) 0);
        }
        return out.put(ascii("SSND")).putInt((int) (dataBytes + 8)).putLong(0).flip();
    }

    private static byte[] ascii(String tag) {
        return tag.getBytes(StandardCharsets.US_ASCII);
    }
}
