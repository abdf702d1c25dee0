package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.Activation;
import unweave.kernels.Activation.Constants;
import unweave.kernels.reference.ReferenceActivations;

/** Entries of the table for {@link unweave.kernels.Activations}. */
final class ActivationCases {
    private static final int MODEL_SIZE = 16 * 64 * 64 * 32;

    private ActivationCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (Activation f : Activation.values()) {
            Content near = ofPositive(f) ? Content.uniform(0.1, 3) : Content.gaussian();
            Content wide =
                    f == Activation.POWER || !ofPositive(f) ? Content.uniform(-30, 30) : Content.uniform(0.1, 60);
            cases.add(activate(f, constants(f, 0.3f), 37, near, ""));
            cases.add(activate(f, constants(f, 2f), 20_003, wide, " wide"));
            cases.add(activationBackward(f, constants(f, 0.3f), 37, near, ""));
            cases.add(activationBackward(f, constants(f, 2f), 20_003, wide, " wide"));
        }
        cases.add(activate(Activation.CLIP, Activation.CLIP.usualConstants(), 500, Content.withNaN(), " NaN"));
        for (Activation f : List.of(Activation.GELU, Activation.CLIP)) {
            Constants usual = f.usualConstants();
            cases.add(activate(f, usual, MODEL_SIZE, Content.gaussian(), "").benchmarkSize());
            cases.add(activationBackward(f, usual, MODEL_SIZE, Content.gaussian(), "")
                    .benchmarkSize());
        }
        return cases;
    }

    /** Whether f is a number for x above 0 alone. */
    private static boolean ofPositive(Activation f) {
        return f == Activation.LOG || f == Activation.SQRT || f == Activation.POWER;
    }

    private static Constants constants(Activation f, float a) {
        return switch (f) {
            case CLIP -> new Constants(-a, 3 * a);
            case HARD_SIGMOID -> new Constants(a / 3, 0.4f);
            case SELU -> new Constants(a, 1.2f);
            default -> Constants.of(a);
        };
    }

    private static OperationCase activate(Activation f, Constants c, int size, Content content, String note) {
        return new OperationCase("activate " + f + " " + c.a() + " " + c.b() + " " + size + note)
                .input("x", size, content)
                .output("y", size)
                .call((b, v) -> b.activations().activate(f, c, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceActivations.activate(f, c, v.floats("x"), v.floats("y")));
    }

    private static OperationCase activationBackward(Activation f, Constants c, int size, Content content, String note) {
        OperationCase operation = new OperationCase(
                        "activationBackward " + f + " " + c.a() + " " + c.b() + " " + size + note)
                .input("x", size, content)
                .input("dy", size)
                .output("dx", size)
                .call((b, v) -> b.activations().activationBackward(f, c, v.floats("x"), v.floats("dy"), v.floats("dx")))
                .definition(v ->
                        ReferenceActivations.activationBackward(f, c, v.floats("x"), v.floats("dy"), v.floats("dx")));
        return size > 100
                ? operation
                : operation.gradient("x", "dx", v -> {
                    double[] y = new double[size];
                    ReferenceActivations.activate(f, c, v.floats("x"), y);
                    return Losses.weightedSum(v.floats("dy"), y);
                });
    }
}
