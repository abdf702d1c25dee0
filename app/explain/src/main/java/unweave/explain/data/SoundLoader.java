package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.FrontEnd;
import unweave.kernels.BadInputException;

/** Reads sound files as mono signals at a model's sample rate. Several threads may use one instance. */
public final class SoundLoader {
    private final int sampleRate;
    private final ResamplingFilter filter;
    private final boolean silenceCounts;
    private final Map<Integer, Resampler> resamplers = new ConcurrentHashMap<>();

    /**
     * A loader that refuses silence.
     *
     * @param sampleRate that all signals are brought to, in Hz
     */
    public SoundLoader(int sampleRate) {
        this(sampleRate, ResamplingFilter.STANDARD, false);
    }

    /** A loader for a front end: with its filter, and refusing silence if it does. */
    public SoundLoader(FrontEnd frontEnd) {
        this(frontEnd.sampleRate(), frontEnd.resampling(), frontEnd.acceptsSilence());
    }

    private SoundLoader(int sampleRate, ResamplingFilter filter, boolean silenceCounts) {
        this.sampleRate = sampleRate;
        this.filter = filter;
        this.silenceCounts = silenceCounts;
    }

    /**
     * The mean of a file's channels, resampled.
     *
     * @throws BadInputException if the file is missing, not a sound, truncated, empty, holds values that are not
     *     numbers, or is silent throughout
     */
    public float[] load(Path file) throws IOException {
        try (SignalReader reader = open(file)) {
            float[] signal = reader.rest();
            if (!silenceCounts && silent(signal, 0, signal.length)) {
                throw reader.silence(file.toString());
            }
            return signal;
        }
    }

    /**
     * As {@link #load}, but the file may be silent: one part of a recording that does not sound in it.
     *
     * @throws BadInputException as {@link #load} otherwise
     */
    public float[] part(Path file) throws IOException {
        try (SignalReader reader = open(file)) {
            return reader.rest();
        }
    }

    /** A file as {@link #load} reads it, to be read bit by bit. */
    public SignalReader open(Path file) throws IOException {
        return SignalReader.open(file, sampleRate, this::resampler);
    }

    private Resampler resampler(int from) {
        return resamplers.computeIfAbsent(from, rate -> new Resampler(rate, sampleRate, filter));
    }

    /**
     * Samples at any rate, resampled.
     *
     * @param name for messages
     * @param samples not modified; returned themselves if they have the wanted rate already
     * @throws BadInputException if all samples are zero and silence is refused
     */
    public float[] signal(String name, float[] samples, int rate) {
        if (!silenceCounts) {
            requireSound(name, samples);
        }
        return part(samples, rate);
    }

    /**
     * Samples at any rate, resampled; they may be silent.
     *
     * @param samples not modified; returned themselves if they have the wanted rate already
     */
    public float[] part(float[] samples, int rate) {
        if (rate == sampleRate) {
            return samples;
        }
        return resampler(rate).resample(samples);
    }

    private static void requireSound(String name, float[] signal) {
        if (silent(signal, 0, signal.length)) {
            throw new BadInputException(silence(name, signal.length));
        }
    }

    /** Why a silent sound is refused. */
    static String silence(String name, long samples) {
        return name + ": silent, all " + samples + " samples are zero; there is nothing to learn or explain";
    }

    /** Whether an excerpt holds nothing but zeros. */
    static boolean silent(float[] signal, int start, int length) {
        int end = Math.min(signal.length, start + length);
        for (int i = start; i < end; i++) {
            if (signal[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
