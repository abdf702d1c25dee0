package unweave.explain.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.LogMel;
import unweave.drsa.evaluation.Mixture;
import unweave.kernels.BadInputException;

/**
 * A recording whose parts are known: the whole is the sum of the parts and of the rest, which always sounds. Shorter
 * parts are silent after their end.
 */
public final class Stems {
    /** What is missing from a mixture may be this much below it and then counts as rest: a tenth of its amplitude. */
    public static final double MOST_MISSING_DECIBELS = -20;

    /** A part whose energy is further below that of the whole counts as silent. */
    public static final double AUDIBLE_DECIBELS = -50;

    /** An excerpt whose energy is further below the recording's loudest counts as silent. */
    private static final double QUIET_DECIBELS = -60;

    private final String name;
    private final String className;
    private final List<String> parts;
    private final float[][] signals;
    private final float[] rest;

    private Stems(String name, String className, List<String> parts, float[][] signals, float[] rest) {
        this.name = name;
        this.className = className;
        this.parts = parts;
        this.signals = signals;
        this.rest = rest;
    }

    /**
     * Parts at the model's sample rate, without a rest.
     *
     * @param name for messages
     * @param parts by name, in the map's order; of any lengths, silent or not. Not modified
     */
    public static Stems of(String name, Map<String, float[]> parts) {
        int length = parts.values().stream().mapToInt(part -> part.length).max().orElse(0);
        float[][] signals =
                parts.values().stream().map(part -> Arrays.copyOf(part, length)).toArray(float[][]::new);
        return new Stems(name, null, List.copyOf(parts.keySet()), signals, new float[length]);
    }

    /** The same as a recording of a class; without one, the class that the model decides for is explained. */
    public Stems ofClass(String ofRecording) {
        return new Stems(name, ofRecording, parts, signals, rest);
    }

    /** The same with some of its parts as rest. Names that it has no part of are passed over. */
    public Stems withBackground(Set<String> names) {
        float[] all = rest.clone();
        List<String> others = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        for (int o = 0; o < signals.length; o++) {
            if (names.contains(parts.get(o))) {
                add(signals[o], all);
            } else {
                others.add(parts.get(o));
                kept.add(signals[o]);
            }
        }
        return new Stems(name, className, List.copyOf(others), kept.toArray(float[][]::new), all);
    }

    /**
     * The same as a part of a mixture: what the mixture holds beyond the parts counts as rest. Where the parts add up
     * to the mixture at another gain, they get that gain.
     *
     * @param mixture at the model's sample rate, of any length. Not modified
     * @param incomplete whether more than {@value #MOST_MISSING_DECIBELS} dB may be missing
     * @throws BadInputException if more is missing and may not, or the mixture is silent
     */
    public Stems within(float[] mixture, boolean incomplete) {
        int length = Math.max(mixture.length, rest.length);
        float[] goal = Arrays.copyOf(mixture, length);
        double gain = gainWithin(goal, Arrays.copyOf(whole(), length), incomplete);
        float[][] scaled = new float[signals.length][];
        float[] remaining = goal.clone();
        for (int o = 0; o < scaled.length; o++) {
            scaled[o] = Arrays.copyOf(signals[o], length);
            for (int n = 0; n < length; n++) {
                scaled[o][n] *= (float) gain;
                remaining[n] -= scaled[o][n];
            }
        }
        return new Stems(name, className, parts, scaled, remaining);
    }

    /** The gain at which the sum of all parts is the mixture; 1 unless only another one fits. */
    private double gainWithin(float[] goal, float[] sum, boolean incomplete) {
        double energy = dot(goal, goal);
        if (energy == 0) {
            throw new BadInputException(name + ": the mixture is silent");
        }
        double missing = missing(goal, sum, 1);
        if (missing <= MOST_MISSING_DECIBELS) {
            return 1;
        }
        double best = dot(goal, sum) / Math.max(dot(sum, sum), Double.MIN_NORMAL);
        if (missing(goal, sum, best) <= MOST_MISSING_DECIBELS) {
            return best;
        }
        if (!incomplete) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: the parts do not add up to the mixture: the difference is %.1f dB of it, and at most %.0f dB is"
                            + " expected; add the missing parts, or count what is missing as background"
                            + " (--incomplete)",
                    name,
                    missing,
                    MOST_MISSING_DECIBELS));
        }
        return 1;
    }

    private static double missing(float[] whole, float[] sum, double gain) {
        double energy = 0;
        for (int n = 0; n < whole.length; n++) {
            double difference = whole[n] - gain * sum[n];
            energy += difference * difference;
        }
        return decibels(energy, dot(whole, whole));
    }

    public String name() {
        return name;
    }

    /** The class it is a recording of, or null. */
    public String className() {
        return className;
    }

    /** The parts' names. */
    public List<String> parts() {
        return parts;
    }

    /**
     * A part of the recording as long as a model's input.
     *
     * @param start first sample
     * @param heard the parts that sound in it
     */
    public record Excerpt(int start, List<Integer> heard) {}

    /**
     * Evenly spaced excerpts, preferably such that hold many of the parts. A recording that is not longer than one
     * gives one.
     *
     * @param inputSamples length of each
     * @param most so many at most
     * @return none if no part is heard
     */
    public List<Excerpt> excerpts(int inputSamples, int most) {
        float[] whole = whole();
        int count = Math.max(1, (whole.length + inputSamples - 1) / inputSamples);
        int[] starts = IntStream.range(0, count)
                .map(i -> count == 1 ? 0 : (int) ((long) i * (whole.length - inputSamples) / (count - 1)))
                .toArray();
        double loudest = Arrays.stream(starts)
                .mapToDouble(start -> energy(whole, start, inputSamples))
                .max()
                .orElse(0);
        List<Excerpt> audible = new ArrayList<>();
        for (int start : starts) {
            double energy = energy(whole, start, inputSamples);
            List<Integer> heard = IntStream.range(0, signals.length)
                    .filter(o -> decibels(energy(signals[o], start, inputSamples), energy) > AUDIBLE_DECIBELS)
                    .boxed()
                    .toList();
            if (!heard.isEmpty() && energy > 0 && decibels(energy, loudest) > QUIET_DECIBELS) {
                audible.add(new Excerpt(start, heard));
            }
        }
        return evenly(fullest(audible, most), most);
    }

    /** All that hold at least as many parts as the one that is {@code most}-th by number of parts. */
    private static List<Excerpt> fullest(List<Excerpt> excerpts, int most) {
        if (excerpts.size() <= most) {
            return excerpts;
        }
        int fewest = excerpts.stream()
                .map(excerpt -> excerpt.heard().size())
                .sorted(Comparator.reverseOrder())
                .toList()
                .get(most - 1);
        return excerpts.stream()
                .filter(excerpt -> excerpt.heard().size() >= fewest)
                .toList();
    }

    private static List<Excerpt> evenly(List<Excerpt> excerpts, int most) {
        if (excerpts.size() <= most) {
            return excerpts;
        }
        return IntStream.range(0, most)
                .mapToObj(i -> excerpts.get((int) ((i + 0.5) * excerpts.size() / most)))
                .toList();
    }

    /**
     * An excerpt as network inputs with and without each part that is heard in it. All have the gain that the front end
     * gives the whole excerpt, such as one that brings it to a peak of 1. Parts that are not heard count as rest.
     */
    public Mixture mixture(Excerpt excerpt, FrontEnd frontEnd) {
        int length = frontEnd.samples();
        float peak = 0;
        float[] whole = whole();
        for (int n = excerpt.start(); n < Math.min(whole.length, excerpt.start() + length); n++) {
            peak = Math.max(peak, Math.abs(whole[n]));
        }
        float divisor = divisor(frontEnd, whole, excerpt.start(), peak);
        float[] background = scaled(rest, excerpt.start(), length, divisor);
        for (int o = 0; o < signals.length; o++) {
            if (!excerpt.heard().contains(o)) {
                add(scaled(signals[o], excerpt.start(), length, divisor), background);
            }
        }
        float[][] heard = new float[excerpt.heard().size()][];
        for (int i = 0; i < heard.length; i++) {
            heard[i] = scaled(signals[excerpt.heard().get(i)], excerpt.start(), length, divisor);
        }
        return Mixtures.of(frontEnd, heard, background);
    }

    /** What the front end divides the whole excerpt by. */
    private static float divisor(FrontEnd frontEnd, float[] whole, int start, float peak) {
        if (frontEnd.acceptsSilence()) {
            return 1;
        }
        if (frontEnd instanceof LogMel) {
            return peak;
        }
        float[] excerpt = Arrays.copyOfRange(whole, start, Math.min(whole.length, start + frontEnd.samples()));
        float largest = 0;
        for (float value : frontEnd.analyse(excerpt).signal()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return peak / largest;
    }

    private static float[] scaled(float[] signal, int start, int length, float peak) {
        float[] excerpt = new float[length];
        for (int n = 0; n < Math.min(length, signal.length - start); n++) {
            excerpt[n] = signal[start + n] / peak;
        }
        return excerpt;
    }

    /** The parts and the rest together. */
    private float[] whole() {
        float[] sum = rest.clone();
        for (float[] signal : signals) {
            add(signal, sum);
        }
        return sum;
    }

    private static void add(float[] part, float[] sum) {
        for (int n = 0; n < part.length; n++) {
            sum[n] += part[n];
        }
    }

    private static double energy(float[] signal, int start, int length) {
        double energy = 0;
        for (int n = start; n < Math.min(signal.length, start + length); n++) {
            energy += (double) signal[n] * signal[n];
        }
        return energy;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int n = 0; n < a.length; n++) {
            sum += (double) a[n] * b[n];
        }
        return sum;
    }

    private static double decibels(double energy, double reference) {
        return 10 * Math.log10(energy / reference);
    }
}
