package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * A sound whose parts are known, as network inputs at one gain: taking a part out changes nothing else. Every array
 * holds H x W x C values.
 *
 * @param all the whole sound
 * @param without for each part, the sound without it
 * @param rest the sound without all parts: its background, or silence
 * @param alone for each part, the rest and this part
 */
public record Mixture(float[] all, float[][] without, float[] rest, float[][] alone) {
    public Mixture {
        if (without.length == 0 || without.length != alone.length) {
            throw new IllegalArgumentException(
                    "a mixture has " + without.length + " inputs without and " + alone.length + " with one part alone");
        }
    }

    /** Number of parts. */
    public int parts() {
        return without.length;
    }

    /** All of its inputs: the whole, the rest, without part 1 ..., part 1 alone ... */
    List<float[]> inputs() {
        List<float[]> inputs = new ArrayList<>(List.of(all, rest));
        inputs.addAll(List.of(without));
        inputs.addAll(List.of(alone));
        return inputs;
    }

    /**
     * The effect of part o on something that was measured for each of {@link #inputs}: the mean of what is lost when
     * the part is taken out of the whole, and of what is won when it is put on the rest.
     */
    static double effect(int parts, int part, java.util.function.IntToDoubleFunction measured) {
        double lost = measured.applyAsDouble(0) - measured.applyAsDouble(2 + part);
        double won = measured.applyAsDouble(2 + parts + part) - measured.applyAsDouble(1);
        return (lost + won) / 2;
    }
}
