package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferenceConvolutions;
import unweave.kernels.reference.ReferenceFused;
import unweave.kernels.reference.ReferencePooling;

/** Entries of the table for the operations of {@link unweave.kernels.Fused} with max pooling. */
final class FusedPoolingCases {
    private static final int MAPS = 3;

    private FusedPoolingCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (ConvShape shape : ConvolutionShapes.small()) {
            if (shape.outHeight() >= 2 && shape.outWidth() >= 2) {
                cases.add(pooled(shape, true, halves(shape), Content.ties(), " ties"));
                cases.add(pooled(shape, true, halves(shape), Content.uniform(-1, 1), false, ""));
                cases.add(pooledBackward(shape, true, false, halves(shape), ""));
                cases.add(pooledBackward(shape, false, true, halves(shape), ""));
                cases.add(divideBehindPooling(shape, halves(shape), MAPS, ""));
                cases.add(behindPooling(shape, halves(shape), 1, 1f, false, ""));
                cases.add(behindPooling(shape, halves(shape), MAPS, -0.5f, true, ""));
            }
        }
        addWindows(cases);
        addWinners(cases);
        addFirstLayers(cases);
        addTiles(cases);
        int first = cases.size();
        ConvolutionShapes.ofModels().forEach((layer, shape) -> {
            if (shape.kernelHeight() == 3) {
                cases.add(pooled(shape, true, halves(shape), Content.ties(), " (" + layer + ")"));
                cases.add(divideBehindPooling(shape, halves(shape), MAPS, " (" + layer + ")"));
                cases.add(behindPooling(shape, halves(shape), MAPS, 1f, false, " (" + layer + ")"));
                cases.add(pooledBackward(shape, true, true, halves(shape), " (" + layer + ")"));
            }
        });
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    /** Windows that fit tiles, and windows that do not: overlapping, padded, with gaps, larger. */
    private static void addWindows(List<OperationCase> cases) {
        ConvShape shape = ConvShape.same(2, 13, 18, 8, 16, 3);
        cases.add(pooled(shape, false, halves(shape), Content.ties(), " ties"));
        cases.add(pooled(shape, true, new PoolShape(2, 13, 18, 16, 3, 3, 3, 3, 0, 0), Content.ties(), " ties"));
        cases.add(pooled(shape, true, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0), Content.ties(), " ties"));
        cases.add(pooled(shape, true, new PoolShape(2, 13, 18, 16, 2, 2, 3, 3, 0, 0), Content.ties(), " ties"));
        cases.add(pooled(shape, true, halves(shape), Content.withNaN(), " NaN"));
        cases.add(behindPooling(shape, new PoolShape(2, 13, 18, 16, 3, 3, 3, 3, 0, 0), MAPS, 1f, false, ""));
        cases.add(behindPooling(shape, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0), MAPS, 1f, false, ""));
        cases.add(behindPooling(shape, new PoolShape(2, 13, 18, 16, 2, 2, 3, 3, 0, 0), 1, 1f, true, ""));
        cases.add(divideBehindPooling(shape, new PoolShape(2, 13, 18, 16, 3, 3, 3, 3, 0, 0), 1, ""));
        cases.add(divideBehindPooling(shape, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0), MAPS, ""));
        ConvShape first = ConvShape.same(2, 13, 19, 1, 32, 3);
        cases.add(behindPooling(first, halves(first), MAPS, 1f, false, ""));
        cases.add(behindPooling(
                new ConvShape(2, 14, 9, 1, 16, 3, 3, 1, 1, 0, 2, 1, 1, 1),
                PoolShape.square(2, 12, 11, 16, 2),
                1,
                1f,
                true,
                ""));
        cases.add(
                pooled(shape, true, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0), Content.uniform(-1, 1), false, ""));
        cases.add(pooled(first, true, halves(first), Content.withNaN(), false, " NaN"));
        cases.add(pooled(first, true, halves(first), Content.withNaN(), " NaN"));
        // First layers whose channels fill half a vector, of 512 bits and of 256, with even and odd numbers of windows.
        for (ConvShape narrow : new ConvShape[] {
            ConvShape.same(2, 6, 7, 1, 8, 3),
            ConvShape.same(3, 7, 12, 1, 8, 3),
            ConvShape.same(2, 6, 7, 1, 4, 3),
            ConvShape.same(3, 7, 12, 1, 4, 3)
        }) {
            cases.add(pooled(narrow, true, halves(narrow), Content.ties(), " ties"));
            cases.add(pooled(narrow, false, halves(narrow), Content.uniform(-1, 1), false, ""));
            cases.add(pooledBackward(narrow, true, false, halves(narrow), ""));
        }
        cases.add(pooledBackward(shape, false, false, new PoolShape(2, 13, 18, 16, 3, 3, 3, 3, 0, 0), ""));
        cases.add(pooledBackward(shape, true, true, new PoolShape(2, 13, 18, 16, 3, 3, 3, 3, 0, 0), ""));
        cases.add(pooledBackward(shape, true, true, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0), ""));
        cases.add(pooledBackward(shape, false, true, new PoolShape(2, 13, 18, 16, 2, 2, 3, 3, 0, 0), ""));
        cases.add(pooledTowardsInput(shape, halves(shape)));
        cases.add(pooledTowardsInput(first, halves(first)));
        cases.add(pooledTowardsInput(shape, new PoolShape(2, 13, 18, 16, 3, 2, 2, 1, 1, 0)));
    }

    /**
     * Layers that the GPU computes in whole sums, one for each kind of tile and number of channels: their blocks load
     * windows that reach over the edge of a tile, and of an image of odd size.
     */
    private static void addTiles(List<OperationCase> cases) {
        for (int[] channels : new int[][] {{4, 8}, {12, 12}, {8, 20}, {20, 8}, {8, 36}, {36, 4}}) {
            for (int[] size : new int[][] {{5, 8, 7}, {3, 33, 35}, {2, 7, 31}}) {
                ConvShape shape = ConvShape.same(size[0], size[1], size[2], channels[0], channels[1], 3);
                cases.add(divideBehindPooling(shape, halves(shape), 1, " tiles"));
                cases.add(divideBehindPooling(shape, halves(shape), MAPS, " tiles"));
                cases.add(dividedBehindPooling(shape, halves(shape), MAPS, -0.5f, true, " tiles"));
                cases.add(dividedBehindPooling(shape, halves(shape), 1, 1f, false, " tiles"));
            }
        }
    }

    /**
     * First layers of more channels, pixels and images than a block of the GPU takes at once, and of odd numbers of
     * them.
     */
    private static void addFirstLayers(List<OperationCase> cases) {
        for (ConvShape shape : new ConvShape[] {
            ConvShape.same(5, 35, 37, 1, 20, 3), ConvShape.same(1, 16, 33, 1, 32, 3), ConvShape.same(3, 2, 2, 1, 4, 3)
        }) {
            cases.add(behindPooling(shape, halves(shape), 1, 1f, false, " first"));
            cases.add(behindPooling(shape, halves(shape), MAPS, -0.5f, true, " first"));
            cases.add(dividedBehindPooling(shape, halves(shape), 2, 1f, true, " first"));
        }
    }

    /**
     * Input channels that fill half a vector, one and several, of every width; padding of 0 to 2 cells; odd sizes, rows
     * in several tasks.
     */
    private static void addWinners(List<OperationCase> cases) {
        for (int channels : new int[] {4, 8, 16, 32}) {
            for (ConvShape shape : new ConvShape[] {
                ConvShape.same(3, 7, 12, channels, 12, 3),
                ConvShape.same(1, 41, 9, channels, 8, 3),
                new ConvShape(2, 14, 9, channels, 20, 3, 3, 1, 1, 0, 2, 1, 1, 1),
                new ConvShape(1, 9, 14, channels, 7, 3, 3, 1, 1, 2, 0, 1, 1, 1)
            }) {
                cases.add(pooledBackward(shape, true, true, halves(shape), " winners"));
                cases.add(divideBehindPooling(shape, halves(shape), MAPS, " winners"));
                cases.add(behindPooling(shape, halves(shape), 2, -0.5f, true, " winners"));
                cases.add(dividedBehindPooling(shape, halves(shape), 5, 1f, false, " winners"));
                cases.add(dividedBehindPooling(shape, halves(shape), 1, 1f, false, " winners"));
            }
        }
    }

    private static PoolShape halves(ConvShape s) {
        return PoolShape.square(s.batch(), s.outHeight(), s.outWidth(), s.outChannels(), 2);
    }

    private static OperationCase pooled(ConvShape shape, boolean bias, PoolShape pool, Content content, String note) {
        return pooled(shape, bias, pool, content, true, note);
    }

    /** Ties are sums of quarters, exact in float32, so that winners agree to the last; and many values are equal. */
    private static OperationCase pooled(
            ConvShape shape, boolean bias, PoolShape pool, Content content, boolean winners, String note) {
        OperationCase operation = new OperationCase("convReluMaxPool " + shape + (bias ? " bias, " : ", ") + pool
                        + (winners ? "" : " without winners") + note)
                .input("x", shape.inputSize(), content)
                .input("w", shape.weightSize(), Content.ties())
                .input("bias", shape.outChannels(), Content.ties())
                .output("y", pool.outputSize());
        return (winners ? operation.outputInts("winners", pool.outputSize()) : operation)
                .terms(shape.weightSize() / (double) shape.outChannels() + 1)
                .call((b, v) -> b.fused()
                        .convReluMaxPool(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                bias ? v.floats("bias") : null,
                                pool,
                                v.floats("y"),
                                winners ? v.ints("winners") : null))
                .definition(v -> ReferenceFused.convReluMaxPool(
                        shape,
                        v.floats("x"),
                        v.floats("w"),
                        bias ? v.floats("bias") : null,
                        pool,
                        v.floats("y"),
                        winners ? v.ints("winners") : null));
    }

    private static OperationCase divideBehindPooling(ConvShape shape, PoolShape pool, int maps, String note) {
        return new OperationCase("convMaxPoolDivide " + shape + ", " + pool + " " + maps + " maps" + note)
                .input("x", shape.inputSize(), Content.activations())
                .input("w", shape.weightSize(), Content.uniform(0.1, 1))
                .input("bias", shape.outChannels(), Content.uniform(0.1, 1))
                .input("activation", shape.outputSize())
                .inputInts(
                        "winners",
                        pool.outputSize(),
                        (size, random, before) -> PoolingCases.winners(pool, before.floats("activation")))
                .input("r", maps * pool.outputSize())
                .output("q", maps * pool.outputSize())
                .terms(shape.weightSize() / (double) shape.outChannels() + 1)
                .call((b, v) -> b.fused()
                        .convMaxPoolDivide(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                v.floats("bias"),
                                0.25f,
                                pool,
                                v.floats("r"),
                                v.ints("winners"),
                                v.floats("q")))
                .definition(v -> ReferenceFused.convMaxPoolDivide(
                        shape,
                        v.floats("x"),
                        v.floats("w"),
                        v.floats("bias"),
                        0.25f,
                        pool,
                        v.floats("r"),
                        v.ints("winners"),
                        v.floats("q")));
    }

    /** Denominators are positive, as the sums of squared weights that they usually are. */
    private static OperationCase behindPooling(
            ConvShape shape, PoolShape recorded, int maps, float alpha, boolean add, String note) {
        return behindPooling(shape, recorded, maps, alpha, add, true, note);
    }

    private static OperationCase dividedBehindPooling(
            ConvShape shape, PoolShape recorded, int maps, float alpha, boolean add, String note) {
        return behindPooling(shape, recorded, maps, alpha, add, false, note);
    }

    private static OperationCase behindPooling(
            ConvShape shape, PoolShape recorded, int maps, float alpha, boolean add, boolean divides, String note) {
        ConvShape batched = shape.withBatch(maps * shape.batch());
        PoolShape pool = recorded.withBatch(batched.batch());
        OperationCase operation = new OperationCase("convMaxPoolBackwardInputProduct " + shape + ", " + recorded + " "
                        + maps + " maps" + (add ? " added" : "") + (divides ? "" : " divided") + note)
                .input("activation", shape.outputSize())
                .inputInts(
                        "winners",
                        recorded.outputSize(),
                        (size, random, before) -> PoolingCases.winners(recorded, before.floats("activation")))
                .input("dy", pool.outputSize())
                .input("z", shape.outputSize() / shape.batch(), Content.uniform(0.1, 1))
                .input("w", shape.weightSize())
                .input("x", shape.inputSize());
        (add
                        ? operation.updated("out", batched.inputSize(), Content.gaussian())
                        : operation.output("out", batched.inputSize()))
                .terms(shape.weightSize() / (double) shape.inChannels());
        return operation
                .call((b, v) -> b.fused()
                        .convMaxPoolBackwardInputProduct(
                                batched,
                                pool,
                                v.floats("dy"),
                                v.ints("winners"),
                                0.25f,
                                divides ? v.floats("z") : null,
                                v.floats("w"),
                                alpha,
                                v.floats("x"),
                                add,
                                v.floats("out")))
                .definition(v -> ReferenceFused.convMaxPoolBackwardInputProduct(
                        batched,
                        pool,
                        v.floats("dy"),
                        v.ints("winners"),
                        0.25f,
                        divides ? v.floats("z") : null,
                        v.floats("w"),
                        alpha,
                        v.floats("x"),
                        add,
                        v.floats("out")));
    }

    /** @param towardsInput whether the gradient of x is wanted, too */
    private static OperationCase pooledBackward(
            ConvShape shape, boolean bias, boolean towardsInput, PoolShape pool, String note) {
        OperationCase operation = new OperationCase("convReluMaxPoolBackward " + shape + (bias ? " bias, " : ", ")
                        + pool + (towardsInput ? "" : " weights only") + note)
                .input("x", shape.inputSize())
                .input("w", shape.weightSize())
                .input("bias", shape.outChannels())
                .input(
                        "y",
                        pool.outputSize(),
                        (size, random, before) -> PreparedOperation.toFloats(pooledOutput(shape, pool, before, bias)))
                .inputInts(
                        "winners",
                        pool.outputSize(),
                        (size, random, before) -> PoolingCases.winners(pool, activation(shape, before, bias)))
                .input("dy", pool.outputSize())
                .output("dw", shape.weightSize());
        if (towardsInput) {
            operation.output("dx", shape.inputSize());
        }
        (bias ? operation.output("dbias", shape.outChannels()) : operation)
                .terms(shape.outputSize() / (double) shape.outChannels())
                .call((b, v) -> b.fused()
                        .convReluMaxPoolBackward(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                pool,
                                v.floats("y"),
                                v.floats("dy"),
                                v.ints("winners"),
                                towardsInput ? v.floats("dx") : null,
                                v.floats("dw"),
                                bias ? v.floats("dbias") : null))
                .definition(v -> ReferenceFused.convReluMaxPoolBackward(
                        shape,
                        v.floats("x"),
                        v.floats("w"),
                        pool,
                        v.floats("y"),
                        v.floats("dy"),
                        v.ints("winners"),
                        towardsInput ? v.floats("dx") : null,
                        v.floats("dw"),
                        bias ? v.floats("dbias") : null))
                .gradient("w", "dw", v -> Losses.weightedSum(v.floats("dy"), pooledOutput(shape, pool, v, bias)));
        return towardsInput
                ? operation.gradient(
                        "x", "dx", v -> Losses.weightedSum(v.floats("dy"), pooledOutput(shape, pool, v, bias)))
                : operation;
    }

    /** What attributions by gradient ask for: the parameters' gradients are not wanted. */
    private static OperationCase pooledTowardsInput(ConvShape shape, PoolShape pool) {
        return new OperationCase("convReluMaxPoolBackward " + shape + ", " + pool + " input only")
                .input("x", shape.inputSize())
                .input("w", shape.weightSize())
                .input(
                        "y",
                        pool.outputSize(),
                        (size, random, before) -> PreparedOperation.toFloats(pooledOutput(shape, pool, before, false)))
                .inputInts(
                        "winners",
                        pool.outputSize(),
                        (size, random, before) -> PoolingCases.winners(pool, activation(shape, before, false)))
                .input("dy", pool.outputSize())
                .output("dx", shape.inputSize())
                .terms(shape.weightSize() / (double) shape.inChannels())
                .call((b, v) -> b.fused()
                        .convReluMaxPoolBackward(
                                shape,
                                v.floats("x"),
                                v.floats("w"),
                                pool,
                                v.floats("y"),
                                v.floats("dy"),
                                v.ints("winners"),
                                v.floats("dx"),
                                null,
                                null))
                .definition(v -> ReferenceFused.convReluMaxPoolBackward(
                        shape,
                        v.floats("x"),
                        v.floats("w"),
                        pool,
                        v.floats("y"),
                        v.floats("dy"),
                        v.ints("winners"),
                        v.floats("dx"),
                        null,
                        null));
    }

    private static double[] activation(ConvShape shape, Operands<double[], int[]> operands, boolean bias) {
        double[] activation = new double[Math.toIntExact(shape.outputSize())];
        ReferenceConvolutions.convForward(
                shape,
                operands.floats("x"),
                operands.floats("w"),
                bias ? operands.floats("bias") : null,
                true,
                activation);
        return activation;
    }

    private static double[] pooledOutput(
            ConvShape shape, PoolShape pool, Operands<double[], int[]> operands, boolean bias) {
        double[] y = new double[Math.toIntExact(pool.outputSize())];
        ReferencePooling.maxPoolForward(pool, activation(shape, operands, bias), y, new int[y.length]);
        return y;
    }
}
