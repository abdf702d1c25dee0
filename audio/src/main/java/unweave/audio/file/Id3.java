package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tags that programs put before a sound of any format (ID3v2, id3.org/id3v2.4.0-structure). */
final class Id3 {
    private static final int HEADER = 10;

    private Id3() {}

    /** Bytes of the tags that a file begins with; 0 if there is none, or nothing behind it. */
    static long length(SoundSource in) throws IOException {
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
}
