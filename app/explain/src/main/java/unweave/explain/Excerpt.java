package unweave.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.explain.data.SoundLoader;

/**
 * The part of a sound file that is explained, as long as the model's input or shorter where the sound ends before.
 *
 * @param file as the user named it
 * @param signal at the model's sample rate
 * @param start where in the sound it begins, in seconds
 * @param soundSeconds duration of the whole sound
 * @param settings of the model's input
 */
public record Excerpt(Path file, float[] signal, double start, double soundSeconds, SpectrogramSettings settings) {
    /**
     * Parts of a sound that stay this far below its peak count as silent: resampling smears loud parts at about this
     * level.
     */
    private static final double SILENCE = 1e-5;

    /**
     * Reads a part of a sound file.
     *
     * @param start in seconds
     * @throws IOException if the file cannot be read, is no sound, is truncated, empty, or holds values that are not
     *     numbers
     * @throws IllegalArgumentException if the part is silent or begins after the end of the sound
     */
    public static Excerpt read(SoundLoader loader, Path file, double start, SpectrogramSettings settings)
            throws IOException {
        float[] sound = loader.load(file);
        double rate = settings.sampleRate();
        double soundSeconds = sound.length / rate;
        long first = Math.round(start * rate);
        if (first >= sound.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s: --start %s s is not inside the sound, which ends at %.2f s",
                    file,
                    decimal(start),
                    soundSeconds));
        }
        int from = (int) first;
        int to = Math.min(sound.length, from + settings.samples());
        requireSound(file, sound, from, to, rate);
        return new Excerpt(file, Arrays.copyOfRange(sound, from, to), start, soundSeconds, settings);
    }

    private static void requireSound(Path file, float[] sound, int from, int to, double rate) {
        double limit = SILENCE * peak(sound, 0, sound.length);
        if (peak(sound, from, to) > limit) {
            return;
        }
        int loud = 0;
        while (Math.abs(sound[loud]) <= limit) {
            loud++;
        }
        double suggestion = Math.floor(loud / rate * 10) / 10;
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "%s: silent from %.2f s to %.2f s; choose another part, for example --start %s",
                file,
                from / rate,
                to / rate,
                decimal(suggestion)));
    }

    private static float peak(float[] sound, int from, int to) {
        float peak = 0;
        for (int i = from; i < to; i++) {
            peak = Math.max(peak, Math.abs(sound[i]));
        }
        return peak;
    }

    /** Duration of the model's input in seconds. */
    public double inputSeconds() {
        return (double) settings.samples() / settings.sampleRate();
    }

    /** How much silence was appended to reach the length of the model's input, in seconds. */
    public double paddedSeconds() {
        return (double) (settings.samples() - signal.length) / settings.sampleRate();
    }

    /** Where the excerpt ends in the sound, in seconds. */
    public double end() {
        return start + (double) signal.length / settings.sampleRate();
    }

    /** At most three decimals, without superfluous zeros. */
    public static String decimal(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
