package unweave.audio.file;

import com.jcraft.jogg.Packet;
import com.jcraft.jogg.Page;
import com.jcraft.jogg.StreamState;
import com.jcraft.jogg.SyncState;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Vorbis in Ogg (Xiph, "Vorbis I specification" and RFC 3533), decoded by JOrbis. Other streams in the file, such as a
 * picture's, are passed over; further Vorbis streams that follow (chaining) are part of the sound.
 */
final class VorbisSound extends DecodedSound {
    /** What is said where the last page does not end its stream. */
    static final String NO_END = "its stream has no end: the file may have been cut off";

    private static final int HEADERS = 3;
    private static final int BLOCK_BYTES = 1 << 12;

    private final InputStream in;
    private final SyncState sync = new SyncState();
    private final Page page = new Page();
    private final Packet packet = new Packet();
    private StreamState stream = new StreamState();
    private Info info;
    private Comment comment;
    private DspState state;
    private Block block;
    private int serial;
    private int headers;
    private boolean open;
    private boolean complete;
    private float[][] samples = {};

    VorbisSound(SoundSource source) throws IOException {
        super(source);
        this.in = source.stream(0);
        sync.init();
        try {
            do {
                if (!nextPacket()) {
                    throw source.error(
                            "truncated or damaged Ogg file: it ends inside the headers of its Vorbis stream");
                }
            } while (headers < HEADERS);
        } catch (RuntimeException e) { // JOrbis checks no lengths
            throw unknownHeader(source, e);
        }
        is(info.rate, info.channels, -1);
        begin();
    }

    /** JOrbis refuses what it does not know, such as most sounds of six channels: that is no damage. */
    private static SoundFormatException unknownHeader(SoundSource source, Exception cause) {
        SoundFormatException error = source.foreign(
                "the headers of its Vorbis stream cannot be read, they are damaged or of an unknown kind");
        error.initCause(cause);
        return error;
    }

    private void begin() {
        state = new DspState();
        state.synthesis_init(info);
        block = new Block(state);
    }

    @Override
    void decode() throws IOException {
        try {
            float[][][] pcm = new float[1][][];
            int[] index = new int[channels()];
            while (true) {
                int count = state.synthesis_pcmout(pcm, index);
                if (count > 0) {
                    copy(pcm[0], index, count);
                    state.synthesis_read(count);
                    hand(samples, 0, count);
                    return;
                }
                if (!nextPacket()) {
                    if (!complete) {
                        note(NO_END);
                    }
                    return;
                }
                if (headers == HEADERS && block.synthesis(packet) == 0) {
                    state.synthesis_blockin(block);
                }
            }
        } catch (RuntimeException e) { // JOrbis checks no lengths
            throw damaged("Ogg", e);
        }
    }

    private void copy(float[][] pcm, int[] index, int count) {
        if (samples.length == 0 || samples[0].length < count) {
            samples = new float[channels()][count];
        }
        for (int c = 0; c < channels(); c++) {
            System.arraycopy(pcm[c], index[c], samples[c], 0, count);
        }
    }

    /** The next packet of the Vorbis stream; headers are read on the way and count up. False at the end. */
    private boolean nextPacket() throws IOException {
        while (true) {
            int found = open ? stream.packetout(packet) : 0;
            if (found < 0) {
                throw damaged("Ogg", null); // a page is missing
            }
            if (found > 0) {
                if (headers < HEADERS) {
                    readHeader();
                }
                return true;
            }
            if (!nextPage()) {
                return false;
            }
        }
    }

    private void readHeader() throws IOException {
        if (headers == 1) {
            requireComments();
        }
        if (info.synthesis_headerin(comment, packet) < 0) {
            throw unknownHeader(source(), null);
        }
        headers++;
        if (headers == HEADERS && state != null) { // of a chained stream
            if (info.rate != sampleRate() || info.channels != channels()) {
                throw source().error("its streams differ in rate or channels (" + sampleRate() + " Hz with "
                        + channels() + ", then " + info.rate + " Hz with " + info.channels
                        + "); make one file of each");
            }
            begin();
        }
    }

    /** Feeds the next page of the Vorbis stream, or of one that follows it. */
    private boolean nextPage() throws IOException {
        while (true) {
            int found = sync.pageout(page);
            if (found > 0 && accept()) {
                return true;
            }
            if (found < 0 && !complete) {
                throw damaged("Ogg", null); // bytes that are no page, or a page with a wrong check sum
            }
            if (found == 0) {
                int offset = sync.buffer(BLOCK_BYTES);
                int count = in.read(sync.data, offset, BLOCK_BYTES);
                if (count <= 0) {
                    return false;
                }
                sync.wrote(count);
            }
        }
    }

    private boolean accept() {
        boolean begins = page.bos() != 0;
        if (begins && isVorbis() && (!open || complete)) {
            serial = page.serialno();
            stream = new StreamState();
            stream.init(serial);
            info = new Info();
            info.init();
            comment = new Comment();
            comment.init();
            headers = 0;
            open = true;
            complete = false;
        } else if (begins || !open || page.serialno() != serial) {
            return false;
        }
        complete |= page.eos() != 0;
        return stream.pagein(page) == 0;
    }

    private boolean isVorbis() {
        byte[] tag = {1, 'v', 'o', 'r', 'b', 'i', 's'};
        return page.body_len >= tag.length
                && Arrays.equals(page.body_base, page.body, page.body + tag.length, tag, 0, tag.length);
    }

    /** JOrbis makes arrays as long as the comments claim to be. */
    private void requireComments() throws SoundFormatException {
        ByteBuffer bytes =
                ByteBuffer.wrap(packet.packet_base, packet.packet, packet.bytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(Math.min(bytes.limit(), bytes.position() + 7));
        boolean whole = passText(bytes) && bytes.remaining() >= 4;
        long count = whole ? Integer.toUnsignedLong(bytes.getInt()) : 0;
        for (long i = 0; whole && i < count; i++) {
            whole = passText(bytes);
        }
        if (!whole) {
            throw unknownHeader(source(), null);
        }
    }

    private static boolean passText(ByteBuffer bytes) {
        if (bytes.remaining() < 4) {
            return false;
        }
        long length = Integer.toUnsignedLong(bytes.getInt());
        if (length > bytes.remaining()) {
            return false;
        }
        bytes.position(bytes.position() + (int) length);
        return true;
    }
}
