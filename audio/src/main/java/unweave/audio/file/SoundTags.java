package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Tags that programs put before and behind a sound of any format: ID3v2 (id3.org/id3v2.4.0-structure) and ID3v1, APE
 * (wiki.hydrogenaud.io, "APEv2 specification").
 */
final class SoundTags {
    private static final int HEADER = 10;
    private static final int ID3V1 = 128;
    private static final int APE_FOOTER = 32;

    private SoundTags() {}

    /** Bytes of the tags that a file begins with; 0 if there is none, or nothing behind it. */
    static long start(SoundSource in) throws IOException {
        long at = 0;
        while (at + HEADER <= in.length()) {
            ByteBuffer head = in.read(at, HEADER, ByteOrder.BIG_ENDIAN);
            boolean tag = head.get() == 'I' && head.get() == 'D' && head.get() == '3';
            int size = head.getInt(6); // 4 x 7 bits
            if (!tag || (size & 0x80808080) != 0) {
                break;
            }
            boolean footer = (head.get(5) & 0x10) != 0;
            int bytes = (size >> 24) << 21 | (size >> 16 & 0x7F) << 14 | (size >> 8 & 0x7F) << 7 | (size & 0x7F);
            at += (long) HEADER + bytes + (footer ? HEADER : 0);
        }
        return at < in.length() ? at : 0;
    }

    /** Where an ID3v1 tag or an APE tag at the end begins; the length of the file if there is none. */
    static long end(SoundSource in) throws IOException {
        long end = in.length();
        if (end >= ID3V1 && text(in, end - ID3V1, 3).equals("TAG")) {
            end -= ID3V1;
        }
        if (end >= APE_FOOTER && text(in, end - APE_FOOTER, 8).equals("APETAGEX")) {
            ByteBuffer footer = in.read(end - APE_FOOTER, APE_FOOTER, ByteOrder.LITTLE_ENDIAN);
            boolean header = footer.getInt(20) < 0;
            long size = Integer.toUnsignedLong(footer.getInt(12)) + (header ? APE_FOOTER : 0);
            end = size <= end ? end - size : end - APE_FOOTER;
        }
        return end;
    }

    private static String text(SoundSource in, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.read(at, count, ByteOrder.BIG_ENDIAN).get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
