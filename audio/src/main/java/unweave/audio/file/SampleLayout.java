package unweave.audio.file;

import java.nio.ByteOrder;

/**
 * What a header says: how the samples are coded and where they lie. Channels are interleaved.
 *
 * @param sampleRate in Hz, as the header has it; not yet checked
 * @param start position of the first sample in the file, in bytes
 * @param bytes bytes of samples that the header promises, or {@link #TO_THE_END}
 * @param note what is wrong in the header and how it is read; null if nothing is
 */
record SampleLayout(
        SampleEncoding encoding, ByteOrder order, int channels, long sampleRate, long start, long bytes, String note) {

    SampleLayout(SampleEncoding encoding, ByteOrder order, int channels, long sampleRate, long start, long bytes) {
        this(encoding, order, channels, sampleRate, start, bytes, null);
    }

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

    /** The same with a place. */
    SampleLayout at(long position, long count) {
        return new SampleLayout(encoding, order, channels, sampleRate, position, count, note);
    }

    /**
     * The same in a file of {@code end} bytes. A size that was never filled in means all there is, and so does one that
     * counts the header, too, which some programs write; the layout then has a note. Whatever promises more stays as it
     * is: the file was cut off.
     */
    SampleLayout closedAt(long end) {
        long available = Math.max(0, end - start);
        if (bytes == TO_THE_END) {
            return withNote(
                    available, "its header does not say how long the sound is; it is read to the end of the file");
        }
        boolean slightly = bytes > available && (bytes <= end + 8 || bytes - available < frameBytes());
        return slightly
                ? withNote(
                        available,
                        "its header promises " + bytes + " bytes of sound, the file holds " + available
                                + "; all of them are read")
                : this;
    }

    private SampleLayout withNote(long count, String text) {
        return new SampleLayout(encoding, order, channels, sampleRate, start, count, text);
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
