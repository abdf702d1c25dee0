package unweave.audio.spectral;

import java.util.Arrays;

/**
 * From band values to a network's input, in this order, each step where it is asked for:
 *
 * <pre>
 *   x + offset or max(x, offset)        by the kind of offset
 *   ln, log10, ln(1 + x), or decibels   10 log10 of powers, 20 log10 of magnitudes, relative to the reference
 *   max(x, floor)
 *   max(x, largest x of the input - range)
 *   (x - mean) / deviation              of each bin or of all
 *   the same with mean and deviation of the input itself, or of each bin over the input
 * </pre>
 *
 * @param log the logarithm
 * @param offset added to the values, or their least value
 * @param added whether the offset is added
 * @param reference of decibels: this value has 0 dB; 0 stands for the largest value of the input
 * @param floor least value of the logarithm, minus infinity for none
 * @param range how far below the largest value of the input values may lie, infinity for no limit
 * @param mean of each row, or one for all, or none. Not modified
 * @param deviation of each row, or one for all, or none. Not modified
 * @param standardisation by the input itself
 */
public record Levels(
        Log log,
        double offset,
        boolean added,
        double reference,
        double floor,
        double range,
        double[] mean,
        double[] deviation,
        Standardisation standardisation) {
    /** Below this deviation an input counts as constant. */
    private static final double LEAST_DEVIATION = 1e-5;

    /** Kinds of logarithm. */
    public enum Log {
        /** The values themselves. */
        NONE,
        /** Natural. */
        LN,
        /** To base 10. */
        LOG10,
        /** Decibels. */
        DB,
        /** ln(1 + x). */
        LOG1P
    }

    /** What an input is standardised by: itself. */
    public enum Standardisation {
        /** Nothing. */
        NONE,
        /** Mean and deviation of all its values. */
        INPUT,
        /** Mean and deviation of each of its rows. */
        BINS,
        /** Its least and largest value become 0 and 1. */
        MINMAX
    }

    /** @throws IllegalArgumentException if a number is out of range */
    public Levels {
        boolean takesLog = log == Log.LN || log == Log.LOG10 || log == Log.DB;
        if (!(offset >= 0) || Double.isInfinite(offset) || (takesLog && offset == 0)) {
            throw new IllegalArgumentException("offset " + offset + ": must be "
                    + (takesLog ? "positive, or silence has no logarithm" : "0 or more"));
        }
        if (!(reference >= 0) || Double.isInfinite(reference)) {
            throw new IllegalArgumentException("reference " + reference + ": must be positive, or 0 for the largest");
        }
        if (!(range > 0)) {
            throw new IllegalArgumentException("range " + range + ": must be positive");
        }
        if (Double.isNaN(floor) || floor == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("floor " + floor + ": must be a number");
        }
        mean = mean.clone();
        deviation = deviation.clone();
    }

    /** Checks that a list of values has none, one or {@code count} finite values, and returns a copy. */
    static double[] perBin(String name, double[] values, int count, String what) {
        if (values.length > 1 && values.length != count) {
            throw new IllegalArgumentException(values.length + " values of \"" + name
                    + "\": one for all, or one for each of the " + count + " " + what + " is needed");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("\"" + name + "\" holds " + value + ": numbers are needed");
            }
        }
        return values.clone();
    }

    /** As {@link #perBin}, all positive. */
    static double[] deviations(double[] values, int count, String what) {
        for (double value : values) {
            if (!(value > 0)) {
                throw new IllegalArgumentException("\"deviation\" holds " + value + ": positive numbers are needed");
            }
        }
        return perBin("deviation", values, count, what);
    }

    static double at(double[] values, int index, double missing) {
        return values.length == 0 ? missing : values[values.length == 1 ? 0 : index];
    }

    /** Takes the logarithm of values, with offset, reference, floor and range; the values are modified. */
    void logarithm(double[] values, int power) {
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, values[i]);
            values[i] = logarithm(values[i], power);
        }
        if (log == Log.DB && reference != 1) {
            double zero = logarithm(reference == 0 ? largest : reference, power);
            for (int i = 0; i < values.length; i++) {
                values[i] -= zero;
            }
        }
        double least = Double.isInfinite(range)
                ? floor
                : Math.max(floor, Arrays.stream(values).max().orElse(0) - range);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], least);
        }
    }

    private double logarithm(double value, int power) {
        double x = added ? value + offset : Math.max(value, offset);
        return switch (log) {
            case NONE -> x;
            case LN -> Math.log(x);
            case LOG10 -> Math.log10(x);
            case DB -> (power == 2 ? 10 : 20) * Math.log10(x);
            case LOG1P -> Math.log1p(x);
        };
    }

    /** Takes mean and deviation out of values [rows][columns], which are modified. */
    void standardise(double[] values, int rows, int columns) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] - at(mean, i / columns, 0)) / at(deviation, i / columns, 1);
        }
        switch (standardisation) {
            case NONE -> {}
            case INPUT -> standardiseRange(values, 0, values.length);
            case BINS -> {
                for (int r = 0; r < rows; r++) {
                    standardiseRange(values, r * columns, (r + 1) * columns);
                }
            }
            case MINMAX -> {
                double low = Arrays.stream(values).min().orElse(0);
                double size =
                        Math.max(LEAST_DEVIATION, Arrays.stream(values).max().orElse(0) - low);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (values[i] - low) / size;
                }
            }
        }
    }

    private static void standardiseRange(double[] values, int from, int to) {
        double average = Arrays.stream(values, from, to).average().orElse(0);
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (values[i] - average) * (values[i] - average);
        }
        double size = Math.max(LEAST_DEVIATION, Math.sqrt(squares / (to - from)));
        for (int i = from; i < to; i++) {
            values[i] = (values[i] - average) / size;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Levels levels && toString().equals(levels.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return log + " offset " + offset + (added ? " added" : " max") + " reference " + reference + " floor " + floor
                + " range " + range + " mean " + Arrays.toString(mean) + " deviation " + Arrays.toString(deviation)
                + " "
                + standardisation;
    }
}
