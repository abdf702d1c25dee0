package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Wave64 (Sonic Foundry): WAV whose chunks are named by GUIDs and have sizes of 64 bits, which count the chunk's 24
 * bytes of head, too, and begin at multiples of 8.
 */
final class W64Format {
    private static final int HEAD = 24;
    private static final int FIRST_CHUNK = 40;

    private W64Format() {}

    static SampleLayout read(SoundSource in) throws IOException {
        SampleLayout format = null;
        long at = FIRST_CHUNK;
        while (at + HEAD <= in.length()) {
            ByteBuffer head = in.read(at, HEAD, ByteOrder.LITTLE_ENDIAN);
            String tag = SoundSource.tag(head); // the GUIDs begin with the names of the WAV chunks
            long size = head.getLong(16);
            long body = at + HEAD;
            if (tag.equals("fmt ")) {
                format = WavFormat.format(in, body, size - HEAD, ByteOrder.LITTLE_ENDIAN);
            } else if (tag.equals("data")) {
                if (format == null) {
                    throw in.error("damaged Wave64 file: its data comes before its format (\"fmt \" chunk)");
                }
                long bytes = size <= HEAD ? SampleLayout.TO_THE_END : size - HEAD;
                return format.at(body, bytes).closedAt(in.length());
            }
            if (size < HEAD || size > in.length() - at) {
                break;
            }
            at += size + 7 & ~7L;
        }
        throw in.error("truncated or damaged Wave64 file: it has no sound data (\"data\" chunk)");
    }
}
