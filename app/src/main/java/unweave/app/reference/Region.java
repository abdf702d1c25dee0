package unweave.app.reference;

import java.util.Locale;
import unweave.app.figure.TimeFrequencyAxes;
import unweave.engine.model.ReceptiveField;

/**
 * A time-frequency region of a sound, from the centres of its first bins to those of its last.
 *
 * @param fromSeconds since the beginning of the sound
 * @param toSeconds since the beginning of the sound
 * @param lowHz its lowest frequency
 * @param highHz its highest frequency
 */
public record Region(double fromSeconds, double toSeconds, double lowHz, double highHz) {

  /** @param clipStart where the clip that the box belongs to begins in its sound, in seconds */
  static Region of(ReceptiveField.Box box, TimeFrequencyAxes axes, double clipStart) {
    double[] hertz = axes.centreHz();
    return new Region(clipStart + box.left() * axes.secondsPerFrame(), clipStart + (box.right() - 1) * axes.secondsPerFrame(), hertz[box.top()],
        hertz[box.bottom() - 1]);
  }

  /** "0.12 to 0.35 s, 90 to 800 Hz". */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f to %.2f s, %.0f to %.0f Hz", fromSeconds, toSeconds, lowHz, highHz);
  }
}
