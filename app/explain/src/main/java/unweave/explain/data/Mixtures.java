package unweave.explain.data;

import unweave.audio.spectral.FrontEnd;
import unweave.drsa.evaluation.Mixture;

/** Sounds whose parts are known, as network inputs. */
public final class Mixtures {
    private Mixtures() {}

    /**
     * The inputs with and without each part. The gain is that of the given signals in all of them: nothing is scaled to
     * a peak of its own, for then taking a part out would make the others louder.
     *
     * @param frontEnd of the model
     * @param parts [parts][samples] that add up, with the rest, to the whole; as long as the model's input. Not
     *     modified
     * @param rest [samples] what always sounds; zeros if nothing does. Not modified
     */
    public static Mixture of(FrontEnd frontEnd, float[][] parts, float[] rest) {
        float[][] without = new float[parts.length][];
        float[][] alone = new float[parts.length][];
        for (int o = 0; o < parts.length; o++) {
            without[o] = input(frontEnd, sum(parts, rest, o));
            alone[o] = input(frontEnd, sum(new float[][] {parts[o]}, rest, -1));
        }
        return new Mixture(
                input(frontEnd, sum(parts, rest, -1)), without, input(frontEnd, sum(new float[0][], rest, -1)), alone);
    }

    private static float[] sum(float[][] parts, float[] rest, int leftOut) {
        float[] sum = rest.clone();
        for (int o = 0; o < parts.length; o++) {
            for (int n = 0; n < sum.length && o != leftOut; n++) {
                sum[n] += parts[o][n];
            }
        }
        return sum;
    }

    private static float[] input(FrontEnd frontEnd, float[] signal) {
        return frontEnd.inputAtItsSize(signal);
    }
}
