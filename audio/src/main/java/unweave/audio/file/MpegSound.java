package unweave.audio.file;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
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
 * Files that were joined hold several sounds, each with such a header of its own: they are read one after the other.
 */
final class MpegSound extends DecodedSound {
    /** JLayer's full scale. */
    private static final float FULL_SCALE = 32700f;

    private final MpegFrames frames;
    private final Bitstream bitstream;
    private final Decoder decoder = new Decoder();
    private final Samples samples;
    /** What is said of the part of the file that is being read. */
    private MpegInfo info = MpegInfo.NONE;
    /** Samples of this part still to leave out at its start. */
    private long lead;
    /** Frames of this part that were decoded. */
    private long decoded;
    /** Samples per channel that were given out of this part. */
    private long given;

    private int parts = 1;
    /** Samples that the headers of the parts promise, and those that were there. */
    private long promised;

    private long held;

    MpegSound(SoundSource in) throws IOException {
        super(in);
        this.frames = new MpegFrames(in);
        MpegHeader first = frames.first();
        if (first.layer() == 2 && first.lowRate()) { // JLayer takes it for damaged
            throw in.foreign(
                    "MPEG layer 2 of " + first.sampleRate() + " Hz is not supported; supported are 32 to 48 kHz");
        }
        this.samples = new Samples(first.channels());
        decoder.setOutputBuffer(samples);
        MpegInfo said = MpegInfo.of(first, frames.peek());
        boolean all = said != null && frames.at() + said.bytes() >= frames.end(); // else more may follow
        is(first.sampleRate(), first.channels(), all ? said.length() : -1);
        this.bitstream = new Bitstream(frames);
        if (said != null) {
            begin(said);
            frames.take();
        }
    }

    private void begin(MpegInfo part) throws SoundFormatException {
        long present = frames.end() - frames.at();
        if (part.frames() > 0 && part.bytes() > present) {
            throw source().error("truncated: its header promises " + part.bytes() + " bytes of sound, the file holds "
                    + present);
        }
        info = part;
        lead = part.lead();
        decoded = 0;
        given = 0;
    }

    @Override
    void decode() throws IOException {
        while (frames.hasNext()) {
            MpegInfo said = MpegInfo.of(frames.next(), frames.peek());
            if (said != null || (info.length() >= 0 && decoded == info.frames())) {
                end();
                parts++;
                begin(said == null ? MpegInfo.NONE : said);
            }
            MpegHeader frame = frames.take();
            if (said != null) {
                continue;
            }
            decodeFrame(frame);
            int count = frame.samples();
            decoded++;
            int from = (int) Math.min(lead, count);
            lead -= from;
            int to = info.length() < 0 ? count : (int) Math.min(count, from + info.length() - given);
            if (to > from) {
                given += to - from;
                hand(samples.channels, from, to);
                return;
            }
        }
        end();
        tell();
    }

    /** A part has ended. */
    private void end() {
        if (info.length() >= 0) {
            promised += info.length();
            held += given;
        }
    }

    private void tell() {
        if (parts > 1) {
            note("holds " + parts + " sounds that were joined; all are read, one after the other");
        }
        if (frames.skipped() > 0) {
            note(frames.skipped() + " bytes between its frames are no sound and were passed over");
        }
        if (frames.cut()) {
            note("its last frame is not whole and was left out: the file may have been cut off");
        }
        if (held < promised) {
            note("its header promises " + promised + " samples, the file holds " + held);
        }
    }

    private void decodeFrame(MpegHeader frame) throws SoundFormatException {
        if (frame.channels() != channels()) {
            throw source().error(String.format(
                    Locale.ROOT,
                    "its frames have %d channel(s), then %d from %.3f s on; make one file of each",
                    channels(),
                    frame.channels(),
                    seconds(position())));
        }
        samples.begin(frame.samples());
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
