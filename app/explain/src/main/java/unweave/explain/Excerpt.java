package unweave.explain;

import java.util.Arrays;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.data.SoundLoader;
import unweave.kernels.BadInputException;

/**
 * The part of a sound that is explained, as long as the model's input or shorter where the sound ends before.
 *
 * @param name of the sound: the file as the user named it
 * @param signal at the model's sample rate
 * @param start where in the sound it begins, in seconds
 * @param soundSeconds duration of the whole sound
 * @param frontEnd that makes the model's input
 */
public record Excerpt(String name, float[] signal, double start, double soundSeconds, FrontEnd frontEnd) {
    /**
     * Parts of a sound that stay this far below its peak count as silent: resampling smears loud parts at about this
     * level.
     */
    private static final double SILENCE = 1e-5;

    /**
     * The part of a sound that begins at its start.
     *
     * @throws BadInputException if the part is silent and the front end cannot take silence, or it begins after the end
     *     of the sound
     */
    public static Excerpt of(Sound sound, SoundLoader loader, FrontEnd frontEnd) {
        float[] signal = loader.signal(sound.name(), sound.samples(), sound.sampleRate());
        double rate = frontEnd.sampleRate();
        double soundSeconds = signal.length / rate;
        long first = Math.round(sound.start() * rate);
        if (first >= signal.length) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: the start, %s s, is not inside the sound, which ends at %.2f s",
                    sound.name(),
                    decimal(sound.start()),
                    soundSeconds));
        }
        int from = (int) first;
        int to = Math.min(signal.length, from + frontEnd.samples());
        if (!frontEnd.acceptsSilence()) {
            requireSound(sound.name(), signal, from, to, rate);
        }
        return new Excerpt(sound.name(), Arrays.copyOfRange(signal, from, to), sound.start(), soundSeconds, frontEnd);
    }

    private static void requireSound(String name, float[] sound, int from, int to, double rate) {
        double limit = SILENCE * peak(sound, 0, sound.length);
        if (peak(sound, from, to) > limit) {
            return;
        }
        int loud = 0;
        while (Math.abs(sound[loud]) <= limit) {
            loud++;
        }
        double suggestion = Math.floor(loud / rate * 10) / 10;
        throw new BadInputException(String.format(
                Locale.ROOT,
                "%s: silent from %.2f s to %.2f s; choose another part, such as the one that starts at %s s",
                name,
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
        return (double) frontEnd.samples() / frontEnd.sampleRate();
    }

    /** How much silence was appended to reach the length of the model's input, in seconds. */
    public double paddedSeconds() {
        return (double) (frontEnd.samples() - signal.length) / frontEnd.sampleRate();
    }

    /** Where the excerpt ends in the sound, in seconds. */
    public double end() {
        return start + (double) signal.length / frontEnd.sampleRate();
    }

    /** At most three decimals, without superfluous zeros. */
    public static String decimal(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
