package unweave.figure;

import java.awt.Color;
import java.util.List;

/** The colours of everything that is not data, the text styles, and the colours of series. */
final class Ink {

    static final Color TEXT = new Color(0x1f2733);
    static final Color MUTED = new Color(0x5a6472);
    static final Color AXIS = new Color(0x8a93a0);
    static final Color GRID = new Color(0xe3e6eb);

    static final TextPainter.Style TITLE = new TextPainter.Style(13.5, TEXT, true);
    static final TextPainter.Style PANEL_TITLE = new TextPainter.Style(12, TEXT, true);
    static final TextPainter.Style LABEL = new TextPainter.Style(11.5, MUTED, false);
    static final TextPainter.Style TICK = new TextPainter.Style(10.5, MUTED, false);
    static final TextPainter.Style LEGEND = new TextPainter.Style(11.5, TEXT, false);

    /**
     * Colours that differ for people with any of the common colour vision deficiencies as well: the set of Okabe and
     * Ito (2008), "Color Universal Design", without its yellow, which is too light for a line on white.
     */
    private static final List<Color> SERIES = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xe69f00),
            new Color(0x56b4e9),
            new Color(0x4d4d4d));

    private Ink() {}

    static Color series(int index) {
        return SERIES.get(Math.floorMod(index, SERIES.size()));
    }

    /** The colour mixed with white; strength 1 leaves it as it is. */
    static Color tint(Color colour, double strength) {
        return new Color(
                mix(colour.getRed(), strength), mix(colour.getGreen(), strength), mix(colour.getBlue(), strength));
    }

    private static int mix(int channel, double strength) {
        return (int) Math.round(255 + (channel - 255) * strength);
    }
}
