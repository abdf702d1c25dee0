package unweave.kernels.operations;

/**
 * The outcome of comparing a backward pass of the definition with central differences of its forward pass, (L(x + h) -
 * L(x - h)) / 2h. Since backends are compared with the definition, theirs are thereby checked too.
 *
 * @param error largest difference over the positions tried, as part of the derivative's largest value
 */
public record GradientCheck(OperationCase operation, OperationCase.Gradient gradient, double error) {
    /** Inputs are rounded to float32, so saved statistics are exact to about 1e-7. */
    public static final double TOLERANCE = 1e-5;

    private static final double STEP = 1e-5;
    private static final int MOST_POSITIONS = 12;

    public boolean ok() {
        return error <= TOLERANCE;
    }

    /** Tries up to 12 evenly spaced positions of the variable. */
    public static GradientCheck run(OperationCase operation, OperationCase.Gradient gradient) {
        HostOperands defined = operation.hostOperands();
        operation.define(defined);
        double[] derivative = defined.floats(gradient.derivative());
        HostOperands operands = operation.hostOperands();
        double[] variable = operands.floats(gradient.variable());
        double largest = 0;
        for (double value : derivative) {
            largest = Math.max(largest, Math.abs(value));
        }
        double error = 0;
        int positions = Math.min(MOST_POSITIONS, variable.length);
        for (int position = 0; position < positions; position++) {
            int i = (int) ((long) position * variable.length / positions);
            double difference = Math.abs(derivative[i] - centralDifference(gradient, operands, variable, i));
            error = Math.max(error, difference == 0 ? 0 : difference / largest);
        }
        return new GradientCheck(operation, gradient, error);
    }

    private static double centralDifference(
            OperationCase.Gradient gradient, HostOperands operands, double[] variable, int i) {
        double value = variable[i];
        variable[i] = value + STEP;
        double above = gradient.loss().applyAsDouble(operands);
        variable[i] = value - STEP;
        double below = gradient.loss().applyAsDouble(operands);
        variable[i] = value;
        return (above - below) / (2 * STEP);
    }
}
