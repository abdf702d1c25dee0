package unweave.figure;

/**
 * A way from a position in [0, 1] to a colour, by linear interpolation between evenly spaced anchors. Positions outside
 * are clamped.
 */
public enum ColourScale {

    /**
     * Dark to light with evenly growing lightness, so that equal steps look equal: for spectrograms. The anchors follow
     * the "magma" map (CC0).
     */
    SEQUENTIAL(0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d, 0xfd9668, 0xfeca8d, 0xfcfdbf),

    /** Blue over white to red, white exactly in the middle, for signed values: 0.5 is zero. */
    DIVERGING(0x053a8c, 0x2a6fc4, 0x6fa6e0, 0xb9d5f2, 0xffffff, 0xf9c9bd, 0xee8673, 0xd63a35, 0xa8001c),

    /** White to blue, for shares and counts with numbers written over them. */
    WHITE_TO_BLUE(0xffffff, 0xd3e3f3, 0x94bfe3, 0x4a90c8, 0x0b4f8a);

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final int[] anchors;

    ColourScale(int... anchors) {
        this.anchors = anchors;
    }

    /** The colour as 0xRRGGBB. Not-a-number gives a neutral grey. */
    public int rgb(double position) {
        if (Double.isNaN(position)) {
            return 0xc8ccd2;
        }
        double scaled = Math.min(1, Math.max(0, position)) * (anchors.length - 1);
        int below = Math.min((int) scaled, anchors.length - 2);
        double share = scaled - below;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = anchors[below] >> shift & 0xff;
            int to = anchors[below + 1] >> shift & 0xff;
            colour |= (int) Math.round(from + (to - from) * share) << shift;
        }
        return colour;
    }
}
