package unweave.audio.sonify;

import java.util.Arrays;

/**
 * Turns a relevance map into a soft mask of its most relevant parts (Harck 2024, Eq. 3.11 and 3.12):
 *
 * <pre>
 *   P = max(0, R),   mask = G * (P where P > q, else 0),   q the given percentile of all values of P
 * </pre>
 *
 * G is a Gaussian kernel normalised to sum 1; at the borders the map is continued by reflection, the edge itself not
 * repeated. The percentile interpolates linearly between neighbouring order statistics, as NumPy's does.
 *
 * @param percentile in percent, 0 to 100
 * @param blurLength width and height of the kernel, odd
 * @param blurSigma standard deviation of the Gaussian, in map cells
 */
public record RelevanceMask(double percentile, int blurLength, double blurSigma) {
    /** The thesis' choice: 90th percentile, kernel 5 x 5, sigma 1. */
    public RelevanceMask() {
        this(90, 5, 1);
    }

    /** @throws IllegalArgumentException if a value is out of range */
    public RelevanceMask {
        if (!(percentile >= 0 && percentile <= 100)) {
            throw new IllegalArgumentException("percentile " + percentile + ": must lie between 0 and 100");
        }
        if (blurLength < 1 || blurLength % 2 == 0 || !(blurSigma > 0)) {
            throw new IllegalArgumentException("blur of length " + blurLength + " and sigma " + blurSigma
                    + ": an odd length and a positive sigma are needed");
        }
    }

    /**
     * Computes the mask.
     *
     * @param relevance [rows][columns]. Not modified.
     * @return the mask, [rows][columns]: not negative, in the unit of the relevance; all zero if nothing is positive
     * @throws IllegalArgumentException if the size does not fit, the map is smaller than half the kernel, or a value is
     *     not finite
     */
    public float[] of(float[] relevance, int rows, int columns) {
        float[] mask = new float[relevance.length];
        of(relevance, rows, columns, mask, new double[relevance.length]);
        return mask;
    }

    /**
     * As {@link #of(float[], int, int)}, into given arrays.
     *
     * @param mask [rows][columns]. Overwritten with the mask.
     * @param working [rows][columns]. Overwritten.
     */
    void of(float[] relevance, int rows, int columns, float[] mask, double[] working) {
        if (relevance.length != rows * columns || Math.min(rows, columns) <= blurLength / 2) {
            throw new IllegalArgumentException("relevance map of " + relevance.length + " values: " + rows + " x "
                    + columns + " are needed, each side longer than " + blurLength / 2);
        }
        for (int i = 0; i < relevance.length; i++) {
            if (!Float.isFinite(relevance[i])) {
                throw new IllegalArgumentException("relevance of row " + i / columns + ", column " + i % columns
                        + " is " + relevance[i] + ": every value must be a finite number");
            }
            mask[i] = relevance[i] > 0 ? relevance[i] : 0;
        }
        double threshold = percentile(mask);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = mask[i] > threshold ? mask[i] : 0;
        }
        blur(mask, rows, columns, working);
    }

    private double percentile(float[] values) {
        double place = percentile / 100 * (values.length - 1);
        int rank = (int) place;
        float below = OrderStatistic.of(values, rank);
        float above = OrderStatistic.of(values, Math.min(rank + 1, values.length - 1));
        return below + (place - rank) * ((double) above - below);
    }

    /** The kernel is separable: its factors over rows and over columns are applied one after the other. */
    private void blur(float[] map, int rows, int columns, double[] alongRows) {
        double[] kernel = kernel();
        int radius = blurLength / 2;
        for (int r = 0; r < rows; r++) {
            int row = r * columns;
            Arrays.fill(alongRows, row, row + columns, 0);
            for (int k = -radius; k <= radius; k++) {
                addShifted(kernel[k + radius], map, row, columns, k, alongRows);
            }
        }
        double[] sum = new double[columns];
        for (int r = 0; r < rows; r++) {
            Arrays.fill(sum, 0);
            for (int k = -radius; k <= radius; k++) {
                int row = reflect(r + k, rows) * columns;
                double weight = kernel[k + radius];
                for (int c = 0; c < columns; c++) {
                    sum[c] += weight * alongRows[row + c];
                }
            }
            for (int c = 0; c < columns; c++) {
                map[r * columns + c] = (float) sum[c];
            }
        }
    }

    /**
     * Adds weight x the row, moved by k columns, to the same row of the sums; reflection matters only near its ends.
     */
    private static void addShifted(double weight, float[] map, int row, int columns, int k, double[] sums) {
        int first = Math.min(columns, Math.max(0, -k));
        int end = Math.max(first, Math.min(columns, columns - k));
        for (int c = 0; c < first; c++) {
            sums[row + c] += weight * map[row + reflect(c + k, columns)];
        }
        for (int c = first; c < end; c++) {
            sums[row + c] += weight * map[row + c + k];
        }
        for (int c = end; c < columns; c++) {
            sums[row + c] += weight * map[row + reflect(c + k, columns)];
        }
    }

    private double[] kernel() {
        double[] kernel = new double[blurLength];
        for (int k = 0; k < blurLength; k++) {
            double distance = (k - blurLength / 2) / blurSigma;
            kernel[k] = Math.exp(-distance * distance / 2);
        }
        double sum = Arrays.stream(kernel).sum();
        return Arrays.stream(kernel).map(value -> value / sum).toArray();
    }

    private static int reflect(int i, int length) {
        int inside = Math.abs(i);
        return inside < length ? inside : 2 * (length - 1) - inside;
    }
}
