package unweave.figure;

/**
 * What a colour means: the values from {@code low} to {@code high} on a scale, with a label for the bar beside the
 * picture. Panels with equal ranges share one bar.
 *
 * @param gamma exponent on the distance from the neutral value, relative to its largest: below 1 small values are
 *     emphasised (the thesis does so in 4.2.2 for music), 1 is linear. The neutral value is 0 on the diverging scale,
 *     else {@code low}
 * @param unit label of the bar, for example {@code "log_{10} magnitude"}
 */
public record ColourRange(ColourScale scale, double low, double high, double gamma, String unit) {

    /** @throws IllegalArgumentException when the bounds are not finite or not increasing, or gamma is not positive */
    public ColourRange {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "colour range " + low + " to " + high + " must be finite and increasing");
        }
        if (!(gamma > 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException("gamma " + gamma + " must be positive");
        }
    }

    /** Values from low to high, dark to light. */
    public static ColourRange sequential(double low, double high, String unit) {
        return new ColourRange(ColourScale.SEQUENTIAL, low, high, 1, unit);
    }

    /** Values from -limit to +limit, blue to red, zero white. */
    public static ColourRange symmetric(double limit, double gamma, String unit) {
        return new ColourRange(ColourScale.DIVERGING, -limit, limit, gamma, unit);
    }

    /** Place of a value on the scale, 0 to 1 inside the range. */
    double position(double value) {
        if (scale == ColourScale.DIVERGING) {
            double middle = (low + high) / 2;
            double distance = (value - middle) / (high - middle);
            return 0.5 + 0.5 * Math.signum(distance) * Math.pow(Math.abs(distance), gamma);
        }
        double share = (value - low) / (high - low);
        return gamma == 1 ? share : Math.signum(share) * Math.pow(Math.abs(share), gamma);
    }

    int rgb(double value) {
        return scale.rgb(position(value));
    }
}
