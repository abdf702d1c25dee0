package unweave.explain;

/**
 * Where in a sound relevance lies.
 *
 * @param values [mels][frames], row 0 the lowest frequency, or [1][samples] of a waveform: positive for, negative
 *     against the explained class. Not copied and not to be modified
 * @param axes what rows (Hz) and columns (seconds) stand for
 */
public record RelevanceMap(float[][] values, TimeFrequencyAxes axes) {
    /** The values row after row, as the network's input has them; a copy. */
    public float[] flat() {
        float[] flat = new float[axes.mels() * axes.frames()];
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, flat, row * axes.frames(), axes.frames());
        }
        return flat;
    }

    /** The sum of all values, in units of the logit. */
    public double sum() {
        double sum = 0;
        for (float[] row : values) {
            for (float value : row) {
                sum += value;
            }
        }
        return sum;
    }

    /** The sum of the values above zero. */
    public double positiveSum() {
        double sum = 0;
        for (float[] row : values) {
            for (float value : row) {
                sum += Math.max(0, value);
            }
        }
        return sum;
    }

    /** The largest |relevance|. */
    public double largest() {
        double largest = 0;
        for (float[] row : values) {
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }
}
