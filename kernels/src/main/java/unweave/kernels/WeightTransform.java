package unweave.kernels;

/** The weights (and bias) of a layer that an LRP rule uses. w+ = max(w, 0), w- = min(w, 0). */
public enum WeightTransform {
    /** w. */
    IDENTITY,
    /** w + g w+. */
    FAVOUR_POSITIVE,
    /** w + g w-. */
    FAVOUR_NEGATIVE,
    /** w+. */
    POSITIVE,
    /** w-. */
    NEGATIVE,
    /** w^2. */
    SQUARE,
    /** 1. */
    ONE;

    /** The transform of one weight; {@code g} is used by the two favouring transforms only. */
    public float apply(float w, float g) {
        return switch (this) {
            case IDENTITY -> w;
            case FAVOUR_POSITIVE -> w > 0 ? w + g * w : w;
            case FAVOUR_NEGATIVE -> w < 0 ? w + g * w : w;
            case POSITIVE -> Math.max(w, 0f);
            case NEGATIVE -> Math.min(w, 0f);
            case SQUARE -> w * w;
            case ONE -> 1f;
        };
    }
}
