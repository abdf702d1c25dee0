package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.PoolShape;
import unweave.kernels.reference.ReferencePooling;

/** Entries of the table for {@link unweave.kernels.Pooling}. */
final class PoolingCases {
    private PoolingCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        List<PoolShape> shapes = List.of(
                PoolShape.square(2, 8, 6, 8, 2),
                PoolShape.square(1, 9, 7, 3, 2),
                PoolShape.square(2, 8, 8, 17, 2),
                PoolShape.square(2, 7, 9, 12, 2),
                PoolShape.square(1, 7, 5, 4, 3),
                PoolShape.square(3, 12, 12, 33, 3),
                PoolShape.square(1, 4, 4, 1, 4),
                PoolShape.square(1, 5, 5, 7, 1),
                new PoolShape(2, 9, 10, 4, 3, 3, 2, 2, 0, 0),
                new PoolShape(2, 9, 10, 16, 3, 3, 2, 2, 1, 1),
                new PoolShape(1, 8, 11, 5, 2, 3, 1, 2, 1, 0),
                new PoolShape(2, 6, 9, 8, 1, 3, 3, 1, 0, 1),
                // padding top, left, bottom, right, then dilation, windows beyond the padding, whether it counts
                new PoolShape(2, 8, 7, 8, 3, 3, 2, 2, 0, 1, 2, 0, 1, 1, false, true),
                new PoolShape(1, 8, 7, 5, 2, 2, 2, 2, 0, 0, 0, 1, 1, 1, false, true),
                new PoolShape(2, 7, 9, 16, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, true, true),
                new PoolShape(2, 8, 10, 4, 3, 3, 2, 3, 1, 1, 1, 1, 1, 1, true, true),
                new PoolShape(1, 9, 10, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, true, false),
                new PoolShape(2, 10, 9, 8, 2, 3, 1, 1, 0, 0, 0, 0, 3, 2, false, true),
                new PoolShape(2, 11, 12, 17, 2, 2, 3, 3, 0, 0, 0, 0, 2, 2, true, true),
                new PoolShape(1, 6, 8, 7, 3, 2, 2, 1, 3, 2, 1, 2, 2, 3, false, false),
                new PoolShape(1, 5, 5, 6, 3, 3, 1, 1, 2, 2, 2, 2, 1, 1, false, false));
        for (PoolShape shape : shapes) {
            addPasses(cases, shape);
            cases.add(maxBackward(shape.withBatch(2), 2 * 3));
            for (float exponent : new float[] {1f, 2f, 3.5f}) {
                cases.add(normForward(shape, exponent, Content.gaussian(), ""));
                cases.add(normBackward(shape, exponent, shape.batch()));
            }
            cases.add(normBackward(shape.withBatch(2), 3f, 2 * 3));
        }
        cases.add(maxForward(PoolShape.square(2, 8, 6, 16, 2), Content.ties(), "ties"));
        cases.add(maxForward(new PoolShape(2, 9, 10, 7, 3, 3, 2, 2, 1, 1), Content.ties(), "ties"));
        cases.add(maxForward(new PoolShape(2, 9, 10, 16, 3, 3, 2, 2, 1, 1), Content.negative(), "negative"));
        cases.add(maxForward(PoolShape.square(2, 8, 6, 17, 2), Content.withNaN(), "NaN"));
        cases.add(maxForward(PoolShape.square(1, 8, 8, 8, 2), Content.constant(0), "all zero"));
        cases.add(normForward(PoolShape.square(1, 8, 8, 8, 2), 2f, Content.constant(0), " all zero"));
        addModels(cases);
        return cases;
    }

    private static void addModels(List<OperationCase> cases) {
        int first = cases.size();
        addPasses(cases, PoolShape.square(16, 64, 64, 8, 2));
        addPasses(cases, PoolShape.square(16, 16, 16, 16, 2));
        addPasses(cases, PoolShape.square(16, 128, 128, 32, 2));
        addPasses(cases, PoolShape.square(16, 32, 32, 64, 2));
        // Of other people's networks: a ResNet's first pooling, the last of a row left over.
        addPasses(cases, new PoolShape(16, 64, 64, 32, 3, 3, 2, 2, 1, 1));
        addPasses(cases, new PoolShape(16, 63, 63, 32, 3, 3, 2, 2, 0, 0, 1, 1, 1, 1, true, false));
        cases.add(normForward(PoolShape.square(16, 32, 32, 64, 2), 2f, Content.gaussian(), ""));
        cases.add(normBackward(PoolShape.square(16, 32, 32, 64, 2), 2f, 16));
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
    }

    private static void addPasses(List<OperationCase> cases, PoolShape shape) {
        cases.add(maxForward(shape, Content.gaussian(), ""));
        cases.add(maxBackward(shape, shape.batch()));
        cases.add(averageForward(shape));
        cases.add(averageBackward(shape));
    }

    private static OperationCase maxForward(PoolShape shape, Content content, String note) {
        return new OperationCase("maxPoolForward " + shape + (note.isEmpty() ? "" : " " + note))
                .input("x", shape.inputSize(), content)
                .output("y", shape.outputSize())
                .outputInts("winners", shape.outputSize())
                .call((b, v) -> b.pooling().maxPoolForward(shape, v.floats("x"), v.floats("y"), v.ints("winners")))
                .definition(
                        v -> ReferencePooling.maxPoolForward(shape, v.floats("x"), v.floats("y"), v.ints("winners")));
    }

    /** The winners are those of {@code recorded} inputs; the batch of relevance maps is {@code mapBatch}. */
    private static OperationCase maxBackward(PoolShape recorded, int mapBatch) {
        PoolShape maps = recorded.withBatch(mapBatch);
        String repeats = mapBatch == recorded.batch() ? "" : " for " + mapBatch + " maps";
        OperationCase operation = new OperationCase("maxPoolBackward " + recorded + repeats)
                .input("x", recorded.inputSize())
                .input("dy", maps.outputSize())
                .inputInts(
                        "winners",
                        recorded.outputSize(),
                        (size, random, before) -> winners(recorded, before.floats("x")))
                .output("dx", maps.inputSize())
                .terms(recorded.kernelHeight() * recorded.kernelWidth())
                .call((b, v) -> b.pooling().maxPoolBackward(maps, v.floats("dy"), v.ints("winners"), v.floats("dx")))
                .definition(
                        v -> ReferencePooling.maxPoolBackward(maps, v.floats("dy"), v.ints("winners"), v.floats("dx")));
        return mapBatch == recorded.batch() ? operation.gradient("x", "dx", v -> maxPoolLoss(recorded, v)) : operation;
    }

    static int[] winners(PoolShape shape, double[] x) {
        int[] winners = new int[Math.toIntExact(shape.outputSize())];
        ReferencePooling.maxPoolForward(shape, x, new double[winners.length], winners);
        return winners;
    }

    private static double maxPoolLoss(PoolShape shape, Operands<double[], int[]> v) {
        double[] y = new double[Math.toIntExact(shape.outputSize())];
        ReferencePooling.maxPoolForward(shape, v.floats("x"), y, new int[y.length]);
        return Losses.weightedSum(v.floats("dy"), y);
    }

    private static OperationCase averageForward(PoolShape shape) {
        return new OperationCase("avgPoolForward " + shape)
                .input("x", shape.inputSize())
                .output("y", shape.outputSize())
                .call((b, v) -> b.pooling().avgPoolForward(shape, v.floats("x"), v.floats("y")))
                .definition(v -> ReferencePooling.avgPoolForward(shape, v.floats("x"), v.floats("y")));
    }

    private static OperationCase averageBackward(PoolShape shape) {
        return new OperationCase("avgPoolBackward " + shape)
                .input("x", shape.inputSize())
                .input("dy", shape.outputSize())
                .output("dx", shape.inputSize())
                .call((b, v) -> b.pooling().avgPoolBackward(shape, v.floats("dy"), v.floats("dx")))
                .definition(v -> ReferencePooling.avgPoolBackward(shape, v.floats("dy"), v.floats("dx")))
                .gradient("x", "dx", v -> averageLoss(shape, v));
    }

    private static OperationCase normForward(PoolShape shape, float exponent, Content content, String note) {
        return new OperationCase("lpPoolForward " + shape + " exponent " + exponent + note)
                .input("x", shape.inputSize(), content)
                .output("y", shape.outputSize())
                .terms(shape.kernelHeight() * shape.kernelWidth())
                .call((b, v) -> b.pooling().lpPoolForward(shape, exponent, v.floats("x"), v.floats("y")))
                .definition(v -> ReferencePooling.lpPoolForward(shape, exponent, v.floats("x"), v.floats("y")));
    }

    /** The inputs and norms are those of {@code recorded}; the batch of gradients is {@code mapBatch}. */
    private static OperationCase normBackward(PoolShape recorded, float exponent, int mapBatch) {
        PoolShape maps = recorded.withBatch(mapBatch);
        String repeats = mapBatch == recorded.batch() ? "" : " for " + mapBatch + " maps";
        OperationCase operation = new OperationCase("lpPoolBackward " + recorded + " exponent " + exponent + repeats)
                .input("x", recorded.inputSize())
                .input("y", recorded.outputSize(), (size, random, before) -> {
                    double[] norms = norms(recorded, exponent, before);
                    float[] values = new float[size];
                    for (int i = 0; i < size; i++) {
                        values[i] = (float) norms[i];
                    }
                    return values;
                })
                .input("dy", maps.outputSize())
                .output("dx", maps.inputSize())
                .terms(recorded.kernelHeight() * recorded.kernelWidth())
                .call((b, v) -> b.pooling()
                        .lpPoolBackward(maps, exponent, v.floats("x"), v.floats("y"), v.floats("dy"), v.floats("dx")))
                .definition(v -> ReferencePooling.lpPoolBackward(
                        maps, exponent, v.floats("x"), v.floats("y"), v.floats("dy"), v.floats("dx")));
        return mapBatch == recorded.batch()
                ? operation.gradient("x", "dx", v -> {
                    double[] y = norms(recorded, exponent, v);
                    return Losses.weightedSum(v.floats("dy"), y);
                })
                : operation;
    }

    private static double[] norms(PoolShape shape, float exponent, Operands<double[], int[]> v) {
        double[] y = new double[Math.toIntExact(shape.outputSize())];
        ReferencePooling.lpPoolForward(shape, exponent, v.floats("x"), y);
        return y;
    }

    private static double averageLoss(PoolShape shape, Operands<double[], int[]> v) {
        double[] y = new double[Math.toIntExact(shape.outputSize())];
        ReferencePooling.avgPoolForward(shape, v.floats("x"), y);
        return Losses.weightedSum(v.floats("dy"), y);
    }
}
