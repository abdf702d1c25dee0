package unweave.explain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import unweave.audio.file.SoundFiles;
import unweave.audio.file.SoundFormatException;
import unweave.explain.data.ChannelBalance;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/**
 * A sound in memory: one channel, of any length and rate.
 *
 * @param name for messages: the file as it was named
 * @param samples full scale is -1 to 1. Not copied and not to be modified
 * @param sampleRate in Hz
 * @param start where the part that is explained begins, in seconds; everything else ignores it
 */
public record Sound(String name, float[] samples, int sampleRate, double start) {
    private static final String IN_MEMORY = "sound";

    /** @throws BadInputException without samples, at a rate below 1 Hz, or with a start before the beginning */
    public Sound {
        require(samples.length > 0, name + ": holds 0 samples");
        require(sampleRate > 0, name + ": a sample rate of " + sampleRate + " Hz; at least 1 Hz is needed");
        requireStart(name, start);
    }

    static void requireStart(String name, double start) {
        require(
                start >= 0 && !Double.isInfinite(start),
                name + ": cannot begin at " + start + " s; expected 0 or more seconds");
    }

    /**
     * Reads a sound file of any kind ({@link SoundFiles#read}); several channels become their mean.
     *
     * @throws BadInputException in one line, if the file is missing, no sound, truncated or empty, holds values that
     *     are not numbers, or channels that cancel each other
     * @throws IOException if reading fails for another reason
     */
    public static Sound read(Path file) throws IOException {
        return read(file, Monitor.silent());
    }

    /** As {@link #read(Path)}; the monitor is told what is not quite right in the file. */
    public static Sound read(Path file, Monitor monitor) throws IOException {
        try {
            return of(file.toString(), SoundFiles.read(file, monitor::note), monitor);
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
    }

    /**
     * Reads a stream to its end, see {@link #read(Path)}.
     *
     * @param name for messages
     */
    public static Sound read(InputStream stream, String name) throws IOException {
        try {
            return of(name, SoundFiles.read(stream, name), Monitor.silent());
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
    }

    /**
     * Samples in memory.
     *
     * @throws BadInputException if a sample is not a finite number
     */
    public static Sound of(float[] samples, int sampleRate) {
        for (int n = 0; n < samples.length; n++) {
            require(
                    Float.isFinite(samples[n]),
                    IN_MEMORY + ": sample " + n + " is " + samples[n] + "; every sample must be a finite number");
        }
        return new Sound(IN_MEMORY, samples, sampleRate, 0);
    }

    private static Sound of(String name, unweave.audio.file.Sound sound, Monitor monitor) {
        ChannelBalance balance = new ChannelBalance();
        balance.add(sound.channels(), sound.length());
        require(!balance.cancels(), ChannelBalance.problem(name));
        balance.remark(name).ifPresent(monitor::warn);
        return new Sound(name, sound.mono(), sound.sampleRate(), 0);
    }

    /** The same sound, explained from here on: {@code sound.from(30, SECONDS)}. */
    public Sound from(double time, TimeUnit unit) {
        return new Sound(name, samples, sampleRate, time * unit.toNanos(1) * 1e-9);
    }

    /** Duration of the whole sound in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRate;
    }

    /** Writes a WAV file of 16 bits; it appears under its name when it is complete. */
    public void write(Path file) throws IOException {
        try {
            SoundFiles.writeWav(file, samples, sampleRate);
        } catch (SoundFormatException e) {
            throw new BadInputException(e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }
}
