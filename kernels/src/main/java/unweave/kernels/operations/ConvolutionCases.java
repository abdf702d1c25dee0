package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.ConvShape;
import unweave.kernels.reference.ReferenceConvolutions;

/** Entries of the table for {@link unweave.kernels.Convolutions}. */
final class ConvolutionCases {
    private static final int[][] GEMM_SIZES = {
        {1, 1, 1}, {7, 5, 3}, {16, 16, 16}, {33, 17, 65}, {1, 20, 64}, {128, 10, 300}, {61, 130, 1}
    };

    private ConvolutionCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (ConvShape shape : ConvolutionShapes.small()) {
            addPasses(cases, shape, "");
        }
        // More pixels than the GPU's kernels for small products take: this one is left to cuBLAS.
        addPasses(cases, ConvShape.same(1, 260, 256, 2, 3, 1), "");
        ConvolutionShapes.ofModels().forEach((layer, shape) -> {
            int first = cases.size();
            addPasses(cases, shape, " (" + layer + ")");
            cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        });
        int others = cases.size();
        // Of other people's networks.
        addPasses(cases, new ConvShape(4, 56, 56, 144, 144, 3, 3, 1, 1, 1, 1, 1, 1, 144), " (depth-wise)");
        addPasses(cases, new ConvShape(16, 1, 1024, 1, 128, 1, 512, 1, 4, 0, 254, 1, 1, 1), " (pitch tracker)");
        addPasses(cases, new ConvShape(16, 1, 128, 128, 16, 1, 64, 1, 1, 0, 31, 0, 32, 1, 1, 1), " (pitch tracker)");
        cases.subList(others, cases.size()).forEach(OperationCase::benchmarkSize);
        for (int[] size : GEMM_SIZES) {
            for (int transposes = 0; transposes < 4; transposes++) {
                cases.add(gemm((transposes & 1) != 0, (transposes & 2) != 0, size[0], size[1], size[2]));
            }
        }
        cases.add(gemm(false, false, 9600, 128, 128).benchmarkSize());
        cases.add(gemm(true, false, 128, 128, 9600).benchmarkSize());
        return cases;
    }

    private static void addPasses(List<OperationCase> cases, ConvShape shape, String note) {
        cases.add(forward(shape, true, true, note));
        cases.add(forward(shape, false, false, note));
        cases.add(backwardInput(shape, note));
        cases.add(backwardWeights(shape, true, note));
        cases.add(backwardWeights(shape, false, note));
    }

    private static OperationCase forward(ConvShape shape, boolean bias, boolean relu, String note) {
        String options = (bias ? " bias" : "") + (relu ? " relu" : "");
        return new OperationCase("convForward " + shape + options + note)
                .input("x", shape.inputSize())
                .input("w", shape.weightSize())
                .input("bias", shape.outChannels())
                .output("y", shape.outputSize())
                .terms(shape.weightSize() / (double) shape.outChannels() + 1)
                .call((b, v) -> b.convolutions()
                        .convForward(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                bias ? v.floats("bias") : null,
                                relu,
                                v.floats("y")))
                .definition(v -> ReferenceConvolutions.convForward(
                        shape, v.floats("x"), v.floats("w"), bias ? v.floats("bias") : null, relu, v.floats("y")));
    }

    private static OperationCase backwardInput(ConvShape shape, String note) {
        return new OperationCase("convBackwardInput " + shape + note)
                .input("x", shape.inputSize())
                .input("dy", shape.outputSize())
                .input("w", shape.weightSize())
                .output("dx", shape.inputSize())
                .terms(shape.weightSize() / (double) shape.inChannels())
                .call((b, v) ->
                        b.convolutions().convBackwardInput(shape, v.floats("dy"), v.floats("w"), v.floats("dx")))
                .definition(v ->
                        ReferenceConvolutions.convBackwardInput(shape, v.floats("dy"), v.floats("w"), v.floats("dx")))
                .gradient("x", "dx", v -> loss(shape, v, null));
    }

    private static OperationCase backwardWeights(ConvShape shape, boolean bias, String note) {
        OperationCase operation = new OperationCase("convBackwardWeights " + shape + (bias ? " bias" : "") + note)
                .input("x", shape.inputSize())
                .input("dy", shape.outputSize())
                .input("w", shape.weightSize())
                .input("bias", shape.outChannels())
                .output("dw", shape.weightSize())
                .terms((double) shape.batch() * shape.outHeight() * shape.outWidth());
        if (bias) {
            operation
                    .output("dbias", shape.outChannels())
                    .gradient("w", "dw", v -> loss(shape, v, null))
                    .gradient("bias", "dbias", v -> loss(shape, v, v.floats("bias")));
        }
        return operation
                .call((b, v) -> b.convolutions()
                        .convBackwardWeights(
                                shape, v.floats("x"), v.floats("dy"), v.floats("dw"), bias ? v.floats("dbias") : null))
                .definition(v -> ReferenceConvolutions.convBackwardWeights(
                        shape, v.floats("x"), v.floats("dy"), v.floats("dw"), bias ? v.floats("dbias") : null));
    }

    /** sum of dy * conv(x, w, bias). */
    private static double loss(ConvShape shape, Operands<double[], int[]> v, double[] bias) {
        double[] y = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(shape, v.floats("x"), v.floats("w"), bias, false, y);
        return Losses.weightedSum(v.floats("dy"), y);
    }

    private static OperationCase gemm(boolean transposeA, boolean transposeB, int m, int n, int k) {
        String factors = (transposeA ? " A^T" : " A") + (transposeB ? " B^T" : " B");
        return new OperationCase("gemm " + m + "x" + n + "x" + k + factors)
                .input("a", (long) m * k)
                .input("b", (long) k * n)
                .output("c", (long) m * n)
                .terms(k)
                .call((b, v) -> b.convolutions()
                        .gemm(transposeA, transposeB, m, n, k, v.floats("a"), v.floats("b"), v.floats("c")))
                .definition(v -> ReferenceConvolutions.gemm(
                        transposeA, transposeB, m, n, k, v.floats("a"), v.floats("b"), v.floats("c")));
    }
}
