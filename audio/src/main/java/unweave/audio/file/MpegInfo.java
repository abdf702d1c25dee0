package unweave.audio.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What an encoder says of a layer 3 sound in a first frame that is no sound: the headers "Xing" and "Info" with the
 * extension of LAME (gabriel.mp3-tech.org, "Mp3 info tag revision 1"), and Fraunhofer's "VBRI".
 *
 * @param frames frames of sound, this one not counted; -1 if it does not say
 * @param bytes bytes of sound, with this frame; -1 if it does not say
 * @param lead samples that the encoder and the decoder put before the sound
 * @param length samples per channel of the sound that was encoded; -1 if it does not say
 */
record MpegInfo(long frames, long bytes, long lead, long length) {
    /** What the decoder itself is late, in samples: 528 of the filter bank and 1 of its overlap. */
    private static final int DECODER_DELAY = 529;

    /** VBRI lies where the side information of a stereo frame ends, whatever the frame is. */
    private static final int VBRI_AT = MpegHeader.SIZE + 32;

    /** Those that fill in the delays. */
    private static final Set<String> ENCODERS = Set.of("LAME", "Lavf", "Lavc");

    /** Of a sound that has no such frame. */
    static final MpegInfo NONE = new MpegInfo(-1, -1, 0, -1);

    /** What a frame says; null if it is one of sound. */
    static MpegInfo of(MpegHeader header, byte[] frame) {
        if (header.layer() != 3) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int side = header.lowRate() ? (header.channels() == 1 ? 9 : 17) : header.channels() == 1 ? 17 : 32;
        String tag = text(bytes, MpegHeader.SIZE + side);
        if (tag.equals("Xing") || tag.equals("Info")) {
            return xing(header, bytes.position(MpegHeader.SIZE + side + 4));
        }
        return text(bytes, VBRI_AT).equals("VBRI") && frame.length >= VBRI_AT + 18
                ? new MpegInfo(Integer.toUnsignedLong(bytes.getInt(VBRI_AT + 14)), -1, 0, -1)
                : null;
    }

    private static MpegInfo xing(MpegHeader header, ByteBuffer bytes) {
        if (bytes.remaining() < 4) {
            return NONE;
        }
        int flags = bytes.getInt();
        int table = (flags & 4) == 0 ? 0 : 100;
        if (bytes.remaining() < 4 * Integer.bitCount(flags & 11) + table) {
            return NONE;
        }
        long frames = (flags & 1) == 0 ? -1 : Integer.toUnsignedLong(bytes.getInt());
        long size = (flags & 2) == 0 ? -1 : Integer.toUnsignedLong(bytes.getInt());
        bytes.position(bytes.position() + table + ((flags & 8) == 0 ? 0 : 4));
        if (bytes.remaining() < 24 || !ENCODERS.contains(text(bytes, bytes.position()))) {
            return new MpegInfo(frames, size, 0, -1);
        }
        int delays = bytes.getInt(bytes.position() + 20) & 0xFFFFFF;
        long lead = (delays >> 12) + (long) DECODER_DELAY;
        // What the decoder is late at the start is missing at the end.
        long behind = Math.max(0, (delays & 0xFFF) - DECODER_DELAY);
        return new MpegInfo(frames, size, lead, frames > 0 ? frames * header.samples() - lead - behind : -1);
    }

    private static String text(ByteBuffer bytes, int at) {
        if (at + 4 > bytes.limit()) {
            return "";
        }
        byte[] four = new byte[4];
        bytes.get(at, four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }
}
