package unweave.audio.file;

import java.nio.ByteOrder;

/**
 * What a header says: how the samples are coded and where they lie. Channels are interleaved.
 *
 * @param sampleRate in Hz, as the header has it; not yet checked
 * @param start position of the first sample in the file, in bytes
 * @param bytes bytes of samples that the header promises, or {@link #TO_THE_END}
 */
record SampleLayout(SampleEncoding encoding, ByteOrder order, int channels, long sampleRate, long start, long bytes) {

    /** The length was not known when the header was written: the samples go on to the end of the file. */
    static final long TO_THE_END = -1;

    /**
     * Sizes from here on are what programs that write into a pipe put in for "unknown" (SoX: 7F000000, 7FFFF000;
     * FFmpeg: FFFFFFFF).
     */
    private static final long PLACEHOLDER = 0x7F00_0000L;

    /**
     * A 32-bit size as it is, or {@link #TO_THE_END} when it is a placeholder: huge, and more than {@code available}
     * bytes.
     */
    static long sizeOrOpenEnd(long size, long available) {
        return size >= PLACEHOLDER && size > available ? TO_THE_END : size;
    }

    /** Bytes of one sample of every channel. */
    int frameBytes() {
        return encoding.bytes() * channels;
    }

    /** For messages: "44100 Hz stereo". */
    String title() {
        String spread =
                switch (channels) {
                    case 1 -> "mono";
                    case 2 -> "stereo";
                    default -> "with " + channels + " channels";
                };
        return sampleRate + " Hz " + spread;
    }
}
