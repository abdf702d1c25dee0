package unweave.drsa.evaluation;

/**
 * Structural similarity (SSIM; Wang, Bovik, Sheikh and Simoncelli 2004). In every window of 11 x 11 bins, weighted by a
 * Gaussian of standard deviation 1.5, with means m, variances v and covariance c,
 *
 * <pre>
 * SSIM = (2 m_a m_b + C1) (2 c + C2) / ((m_a^2 + m_b^2 + C1) (v_a + v_b + C2)),   C1 = (0.01 L)^2,   C2 = (0.03 L)^2,
 * </pre>
 *
 * and the mean over all windows that lie within the map. L is the range of the values. 1 for equal maps; about 0 for
 * unrelated ones. For maps narrower than 11 bins the window is the largest odd square that fits.
 */
public final class StructuralSimilarity {
    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;

    private StructuralSimilarity() {}

    /**
     * The similarity of two maps.
     *
     * @param a height x width values; not modified
     * @param b as many; not modified
     * @param range L, the largest difference that values can have: 1 for masks
     */
    public static double of(float[] a, float[] b, int height, int width, double range) {
        if (a.length != height * width || b.length != a.length) {
            throw new IllegalArgumentException(
                    "maps of " + a.length + " and " + b.length + " values are not both " + height + " x " + width);
        }
        double[] window = window(Math.min(height, width));
        double[] x = widened(a);
        double[] y = widened(b);
        double[] meanX = smooth(x, height, width, window);
        double[] meanY = smooth(y, height, width, window);
        double[] xx = smooth(product(x, x), height, width, window);
        double[] yy = smooth(product(y, y), height, width, window);
        double[] xy = smooth(product(x, y), height, width, window);
        double c1 = Math.pow(0.01 * range, 2);
        double c2 = Math.pow(0.03 * range, 2);
        double sum = 0;
        for (int i = 0; i < meanX.length; i++) {
            double product = meanX[i] * meanY[i];
            double squares = meanX[i] * meanX[i] + meanY[i] * meanY[i];
            sum += (2 * product + c1)
                    * (2 * (xy[i] - product) + c2)
                    / ((squares + c1) * (xx[i] + yy[i] - squares + c2));
        }
        return sum / meanX.length;
    }

    private static double[] window(int narrowest) {
        int length = Math.min(WINDOW, narrowest % 2 == 0 ? narrowest - 1 : narrowest);
        double[] window = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double distance = i - length / 2;
            window[i] = Math.exp(-distance * distance / (2 * DEVIATION * DEVIATION));
            sum += window[i];
        }
        for (int i = 0; i < length; i++) {
            window[i] /= sum;
        }
        return window;
    }

    /** Weighted means over all windows within the map: the Gaussian is separable, so columns first, then rows. */
    private static double[] smooth(double[] map, int height, int width, double[] window) {
        int rows = height - window.length + 1;
        int columns = width - window.length + 1;
        double[] down = new double[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < window.length; k++) {
                for (int column = 0; column < width; column++) {
                    down[row * width + column] += window[k] * map[(row + k) * width + column];
                }
            }
        }
        double[] result = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < window.length; k++) {
                for (int column = 0; column < columns; column++) {
                    result[row * columns + column] += window[k] * down[row * width + column + k];
                }
            }
        }
        return result;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
