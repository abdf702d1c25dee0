package unweave.explain.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import unweave.drsa.Estimate;
import unweave.drsa.evaluation.ClassAverage;

/** The mean over classes of the means over their inputs ({@link ClassAverage}), from the values of all inputs. */
public final class ClassMean {
    private ClassMean() {}

    /** From the values of every input, classes x inputs. */
    static Estimate of(double[][] values) {
        return ClassAverage.of(Arrays.stream(values).map(Estimate::of).toList());
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
            differences[c] = IntStream.range(0, first.length)
                    .mapToDouble(i -> (double) first[i] - second[i])
                    .toArray();
        }
        return of(differences);
    }

    public static double[] doubles(float[] values) {
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
