package unweave.audio.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** An open sound that is decoded as it is read, so that a recording of any length takes little memory. One thread. */
public interface SoundStream extends Closeable {
    /** In Hz. What is recorded more slowly is no sound; resampled to one, it would take gigabytes. */
    int LOWEST_RATE = 100;
    /** In Hz. */
    int HIGHEST_RATE = 10_000_000;

    /** Samples per second and channel, in Hz; {@value #LOWEST_RATE} to {@value #HIGHEST_RATE}. */
    int sampleRate();

    /** At least 1. */
    int channels();

    /** Samples per channel, as far as the file's headers can be believed; -1 where only the end will tell. */
    long frames();

    /**
     * Reads the next samples.
     *
     * @param block [channel][sample], filled from 0 on; full scale is -1 to 1
     * @param count how many samples per channel to read at most; at least 1
     * @return how many were read, fewer than {@code count} only before the end; -1 at the end
     * @throws SoundFormatException when the file is damaged or holds a sample that is not a finite number
     */
    int read(float[][] block, int count) throws IOException;

    /**
     * Goes on by some samples without giving them out.
     *
     * @param frames samples per channel; at least 0
     * @return how many were skipped, fewer than asked for only where the sound ends
     */
    long skip(long frames) throws IOException;

    /** What was wrong in the file and how it was read, one line each that begins with the file's name. */
    List<String> notes();
}
