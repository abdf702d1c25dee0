package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.Activation;
import unweave.kernels.ConvShape;
import unweave.kernels.reference.ReferenceFused;

/** Entries of the table for the operations of {@link unweave.kernels.Fused} without pooling. */
final class FusedCases {
    private static final int MAPS = 3;

    private FusedCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (ConvShape shape : ConvolutionShapes.small()) {
            cases.add(activate(shape, Activation.CLIP, true));
            cases.add(divide(shape, MAPS, 0.25f, Content.activations(), Content.uniform(0.1, 1), ""));
            cases.add(product(shape, 1, 1f, false, ""));
            cases.add(product(shape, MAPS, -0.5f, true, ""));
        }
        for (Activation f : List.of(Activation.SILU, Activation.HARD_SWISH, Activation.LEAKY_RELU)) {
            cases.add(activate(ConvShape.same(2, 10, 7, 33, 17, 3), f, false));
            cases.add(activate(new ConvShape(2, 7, 9, 40, 40, 3, 3, 2, 2, 1, 1, 1, 1, 40), f, true));
        }
        cases.add(divide(ConvShape.same(2, 6, 5, 4, 4, 3), 1, 0f, Content.ties(), Content.ties(), " zeros"));
        int first = cases.size();
        ConvolutionShapes.ofModels().forEach((layer, shape) -> {
            if (shape.kernelHeight() == 3) {
                cases.add(
                        divide(shape, MAPS, 0.25f, Content.activations(), Content.uniform(0.1, 1), " (" + layer + ")"));
                cases.add(product(shape, MAPS, 1f, false, " (" + layer + ")"));
            }
        });
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static OperationCase activate(ConvShape shape, Activation f, boolean bias) {
        Activation.Constants c = f == Activation.CLIP ? new Activation.Constants(-0.5f, 1.5f) : f.usualConstants();
        // Sums of variance 1, where nonlinearities bend; the errors of larger ones would be compared with outputs of 1.
        double most = Math.sqrt(3.0 * shape.outChannels() / shape.weightSize());
        return new OperationCase("convActivate " + shape + " " + f + (bias ? " bias" : ""))
                .input("x", shape.inputSize())
                .input("w", shape.weightSize(), Content.uniform(-most, most))
                .input("bias", shape.outChannels())
                .output("y", shape.outputSize())
                .terms(shape.weightSize() / (double) shape.outChannels() + 1)
                .call((b, v) -> b.fused()
                        .convActivate(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                bias ? v.floats("bias") : null,
                                f,
                                c,
                                v.floats("y")))
                .definition(v -> ReferenceFused.convActivate(
                        shape, v.floats("x"), v.floats("w"), bias ? v.floats("bias") : null, f, c, v.floats("y")));
    }

    /**
     * Denominators are sums of terms of one sign (or of quarters), since a sum that cancels has no accurate quotient.
     */
    private static OperationCase divide(
            ConvShape shape, int maps, float eps, Content activations, Content weights, String note) {
        return new OperationCase("convDivide " + shape + " " + maps + " maps" + note)
                .input("x", shape.inputSize(), activations)
                .input("w", shape.weightSize(), weights)
                .input("bias", shape.outChannels(), weights)
                .input("r", maps * shape.outputSize())
                .output("q", maps * shape.outputSize())
                .terms(shape.weightSize() / (double) shape.outChannels() + 1)
                .call((b, v) -> b.fused()
                        .convDivide(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                v.floats("bias"),
                                eps,
                                v.floats("r"),
                                v.floats("q")))
                .definition(v -> ReferenceFused.convDivide(
                        shape, v.floats("x"), v.floats("w"), v.floats("bias"), eps, v.floats("r"), v.floats("q")));
    }

    private static OperationCase product(ConvShape shape, int maps, float alpha, boolean add, String note) {
        ConvShape batched = shape.withBatch(maps * shape.batch());
        OperationCase operation = new OperationCase(
                        "convBackwardInputProduct " + shape + " " + maps + " maps" + (add ? " added" : "") + note)
                .input("q", batched.outputSize())
                .input("w", shape.weightSize())
                .input("x", shape.inputSize());
        (add
                        ? operation.updated("out", batched.inputSize(), Content.gaussian())
                        : operation.output("out", batched.inputSize()))
                .terms(shape.weightSize() / (double) shape.inChannels());
        return operation
                .call((b, v) -> b.fused()
                        .convBackwardInputProduct(
                                batched, v.floats("q"), v.floats("w"), alpha, v.floats("x"), add, v.floats("out")))
                .definition(v -> ReferenceFused.convBackwardInputProduct(
                        batched, v.floats("q"), v.floats("w"), alpha, v.floats("x"), add, v.floats("out")));
    }
}
