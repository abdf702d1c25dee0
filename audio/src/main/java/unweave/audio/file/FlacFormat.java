package unweave.audio.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import net.sourceforge.javaflacencoder.EncodingConfiguration;
import net.sourceforge.javaflacencoder.FLACEncoder;
import net.sourceforge.javaflacencoder.FLACOutputStream;
import net.sourceforge.javaflacencoder.StreamConfiguration;

/** Writes FLAC (RFC 9639): one channel of 16-bit samples, the same as in a 16-bit WAV file, without loss. */
final class FlacFormat {
    /** The smallest block that the format allows, in samples. */
    private static final int SMALLEST_BLOCK = 16;

    private static final int LARGEST_BLOCK = 4096;

    private FlacFormat() {}

    /**
     * A whole file.
     *
     * @param samples not modified
     * @param sampleRate in Hz, 1 to 655350
     */
    static byte[] encode(short[] samples, int sampleRate) {
        int[] wide = new int[samples.length];
        for (int n = 0; n < wide.length; n++) {
            wide[n] = samples[n];
        }
        // The encoder fails at the end of sounds that are a number of whole blocks.
        int block = LARGEST_BLOCK;
        while (samples.length % block == 0 && block > SMALLEST_BLOCK) {
            block--;
        }
        FLACEncoder encoder = new FLACEncoder();
        // Blocks are encoded by the caller's thread; with a count of 0, though, the encoder fails at its first block.
        encoder.setThreadCount(1);
        encoder.setStreamConfiguration(new StreamConfiguration(1, SMALLEST_BLOCK, block, sampleRate, Short.SIZE));
        encoder.setEncodingConfiguration(new EncodingConfiguration());
        Bytes out = new Bytes();
        try {
            encoder.setOutputStream(out);
            encoder.openFLACStream();
            encoder.addSamples(wide, wide.length);
            encoder.encodeSamples(encoder.samplesAvailableToEncode(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(out.bytes, out.size);
    }

    /** In memory, where the header can be written again: it holds the number of samples and their digest. */
    private static final class Bytes implements FLACOutputStream {
        private byte[] bytes = new byte[1 << 12];
        private int size;
        private int at;

        @Override
        public long seek(long position) {
            at = Math.toIntExact(position);
            return at;
        }

        @Override
        public int write(byte[] data, int offset, int count) {
            if (at + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + count));
            }
            System.arraycopy(data, offset, bytes, at, count);
            at += count;
            size = Math.max(size, at);
            return count;
        }

        @Override
        public void write(byte data) {
            write(new byte[] {data}, 0, 1);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public boolean canSeek() {
            return true;
        }

        @Override
        public long getPos() {
            return at;
        }
    }
}
