package unweave.app.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;

/**
 * The mean over classes of the means over their inputs (thesis Table 4.4: "first averaged over instances and then over classes"). Its standard error
 * is that of independent classes: the root of the summed squares of theirs, over their number.
 */
final class ClassMean {
  private ClassMean() {}

  /** From the values of every input, classes x inputs. */
  static Estimate of(double[][] values) {
    return of(Arrays.stream(values).map(Estimate::of).toList());
  }

  /** As {@link #of(double[][])}, of values kept as floats. */
  static Estimate of(float[][] values) {
    return of(Arrays.stream(values).map(ClassMean::doubles).toArray(double[][]::new));
  }

  /** Of the differences a - b, input by input. */
  static Estimate ofDifferences(float[][] a, float[][] b) {
    double[][] differences = new double[a.length][];
    for (int c = 0; c < a.length; c++) {
      float[] first = a[c];
      float[] second = b[c];
      differences[c] = IntStream.range(0, first.length).mapToDouble(i -> (double) first[i] - second[i]).toArray();
    }
    return of(differences);
  }

  /** From one estimate per class. */
  static Estimate of(List<Estimate> classes) {
    double mean = classes.stream().mapToDouble(Estimate::mean).average().orElse(Double.NaN);
    double squares = classes.stream().mapToDouble(estimate -> estimate.standardError() * estimate.standardError()).sum();
    return new Estimate(mean, Math.sqrt(squares) / classes.size(), classes.stream().mapToInt(Estimate::count).sum());
  }

  static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
