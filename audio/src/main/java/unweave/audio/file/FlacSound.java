package unweave.audio.file;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jflac.FLACDecoder;
import org.jflac.FrameListener;
import org.jflac.frame.Frame;
import org.jflac.metadata.Metadata;

/**
 * FLAC (RFC 9639), decoded by jFLAC. The STREAMINFO block is read here and the other metadata is passed over: jFLAC
 * would make arrays of whatever length a damaged block announces. A sound that is read from beginning to end is
 * compared with its MD5.
 */
final class FlacSound extends DecodedSound {
    private static final int STREAM_INFO = 38;
    private static final int LARGEST_BITS = 24;
    private static final int DIGEST_AT = 22; // in the file: 4 + 4 + 18 bytes before it, less the 4 of the marker

    private final FLACDecoder decoder;
    private final Problems problems = new Problems();
    private final CountedBytes bytes;
    private final int bits;
    /** 0 where the encoder did not know. */
    private final long announced;

    private final byte[] digest;
    private final MessageDigest md5 = md5();
    private long decoded;
    /** Bytes up to the end of the last whole frame. */
    private long whole;

    private float[][] samples = {};

    private FlacSound(SoundSource in, ByteBuffer info, long audio) throws IOException {
        super(in);
        long packed = info.getLong(14); // 20 bits rate, 3 channels - 1, 5 bits - 1, 36 samples
        this.bits = (int) (packed >>> 36 & 31) + 1;
        this.announced = packed & 0xF_FFFF_FFFFL;
        is((int) (packed >>> 44), (int) (packed >>> 41 & 7) + 1, announced == 0 ? -1 : announced);
        if (bits > LARGEST_BITS) {
            throw in.foreign("FLAC of " + bits + " bit is not supported; supported are 4 to " + LARGEST_BITS + " bit");
        }
        this.digest = new byte[16];
        info.get(DIGEST_AT, digest);
        this.bytes = new CountedBytes(
                new SequenceInputStream(header(info), in.upTo(SoundTags.end(in)).stream(audio)),
                4 + STREAM_INFO + SoundTags.end(in) - audio);
        this.decoder = new FLACDecoder(bytes);
        decoder.addFrameListener(problems);
        decoder.readMetadata();
    }

    /** @param in behind any tags, at the marker "fLaC" */
    static FlacSound open(SoundSource in) throws IOException {
        if (in.length() < 4 + STREAM_INFO) {
            throw in.error("truncated: the file ends after " + in.length() + " bytes, inside its header");
        }
        ByteBuffer info = in.read(4, STREAM_INFO, ByteOrder.BIG_ENDIAN);
        if ((info.get(0) & 0x7F) != 0 || (info.getInt(0) & 0xFFFFFF) != STREAM_INFO - 4) {
            throw in.error("damaged FLAC file: it does not begin with its STREAMINFO block");
        }
        boolean last = info.get(0) < 0;
        long at = 4 + STREAM_INFO;
        while (!last) {
            int head = in.read(at, 4, ByteOrder.BIG_ENDIAN).getInt();
            last = head < 0;
            at += 4 + (head & 0xFFFFFF);
        }
        return new FlacSound(in, info, at);
    }

    /** Marker and STREAMINFO as the only metadata. */
    private static ByteArrayInputStream header(ByteBuffer info) {
        byte[] bytes = new byte[4 + STREAM_INFO];
        ByteBuffer.wrap(bytes).put((byte) 'f').put((byte) 'L').put((byte) 'a').put((byte) 'C');
        info.get(0, bytes, 4, STREAM_INFO);
        bytes[4] = (byte) 0x80; // the last block
        return new ByteArrayInputStream(bytes);
    }

    @Override
    void decode() throws IOException {
        if (announced > 0 && decoded >= announced) {
            return;
        }
        Frame frame = next();
        if (frame == null) {
            if (announced > 0) {
                throw source().error("truncated: its header promises " + announced + " samples, the file ends after "
                        + decoded);
            }
            if (whole < bytes.all) {
                note("what lies behind " + whole + " bytes is no whole frame: the file may have been cut off");
            }
            return;
        }
        if (frame.header.channels != channels() || frame.header.bitsPerSample != bits || frame.header.blockSize < 1) {
            throw damaged("FLAC", null);
        }
        int count =
                announced > 0 ? (int) Math.min(frame.header.blockSize, announced - decoded) : frame.header.blockSize;
        if (samples.length == 0 || samples[0].length < count) {
            samples = new float[channels()][count];
        }
        convert(count);
        decoded += count;
        whole = bytes.read - decoder.getBitInputStream().getInputBytesUnconsumed();
        if (decoded == announced) {
            requireDigest();
        }
        hand(samples, 0, count);
    }

    /** The next frame, null at the end. */
    private Frame next() throws IOException {
        Frame frame;
        try {
            frame = decoder.readNextFrame();
        } catch (IOException
                | RuntimeException e) { // jFLAC checks no lengths: what a damaged frame makes it do ends here
            throw damaged("FLAC", e);
        }
        boolean sound = problems.first == null && decoder.getBadFrames() == 0;
        if (!sound && (frame != null || announced > 0)) {
            throw damaged("FLAC", null);
        }
        return frame;
    }

    private void convert(int count) {
        float scale = 1f / (1 << (bits - 1));
        int width = (bits + 7) / 8;
        byte[] packed = new byte[count * channels() * width];
        for (int c = 0; c < channels(); c++) {
            int[] values = decoder.getChannelData()[c].getOutput();
            for (int n = 0; n < count; n++) {
                samples[c][n] = values[n] * scale;
                int at = (n * channels() + c) * width;
                for (int b = 0; b < width; b++) {
                    packed[at + b] = (byte) (values[n] >> (8 * b));
                }
            }
        }
        md5.update(packed);
    }

    /** Zeros mean that the encoder left the sum out. */
    private void requireDigest() throws SoundFormatException {
        byte[] found = md5.digest();
        if (!Arrays.equals(digest, new byte[16]) && !Arrays.equals(digest, found)) {
            throw source().error("damaged FLAC file: its samples do not have the MD5 that its header gives");
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What jFLAC has fetched. */
    private static final class CountedBytes extends FilterInputStream {
        /** jFLAC passes over the end of the file a few times, but in some damaged files again and again. */
        private static final int MOST_ENDS = 1000;

        private final long all;
        private long read;
        private int ends;

        CountedBytes(InputStream in, long all) {
            super(in);
            this.all = all;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? -1 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int got = super.read(target, offset, length);
            count(got);
            return got;
        }

        private void count(int bytes) {
            read += Math.max(0, bytes);
            ends += bytes < 0 ? 1 : 0;
            if (ends > MOST_ENDS) {
                throw new IllegalStateException("read past the end again and again");
            }
        }
    }

    /** jFLAC tells of damaged frames here, and decodes them as silence. */
    private static final class Problems implements FrameListener {
        private String first;

        @Override
        public void processMetadata(Metadata metadata) {}

        @Override
        public void processFrame(Frame frame) {}

        @Override
        public void processError(String message) {
            first = first == null ? message : first;
        }
    }
}
