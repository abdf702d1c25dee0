package unweave.explain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.Resampler;
import unweave.audio.resample.ResamplingFilter;

/** Reads sound files as mono signals at a model's sample rate. Several threads may use one instance. */
public final class SoundLoader {
    /** The filter of the thesis' preprocessing, so that inputs agree with those of models trained in Python. */
    public static final ResamplingFilter FILTER = ResamplingFilter.TORCHAUDIO;

    private final int sampleRate;
    private final Map<Integer, Resampler> resamplers = new ConcurrentHashMap<>();

    /** @param sampleRate that all signals are brought to, in Hz */
    public SoundLoader(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /**
     * The mean of a file's channels, resampled.
     *
     * @throws IOException if the file is missing, not a sound, truncated, empty, or holds values that are not numbers
     * @throws IllegalArgumentException if it is silent throughout
     */
    public float[] load(Path file) throws IOException {
        Sound sound = SoundFiles.read(file);
        float[] mono = sound.mono();
        requireSound(file, mono);
        if (sound.sampleRate() == sampleRate) {
            return mono;
        }
        return resamplers
                .computeIfAbsent(sound.sampleRate(), rate -> new Resampler(rate, sampleRate, FILTER))
                .resample(mono);
    }

    private static void requireSound(Path file, float[] signal) {
        for (float value : signal) {
            if (value != 0) {
                return;
            }
        }
        throw new IllegalArgumentException(
                file + ": silent, all " + signal.length + " samples are zero; there is nothing to learn or explain");
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
