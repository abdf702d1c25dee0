package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.Activation;
import unweave.kernels.reference.ReferenceActivations;

/** Entries of the table for {@link unweave.kernels.Activations}. */
final class ActivationCases {
    private static final int MODEL_SIZE = 16 * 64 * 64 * 32;

    private ActivationCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (Activation f : Activation.values()) {
            cases.add(activate(f, 0.3f, 37, Content.gaussian(), ""));
            cases.add(activate(f, 2f, 20_003, Content.uniform(-30, 30), " wide"));
            cases.add(activationBackward(f, 0.3f, 37, Content.gaussian(), ""));
            cases.add(activationBackward(f, 2f, 20_003, Content.uniform(-30, 30), " wide"));
        }
        cases.add(activate(Activation.GELU, 1f, MODEL_SIZE, Content.gaussian(), "")
                .benchmarkSize());
        cases.add(activationBackward(Activation.GELU, 1f, MODEL_SIZE, Content.gaussian(), "")
                .benchmarkSize());
        return cases;
    }

    private static OperationCase activate(Activation f, float a, int size, Content content, String note) {
        return new OperationCase("activate " + f + " a " + a + " " + size + note)
                .input("x", size, content)
                .output("y", size)
                .call((b, v) -> b.activations().activate(f, a, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceActivations.activate(f, a, v.floats("x"), v.floats("y")));
    }

    private static OperationCase activationBackward(Activation f, float a, int size, Content content, String note) {
        OperationCase operation = new OperationCase("activationBackward " + f + " a " + a + " " + size + note)
                .input("x", size, content)
                .input("dy", size)
                .output("dx", size)
                .call((b, v) -> b.activations().activationBackward(f, a, v.floats("x"), v.floats("dy"), v.floats("dx")))
                .definition(v ->
                        ReferenceActivations.activationBackward(f, a, v.floats("x"), v.floats("dy"), v.floats("dx")));
        return size > 100
                ? operation
                : operation.gradient("x", "dx", v -> {
                    double[] y = new double[size];
                    ReferenceActivations.activate(f, a, v.floats("x"), y);
                    return Losses.weightedSum(v.floats("dy"), y);
                });
    }
}
