package unweave.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import unweave.audio.spectral.FrontEnd;
import unweave.explain.data.SignalReader;
import unweave.explain.data.SoundLoader;
import unweave.explain.progress.Monitor;
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
    /** Samples that are read at a time. */
    private static final int BLOCK = 1 << 14;

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
            throw notInside(sound.name(), sound.start(), soundSeconds);
        }
        int from = (int) first;
        int to = Math.min(signal.length, from + frontEnd.samples());
        Peaks peaks = new Peaks();
        peaks.add(signal, signal.length);
        Excerpt excerpt =
                new Excerpt(sound.name(), Arrays.copyOfRange(signal, from, to), sound.start(), soundSeconds, frontEnd);
        excerpt.requireSound(peaks);
        return excerpt;
    }

    /**
     * The part of a sound file, which may be of any length: only the part is held in memory.
     *
     * @param start where the part begins, in seconds
     * @param moving whether, if the part is silent, the one where the sound begins is taken instead
     * @param monitor is told what is not quite right in the file
     * @throws BadInputException as {@link Sound#read} and {@link #of}
     */
    static Excerpt read(Path file, double start, boolean moving, SoundLoader loader, FrontEnd frontEnd, Monitor monitor)
            throws IOException {
        double rate = frontEnd.sampleRate();
        Sound.requireStart(file.toString(), start);
        long first = Math.round(start * rate);
        float[] part = new float[frontEnd.samples()];
        int held = 0;
        Peaks peaks = new Peaks();
        try (SignalReader reader = loader.open(file)) {
            float[] block = new float[BLOCK];
            for (int count; (count = reader.read(block, 0, BLOCK)) > 0; ) {
                peaks.add(block, count);
                long skipped = Math.max(0, first - (reader.position() - count));
                int taken = (int) Math.max(0, Math.min(count - skipped, part.length - held));
                System.arraycopy(block, (int) Math.min(skipped, count), part, held, taken);
                held += taken;
            }
            reader.tell(file.toString(), monitor);
            if (!frontEnd.acceptsSilence() && peaks.largest() == 0) {
                throw reader.silence(file.toString());
            }
            double soundSeconds = reader.position() / rate;
            if (held == 0) {
                throw notInside(file.toString(), start, soundSeconds);
            }
            Excerpt excerpt = new Excerpt(file.toString(), Arrays.copyOf(part, held), start, soundSeconds, frontEnd);
            if (moving && excerpt.isSilent(peaks)) {
                double begin = excerpt.begin(peaks);
                monitor.note(String.format(
                        Locale.ROOT, "%s: silent at %s s; it begins at %s s", file, decimal(start), decimal(begin)));
                return read(file, begin, false, loader, frontEnd, Monitor.silent());
            }
            excerpt.requireSound(peaks);
            return excerpt;
        }
    }

    private static BadInputException notInside(String name, double start, double soundSeconds) {
        return new BadInputException(String.format(
                Locale.ROOT,
                "%s: the start, %s s, is not inside the sound, which ends at %.2f s",
                name,
                decimal(start),
                soundSeconds));
    }

    /** The samples of a sound that are louder than all before them: the first above any limit is one of these. */
    private static final class Peaks {
        private final List<Long> places = new ArrayList<>();
        private final List<Float> values = new ArrayList<>();
        private long samples;
        private float largest;

        void add(float[] block, int count) {
            for (int n = 0; n < count; n++) {
                float size = Math.abs(block[n]);
                if (size > largest) {
                    largest = size;
                    places.add(samples + n);
                    values.add(size);
                }
            }
            samples += count;
        }

        float largest() {
            return largest;
        }

        /** The first sample above a limit below the largest. */
        long firstAbove(double limit) {
            int i = 0;
            while (values.get(i) <= limit) {
                i++;
            }
            return places.get(i);
        }
    }

    private boolean isSilent(Peaks whole) {
        Peaks own = new Peaks();
        own.add(signal, signal.length);
        return !frontEnd.acceptsSilence() && own.largest() <= SILENCE * whole.largest();
    }

    /** Where the sound begins, in seconds: a round number if an excerpt from there on holds the beginning. */
    private double begin(Peaks whole) {
        double rate = frontEnd.sampleRate();
        long first = whole.firstAbove(SILENCE * whole.largest());
        double round = Math.floor(first / rate * 10) / 10;
        return first - Math.round(round * rate) < frontEnd.samples() ? round : first / rate;
    }

    private void requireSound(Peaks whole) {
        if (!isSilent(whole)) {
            return;
        }
        double rate = frontEnd.sampleRate();
        double from = Math.round(start * rate) / rate;
        throw new BadInputException(String.format(
                Locale.ROOT,
                "%s: silent from %.2f s to %.2f s; choose another part, such as the one that starts at %s s",
                name,
                from,
                from + signal.length / rate,
                decimal(begin(whole))));
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
