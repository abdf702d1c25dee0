package unweave.audio.sonify;

import java.util.Arrays;

/**
 * Turns a relevance map into a soft mask of its most relevant parts (Harck 2024, Eq. 3.11 and 3.12):
 * <pre>
 *   P = max(0, R),   mask = G * (P where P > q, else 0),   q the given percentile of all values of P
 * </pre>
 * G is a Gaussian kernel normalised to sum 1; at the borders the map is continued by reflection, the edge itself not repeated.
 * The percentile interpolates linearly between neighbouring order statistics, as NumPy's does.
 *
 * @param percentile in percent, 0 to 100
 * @param blurLength width and height of the kernel, odd
 * @param blurSigma  standard deviation of the Gaussian, in map cells
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
      throw new IllegalArgumentException("blur of length " + blurLength + " and sigma " + blurSigma + ": an odd length and a positive sigma are needed");
    }
  }

  /**
   * Computes the mask.
   *
   * @param relevance [rows][columns]. Not modified.
   * @return the mask, [rows][columns]: not negative, in the unit of the relevance; all zero if nothing is positive
   * @throws IllegalArgumentException if the size does not fit, the map is smaller than half the kernel, or a value is not finite
   */
  public float[] of(float[] relevance, int rows, int columns) {
    if (relevance.length != rows * columns || Math.min(rows, columns) <= blurLength / 2) {
      throw new IllegalArgumentException("relevance map of " + relevance.length + " values: " + rows + " x " + columns
        + " are needed, each side longer than " + blurLength / 2);
    }
    float[] positive = new float[relevance.length];
    for (int i = 0; i < relevance.length; i++) {
      if (!Float.isFinite(relevance[i])) {
        throw new IllegalArgumentException("relevance of row " + i / columns + ", column " + i % columns + " is " + relevance[i]
          + ": every value must be a finite number");
      }
      positive[i] = Math.max(0, relevance[i]);
    }
    double threshold = percentile(positive);
    for (int i = 0; i < positive.length; i++) {
      if (!(positive[i] > threshold)) {
        positive[i] = 0;
      }
    }
    return blur(positive, rows, columns);
  }

  private double percentile(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = percentile / 100 * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
  }

  /** The kernel is a product of one over rows and one over columns, so they are applied one after the other. */
  private float[] blur(float[] map, int rows, int columns) {
    double[] kernel = kernel();
    int radius = blurLength / 2;
    double[] alongRows = new double[map.length];
    float[] blurred = new float[map.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        for (int k = -radius; k <= radius; k++) {
          alongRows[r * columns + c] += kernel[k + radius] * map[r * columns + reflect(c + k, columns)];
        }
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
          sum += kernel[k + radius] * alongRows[reflect(r + k, rows) * columns + c];
        }
        blurred[r * columns + c] = (float) sum;
      }
    }
    return blurred;
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
