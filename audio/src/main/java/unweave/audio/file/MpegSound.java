package unweave.audio.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.DecoderException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.Obuffer;

/**
 * MPEG audio, layers 1 to 3 (MP3), decoded by JLayer. An encoder puts silence before and behind a sound; the header
 * that LAME and FFmpeg write (Xing or Info, in a first frame that is no sound) says how much, and it is cut away, so
 * that start and length are those of the sound that was encoded. Without that header nothing is cut, as FFmpeg does it.
 */
final class MpegSound extends DecodedSound {
    /** What the decoder itself is late, in samples: 528 of the filter bank and 1 of its overlap. */
    private static final int DECODER_DELAY = 529;
    /** JLayer's full scale. */
    private static final float FULL_SCALE = 32700f;

    private final MpegFrames frames;
    private final Bitstream bitstream;
    private final Decoder decoder = new Decoder();
    private final Samples samples;
    private final int rate;
    private final int channels;
    /** Samples still to leave out at the start. */
    private long lead;
    /** Frames that the header announces, its own not counted; -1 if it does not. */
    private long announced = -1;
    /** Samples per channel; -1 if unknown. */
    private long length = -1;

    private long given;

    MpegSound(SoundSource in) throws IOException {
        super(in);
        this.frames = new MpegFrames(in);
        this.rate = frames.first().sampleRate();
        this.channels = frames.first().channels();
        this.samples = new Samples(channels);
        decoder.setOutputBuffer(samples);
        readInfo(in);
        this.bitstream = new Bitstream(frames);
    }

    /** The header in the first frame, if there is one. */
    private void readInfo(SoundSource in) throws IOException {
        MpegHeader first = frames.first();
        long start = frames.at();
        byte[] frame = first.bytes() + start <= frames.end() ? frames.pass() : new byte[0];
        int side = first.lowRate() ? (channels == 1 ? 9 : 17) : channels == 1 ? 17 : 32;
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        String tag = text(frame, MpegHeader.SIZE + side);
        if (first.layer() == 3 && (tag.equals("Xing") || tag.equals("Info"))) {
            readXing(in, bytes, MpegHeader.SIZE + side);
        } else if (first.layer() == 3 && text(frame, 36).equals("VBRI") && frame.length >= 54) {
            announced = Integer.toUnsignedLong(bytes.getInt(50));
        } else {
            frames.back(start);
        }
    }

    private void readXing(SoundSource in, ByteBuffer bytes, int at) throws IOException {
        bytes.position(Math.min(bytes.limit(), at + 4));
        if (bytes.remaining() < 4) {
            return;
        }
        int flags = bytes.getInt();
        int needed = 4 * Integer.bitCount(flags & 11) + ((flags & 4) == 0 ? 0 : 100);
        if (bytes.remaining() < needed) {
            return;
        }
        announced = (flags & 1) == 0 ? -1 : Integer.toUnsignedLong(bytes.getInt());
        long size = (flags & 2) == 0 ? -1 : Integer.toUnsignedLong(bytes.getInt());
        bytes.position(bytes.position() + ((flags & 4) == 0 ? 0 : 100) + ((flags & 8) == 0 ? 0 : 4));
        requireWhole(in, size);
        if (bytes.remaining() >= 24) {
            String encoder = text(bytes, bytes.position());
            int delays = bytes.getInt(bytes.position() + 20) & 0xFFFFFF;
            if (encoder.equals("LAME") || encoder.equals("Lavf") || encoder.equals("Lavc")) {
                int before = delays >> 12;
                int behind = delays & 0xFFF;
                lead = (long) before + DECODER_DELAY;
                if (announced > 0) {
                    // What the decoder is late at the start is missing at the end.
                    length = announced * frames.first().samples() - lead - Math.max(0, behind - DECODER_DELAY);
                }
            }
        }
    }

    private void requireWhole(SoundSource in, long size) throws SoundFormatException {
        long present = frames.end() - frames.at() + frames.first().bytes();
        if (announced > 0 && size > present) {
            throw in.error("truncated: its header promises " + size + " bytes of sound, the file holds " + present);
        }
    }

    private static String text(ByteBuffer bytes, int at) {
        byte[] four = new byte[4];
        bytes.get(at, four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes, int at) {
        return at + 4 <= bytes.length ? text(ByteBuffer.wrap(bytes), at) : "";
    }

    @Override
    public int sampleRate() {
        return rate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public long frames() {
        return length;
    }

    @Override
    void decode() throws IOException {
        while (length < 0 || given < length) {
            if (!frames.hasNext()) {
                finish();
                return;
            }
            int count = frames.take().samples();
            decodeFrame(count);
            int from = (int) Math.min(lead, count);
            lead -= from;
            int to = length < 0 ? count : (int) Math.min(count, from + length - given);
            if (to > from) {
                given += to - from;
                hand(samples.channels, from, to);
                return;
            }
        }
    }

    private void finish() {
        if (frames.skipped() > 0) {
            note(frames.skipped() + " bytes between its frames are no sound and were passed over");
        }
        if (length > 0) {
            note("its header promises " + length + " samples, the file holds " + given);
        }
    }

    private void decodeFrame(int count) throws SoundFormatException {
        samples.begin(count);
        try {
            Header header = bitstream.readFrame();
            if (header == null) {
                throw damaged("MP3", null);
            }
            decoder.decodeFrame(header, bitstream);
            bitstream.closeFrame();
        } catch (BitstreamException | DecoderException | RuntimeException e) { // JLayer checks no lengths
            throw damaged("MP3", e);
        }
    }

    /**
     * Receives what JLayer decodes, as it is: JLayer's own buffer would round to 16 bits. A frame whose beginning lies
     * in frames that the file lacks decodes to nothing, which stays zero.
     */
    private static final class Samples extends Obuffer {
        private final float[][] channels;
        private final int[] filled;

        Samples(int channels) {
            this.channels = new float[channels][1152];
            this.filled = new int[channels];
        }

        void begin(int count) {
            for (float[] channel : channels) {
                Arrays.fill(channel, 0, count, 0);
            }
            Arrays.fill(filled, 0);
        }

        @Override
        public void appendSamples(int channel, float[] values) {
            for (int n = 0; n < 32; n++) {
                channels[channel][filled[channel]++] = values[n] / FULL_SCALE;
            }
        }

        @Override
        public void append(int channel, short value) {
            channels[channel][filled[channel]++] = value / FULL_SCALE;
        }

        @Override
        public void write_buffer(int value) {}

        @Override
        public void close() {}

        @Override
        public void clear_buffer() {}

        @Override
        public void set_stop_flag() {}
    }
}
