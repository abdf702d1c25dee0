package unweave.explain.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stands for the samples of a sound, whatever file they were read from: the beginning of the SHA-256 of rate, number of
 * channels and samples. Fed with a sound block by block, in order; for one thread.
 */
final class Fingerprint {
    private static final int CHUNK = 1 << 14;

    private final MessageDigest digest = sha256();
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private boolean begun;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The next samples.
     *
     * @param channels [channel][sample]; not modified
     * @param count samples per channel, from 0 on
     * @param sampleRate in Hz
     */
    void add(float[][] channels, int count, int sampleRate) {
        if (!begun) {
            begun = true;
            put(sampleRate);
            put(channels.length);
        }
        for (int n = 0; n < count; n++) {
            for (float[] channel : channels) {
                put(Float.floatToIntBits(channel[n]));
            }
        }
    }

    private void put(int value) {
        if (!chunk.hasRemaining()) {
            flush();
        }
        chunk.putInt(value);
    }

    private void flush() {
        digest.update(chunk.flip());
        chunk.clear();
    }

    /** 16 hex digits; nothing can be added afterwards. */
    String hex() {
        flush();
        return HexFormat.of().formatHex(digest.digest(), 0, Long.BYTES);
    }
}
