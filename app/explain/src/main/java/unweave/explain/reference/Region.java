package unweave.explain.reference;

import java.util.Locale;
import unweave.engine.layer.ReceptiveField;
import unweave.explain.TimeFrequencyAxes;

/**
 * A time-frequency region of a sound, from the centres of its first bins to those of its last.
 *
 * @param fromSeconds since the beginning of the sound
 * @param toSeconds since the beginning of the sound
 * @param lowHz its lowest frequency
 * @param highHz its highest frequency
 */
public record Region(double fromSeconds, double toSeconds, double lowHz, double highHz) {

    /**
     * The region of a box of bins.
     *
     * @param clipStart where the clip that the box belongs to begins in its sound, in seconds
     */
    public static Region of(ReceptiveField.Box box, TimeFrequencyAxes axes, double clipStart) {
        double[] hertz = axes.centreHz();
        double frame = axes.secondsPerFrame();
        double first = clipStart + axes.firstSeconds();
        return new Region(
                first + box.left() * frame,
                first + (box.right() - 1) * frame,
                hertz[box.top()],
                hertz[box.bottom() - 1]);
    }

    /** "0.12-0.35 s, 90-800 Hz", with en dashes. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.2f\u2013%.2f\u00a0s, %.0f\u2013%.0f\u00a0Hz", fromSeconds, toSeconds, lowHz, highHz);
    }
}
