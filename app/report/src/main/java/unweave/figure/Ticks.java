package unweave.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.TimeFrequencyAxes;

/**
 * Where an axis is marked, and with what text.
 *
 * @param values positions in the axis' own unit, increasing
 * @param labels one text for each value
 * @param exponent the labels are to be multiplied by ten to this power; 0 when they stand for themselves
 */
record Ticks(double[] values, String[] labels, int exponent) {

    /** The round numbers: a linear axis is marked at multiples of one of these times a power of ten. */
    private static final double[] STEPS = {1, 2, 2.5, 5, 10};
    /**
     * How many rows beyond the first or last a frequency may lie to be marked at that edge: the upper end of the last
     * mel triangle does.
     */
    private static final double EDGE = 0.75;

    private static final double[] FREQUENCIES_HZ = {8000, 4000, 2000, 1000, 500, 200, 100};

    /** Multiples of a round number inside [low, high], {@code atMost} of them unless that leaves fewer than two. */
    static Ticks linear(double low, double high, int atMost) {
        double step = step(low, high, atMost);
        List<Double> values = multiples(step, low, high);
        for (int finer = atMost + 1; values.size() < 2; finer++) {
            step = step(low, high, finer);
            values = multiples(step, low, high);
        }
        double largest = Math.max(Math.abs(low), Math.abs(high));
        int decade = (int) Math.floor(Math.log10(largest) + 1e-12);
        int exponent = decade < -2 || decade > 4 ? decade : 0;
        double unit = Math.pow(10, exponent);
        int decimals = decimals(step / unit);
        return marks(values, value -> fixed(value / unit, decimals), exponent);
    }

    /**
     * Powers of ten inside [low, high], with 2 and 5 times each where the range is shorter than two decades; the marks
     * of a linear axis where even those are fewer than two.
     */
    static Ticks logarithmic(double low, double high) {
        int from = (int) Math.floor(Math.log10(low));
        int to = (int) Math.ceil(Math.log10(high));
        List<Double> values = new ArrayList<>();
        int every = Math.max(1, (to - from + 5) / 6);
        int[] multiples = high / low < 100 ? new int[] {1, 2, 5} : new int[] {1};
        for (int decade = from; decade <= to; decade++) {
            for (int multiple : multiples) {
                double value = multiple * Math.pow(10, decade);
                if (Math.floorMod(decade, every) == 0 && value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
                    values.add(value);
                }
            }
        }
        if (values.size() < 2) {
            return linear(low, high, 4);
        }
        boolean plain = from >= -3 && to <= 4;
        return marks(
                values,
                value -> plain
                        ? BigDecimal.valueOf(value)
                                .round(new MathContext(3))
                                .stripTrailingZeros()
                                .toPlainString()
                        : power(value),
                0);
    }

    /**
     * The usual frequencies that lie on the axis, as rows ({@link TimeFrequencyAxes#row}), thinned to at least
     * {@code gap} rows between two.
     */
    static Ticks frequencies(TimeFrequencyAxes axes, double gap) {
        List<Double> rows = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        double above = Double.POSITIVE_INFINITY;
        for (double frequency : FREQUENCIES_HZ) {
            double row = axes.row(frequency);
            if (row >= -EDGE && row <= axes.mels() + EDGE && above - row >= gap) {
                rows.add(0, Math.min(axes.mels(), Math.max(0, row)));
                labels.add(0, Integer.toString((int) frequency));
                above = row;
            }
        }
        return new Ticks(rows.stream().mapToDouble(Double::doubleValue).toArray(), labels.toArray(String[]::new), 0);
    }

    /** The bounds moved outwards to the next marks of an axis with at most {@code atMost} of them. */
    static double[] roundBounds(double low, double high, int atMost) {
        double step = step(low, high, atMost);
        return new double[] {Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step};
    }

    private static List<Double> multiples(double step, double low, double high) {
        List<Double> values = new ArrayList<>();
        for (long n = (long) Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) {
            values.add(n * step);
        }
        return values;
    }

    private static double step(double low, double high, int atMost) {
        double least = (high - low) / Math.max(1, atMost - 1);
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double step : STEPS) {
            if (step * power >= least * (1 - 1e-9)) {
                return step * power;
            }
        }
        throw new IllegalArgumentException("axis from " + low + " to " + high + " must be finite and increasing");
    }

    private interface Label {
        String of(double value);
    }

    private static Ticks marks(List<Double> values, Label label, int exponent) {
        double[] array = values.stream().mapToDouble(Double::doubleValue).toArray();
        return new Ticks(array, values.stream().map(label::of).toArray(String[]::new), exponent);
    }

    /** Digits after the point that a multiple of the step needs. */
    private static int decimals(double step) {
        for (int decimals = 0; decimals < 9; decimals++) {
            double scaled = step * Math.pow(10, decimals);
            if (Math.abs(scaled - Math.rint(scaled)) < 1e-6) {
                return decimals;
            }
        }
        return 9;
    }

    private static String fixed(double value, int decimals) {
        double rounded = Math.abs(value) < 0.5 * Math.pow(10, -decimals) ? 0 : value;
        return String.format(Locale.ROOT, "%." + decimals + "f", rounded).replace('-', '\u2212');
    }

    private static String power(double value) {
        int decade = (int) Math.floor(Math.log10(value) + 1e-9);
        long multiple = Math.round(value / Math.pow(10, decade));
        String power = "10^{" + Integer.toString(decade).replace('-', '\u2212') + "}";
        return multiple == 1 ? power : multiple + "\u00b7" + power;
    }
}
