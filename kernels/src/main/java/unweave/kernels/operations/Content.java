package unweave.kernels.operations;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** What a float operand holds before the operation. */
public interface Content {
    /** Makes {@code size} values; {@code before} holds the operands that were declared earlier. */
    float[] make(int size, SplittableRandom random, HostOperands before);

    /** Normally distributed values. */
    static Content gaussian() {
        return (size, random, before) -> draw(size, () -> random.nextGaussian());
    }

    /** What a ReLU gives: about half zeros, the others positive. */
    static Content activations() {
        return (size, random, before) -> draw(size, () -> Math.max(0, random.nextGaussian()));
    }

    /** Normally distributed values in about a {@code part} of the places, zeros in the others. */
    static Content sparse(double part) {
        return (size, random, before) -> draw(size, () -> random.nextDouble() < part ? random.nextGaussian() : 0);
    }

    /** What {@code content} holds, but zeros where {@code operand} does. */
    static Content within(String operand, Content content) {
        return (size, random, before) -> {
            float[] values = content.make(size, random, before);
            double[] mask = before.floats(operand);
            for (int i = 0; i < size; i++) {
                values[i] = mask[i] == 0 ? 0 : values[i];
            }
            return values;
        };
    }

    /** Evenly distributed values of [low, high). */
    static Content uniform(double low, double high) {
        return (size, random, before) -> draw(size, () -> random.nextDouble(low, high));
    }

    /** Values of {-1, -0.5, -0.0, 0, 0.5, 1}: many equal ones, and both zeros. */
    static Content ties() {
        float[] choices = {-1f, -0.5f, -0f, 0f, 0.5f, 1f};
        return (size, random, before) -> draw(size, () -> choices[random.nextInt(choices.length)]);
    }

    /** Values that are all negative. */
    static Content negative() {
        return (size, random, before) -> draw(size, () -> -Math.abs(random.nextGaussian()) - 0.1);
    }

    /** Normally distributed values, a tenth of which are not a number. */
    static Content withNaN() {
        return (size, random, before) -> draw(size, () -> random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian());
    }

    /** Evenly distributed values of [0, 1), but {@code first} at the start: an outlier. */
    static Content farFirst(float first) {
        return (size, random, before) -> {
            float[] values = uniform(0, 1).make(size, random, before);
            values[0] = first;
            return values;
        };
    }

    /** The same value everywhere. */
    static Content constant(float value) {
        return (size, random, before) -> {
            float[] values = new float[size];
            Arrays.fill(values, value);
            return values;
        };
    }

    /**
     * Orthogonal n x n matrices, one after the other, uniformly distributed: Gram and Schmidt's procedure on Gaussian
     * rows.
     */
    static Content orthogonal(int n) {
        return (size, random, before) -> {
            float[] values = new float[size];
            for (int at = 0; at < size; at += n * n) {
                double[][] rows = orthogonalRows(n, random);
                for (int i = 0; i < n * n; i++) {
                    values[at + i] = (float) rows[i / n][i % n];
                }
            }
            return values;
        };
    }

    private static double[][] orthogonalRows(int n, SplittableRandom random) {
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.setAll(rows[i], j -> random.nextGaussian());
            // Twice, since one pass leaves rounding errors that grow with n.
            for (int j = 0; j < 2 * i; j++) {
                subtractProjection(rows[i], rows[j % i]);
            }
            double length = Math.sqrt(dot(rows[i], rows[i]));
            double[] row = rows[i];
            Arrays.setAll(row, j -> row[j] / length);
        }
        return rows;
    }

    private static void subtractProjection(double[] x, double[] unit) {
        double product = dot(x, unit);
        Arrays.setAll(x, i -> x[i] - product * unit[i]);
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static float[] draw(int size, DoubleSupplier next) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return values;
    }
}
