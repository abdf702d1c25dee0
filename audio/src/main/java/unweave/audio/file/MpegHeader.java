package unweave.audio.file;

/**
 * The four bytes before each frame of MPEG audio (ISO/IEC 11172-3, 2.4.1.3, and 13818-3; MPEG 2.5 halves the rates once
 * more).
 *
 * @param layer 1, 2 or 3
 * @param lowRate MPEG 2 or 2.5
 * @param sampleRate in Hz
 * @param channels 1 or 2
 * @param bytes length of the frame, header included
 */
record MpegHeader(int layer, boolean lowRate, int sampleRate, int channels, int bytes) {
    /** kbit/s by index, 1 to 14. */
    private static final int[][] BIT_RATES = {
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448}, // layer 1
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384}, // layer 2
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, // layer 3
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256}, // layer 1 at low rates
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160} // layers 2 and 3 at low rates
    };

    private static final int[] RATES = {44100, 48000, 32000};

    /** Bytes of the header itself. */
    static final int SIZE = 4;

    /** The header in four bytes, null if they are none. Frames of free bit rate have no length of their own: none. */
    static MpegHeader of(int word) {
        int version = word >>> 19 & 3; // 0 MPEG 2.5, 2 MPEG 2, 3 MPEG 1
        int layer = 4 - (word >>> 17 & 3);
        int bitRate = word >>> 12 & 15;
        int rate = word >>> 10 & 3;
        if (word >>> 21 != 0x7FF || version == 1 || layer == 4 || bitRate == 0 || bitRate == 15 || rate == 3) {
            return null;
        }
        boolean low = version != 3;
        int hertz = RATES[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        int bits = 1000 * BIT_RATES[low ? layer == 1 ? 3 : 4 : layer - 1][bitRate];
        int padding = word >>> 9 & 1;
        int bytes = layer == 1 ? 4 * (12 * bits / hertz + padding) : samples(layer, low) / 8 * bits / hertz + padding;
        return new MpegHeader(layer, low, hertz, (word >>> 6 & 3) == 3 ? 1 : 2, bytes);
    }

    /** Whether four bytes are the header of a frame that does not say how long it is. */
    static boolean isFree(int word) {
        return (word >>> 12 & 15) == 0 && of(word | 1 << 12) != null;
    }

    /** Samples per channel of a frame. */
    int samples() {
        return samples(layer, lowRate);
    }

    private static int samples(int layer, boolean low) {
        return layer == 1 ? 384 : layer == 3 && low ? 576 : 1152;
    }

    /** Whether two frames can be of one sound. */
    boolean continues(MpegHeader other) {
        return other != null && layer == other.layer && lowRate == other.lowRate && sampleRate == other.sampleRate;
    }
}
