package unweave.kernels.operations;

import java.util.Arrays;
import unweave.kernels.Backend;

/**
 * The outcome of running one case on one backend.
 *
 * @param error largest difference from the definition, over all outputs, each as part of its largest value
 * @param tolerance what the error may be
 * @param problem one line that says what is wrong, or null
 */
public record OperationCheck(OperationCase operation, double error, double tolerance, String problem) {

    public boolean ok() {
        return problem == null;
    }

    /**
     * Runs {@code operation} on {@code backend}, compares it with the definition and makes sure that inputs stay as
     * they are.
     */
    public static OperationCheck run(OperationCase operation, Backend backend) {
        double[][] expected = operation.reference();
        HostOperands before = operation.hostOperands();
        double largestError = 0;
        String problem = null;
        try (PreparedOperation prepared = operation.prepare(backend)) {
            prepared.run();
            int output = 0;
            for (OperationCase.Operand operand : operation.operands()) {
                float[] actual = prepared.download(operand.name());
                if (operand.isWritten()) {
                    double tolerance = operand.content() == null ? 0 : operation.tolerance();
                    double error = error(expected[output++], actual);
                    largestError = Math.max(largestError, error);
                    if (!(error <= tolerance)) {
                        problem = String.format(
                                "%s is off by %.2e of its largest value, more than %.2e",
                                operand.name(), error, tolerance);
                    }
                } else if (!holds(actual, operand, before)) {
                    problem = "the input " + operand.name() + " was modified";
                }
            }
        }
        return new OperationCheck(operation, largestError, operation.tolerance(), problem);
    }

    private static boolean holds(float[] actual, OperationCase.Operand operand, HostOperands before) {
        double[] values = operand.content() != null
                ? before.floats(operand.name())
                : Arrays.stream(before.ints(operand.name())).asDoubleStream().toArray();
        return Arrays.equals(actual, PreparedOperation.toFloats(values));
    }

    /**
     * max |actual - expected| / max |expected|, where only finite expected values count for the largest. A value that
     * is not finite must be met exactly (any NaN by any NaN), else the error is infinite.
     */
    static double error(double[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Double.isFinite(expected[i]) && Float.isFinite(actual[i])) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
            } else if (Double.compare(expected[i], actual[i]) != 0) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return difference == 0 ? 0 : difference / largest;
    }
}
