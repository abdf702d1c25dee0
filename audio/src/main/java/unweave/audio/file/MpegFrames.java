package unweave.audio.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frames of an MPEG sound, one after the other and without what lies before, between and behind them. The decoder
 * reads them as a stream.
 */
final class MpegFrames extends InputStream {
    /** Files that were cut out of a stream begin somewhere; so far the first frame is looked for. */
    private static final int LONGEST_JUNK = 1 << 20;

    private final SoundSource in;
    private final long end;
    private final MpegHeader first;
    private long at;
    private long skipped;
    private boolean cut;
    private byte[] frame = {};
    private int read;

    /** @throws SoundFormatException if there is no frame */
    MpegFrames(SoundSource in) throws IOException {
        this.in = in;
        this.end = SoundTags.end(in);
        this.at = find(0, Math.min(end, LONGEST_JUNK), null);
        if (at < 0
                && end >= MpegHeader.SIZE
                && MpegHeader.isFree(
                        in.read(0, MpegHeader.SIZE, ByteOrder.BIG_ENDIAN).getInt())) {
            throw in.foreign("MP3 of free bit rate is not supported; supported are 8 to 448 kbit/s");
        } else if (at < 0) {
            throw in.error("not a sound file: no MPEG frames were found in it");
        }
        this.first = header(at);
    }

    /** Whether a file begins with two frames of one sound, or with one that is all of it. */
    static boolean isAt(SoundSource in) throws IOException {
        ByteBuffer start = in.read(0, MpegHeader.SIZE, ByteOrder.BIG_ENDIAN);
        MpegHeader header = MpegHeader.of(start.getInt());
        if (header == null) {
            return false;
        }
        long next = header.bytes();
        return next + MpegHeader.SIZE <= in.length()
                ? header.continues(MpegHeader.of(
                        in.read(next, MpegHeader.SIZE, ByteOrder.BIG_ENDIAN).getInt()))
                : next == in.length();
    }

    MpegHeader first() {
        return first;
    }

    /** Bytes between frames that belong to none. */
    long skipped() {
        return skipped;
    }

    /** Whether the last frame lies in the file in part. */
    boolean cut() {
        return cut;
    }

    /** Where the next frame begins. */
    long at() {
        return at;
    }

    /** Where the frames end. */
    long end() {
        return end;
    }

    /** Whether there is a further frame; finds it. */
    boolean hasNext() throws IOException {
        if (at >= end) {
            return false;
        }
        MpegHeader here = header(at);
        if (first.continues(here) && at + here.bytes() <= end) {
            return true;
        }
        long next = find(at + 1, end, first);
        if (next < 0) {
            cut = first.continues(here);
            skipped += cut ? 0 : end - at;
            at = end;
            return false;
        }
        skipped += next - at;
        at = next;
        return true;
    }

    /** The header of the next frame. */
    MpegHeader next() throws IOException {
        return header(at);
    }

    /** The bytes of the next frame, as far as the file holds them. */
    byte[] peek() throws IOException {
        byte[] bytes = new byte[(int) Math.min(header(at).bytes(), end - at)];
        in.read(at, bytes.length, ByteOrder.BIG_ENDIAN).get(bytes);
        return bytes;
    }

    /** Makes the next frame the one that the decoder reads. */
    MpegHeader take() throws IOException {
        MpegHeader header = header(at);
        frame = peek();
        at += header.bytes();
        read = 0;
        return header;
    }

    @Override
    public int read() {
        return read < frame.length ? frame[read++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) {
        int part = Math.min(wanted, frame.length - read);
        if (part <= 0) {
            return wanted == 0 ? 0 : -1;
        }
        System.arraycopy(frame, read, target, offset, part);
        read += part;
        return part;
    }

    private MpegHeader header(long position) throws IOException {
        return position + MpegHeader.SIZE <= end
                ? MpegHeader.of(
                        in.read(position, MpegHeader.SIZE, ByteOrder.BIG_ENDIAN).getInt())
                : null;
    }

    /** The first header from a position on that another follows, or with which the file ends; -1 if there is none. */
    private long find(long from, long to, MpegHeader like) throws IOException {
        int window = 1 << 15;
        for (long start = from; start + MpegHeader.SIZE <= to; start += window - 3) {
            int length = (int) Math.min(window, to - start);
            ByteBuffer bytes = in.read(start, length, ByteOrder.BIG_ENDIAN);
            for (int i = 0; i + MpegHeader.SIZE <= length; i++) {
                if (bytes.get(i) != (byte) 0xFF) {
                    continue;
                }
                MpegHeader found = MpegHeader.of(bytes.getInt(i));
                if (found != null && (like == null || like.continues(found)) && confirmed(start + i, found)) {
                    return start + i;
                }
            }
        }
        return -1;
    }

    private boolean confirmed(long position, MpegHeader header) throws IOException {
        long next = position + header.bytes();
        return next == end || (next < end && header.continues(header(next)));
    }
}
