package unweave.app.preset;

import java.util.List;
import unweave.lrp.Composite;

/** The LRP composites that presets, model files and the command line know by name. */
public final class PresetComposite {
  /** What {@link #named} takes. */
  public static final List<String> NAMES = List.of("toy", "gtzan");

  private PresetComposite() {}

  /** @throws IllegalArgumentException naming the composites that there are */
  public static Composite named(String name) {
    return switch (name) {
      case "toy" -> Composite.toy();
      case "gtzan" -> Composite.gtzan();
      default -> throw new IllegalArgumentException("unknown composite \"" + name + "\"; the composites are " + String.join(", ", NAMES));
    };
  }
}
