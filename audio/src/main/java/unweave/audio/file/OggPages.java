package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The frame of all that lies in Ogg (RFC 3533, 6), as far as it has to be known here. */
final class OggPages {
    /** A page is never longer: a head of 27 bytes, 255 lacing values, and 255 times 255 bytes. */
    private static final int LONGEST_PAGE = 27 + 255 + 255 * 255;

    private static final int HEAD = 27;
    private static final int CAPTURE = 0x4F676753; // "OggS"
    private static final int END_OF_STREAM = 4;

    private OggPages() {}

    /** Whether a file ends with the end of a stream, and not because it was cut off. */
    static boolean end(SoundSource in) throws IOException {
        int length = (int) Math.min(in.length(), LONGEST_PAGE);
        ByteBuffer tail = in.read(in.length() - length, length, ByteOrder.BIG_ENDIAN);
        for (int at = length - HEAD; at >= 0; at--) {
            if (tail.getInt(at) == CAPTURE) {
                return (tail.get(at + 5) & END_OF_STREAM) != 0 && at + pageBytes(tail, at) <= length;
            }
        }
        return false;
    }

    private static int pageBytes(ByteBuffer tail, int at) {
        int segments = tail.get(at + 26) & 0xFF;
        int bytes = HEAD + segments;
        for (int i = 0; i < segments && at + HEAD + i < tail.limit(); i++) {
            bytes += tail.get(at + HEAD + i) & 0xFF;
        }
        return bytes;
    }
}
