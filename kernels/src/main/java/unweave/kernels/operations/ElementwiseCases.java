package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.reference.ReferenceElementwise;

/** Entries of the table for {@link unweave.kernels.Elementwise}. */
final class ElementwiseCases {
    private static final int[] SIZES = {1, 4, 7, 33, 1000, 40_001};

    /**
     * Sizes of an operand and of the shorter one that repeats: bias-like, map-like, of prime length, longer than a
     * chunk of work; divisible by four or not, which is where vectors of four end.
     */
    private static final int[][] REPEATS = {
        {1, 1},
        {6, 2},
        {24, 8},
        {105, 35},
        {3000, 1},
        {51, 17},
        {3 * 20_011, 20_011},
        {70_000, 7},
        {40_000, 1250},
        {48_000, 12},
        {600_000, 300_000}
    };

    /** The activations of the first block of the gtzan model, batch 16. */
    private static final int MODEL_SIZE = 16 * 128 * 128 * 32;

    private ElementwiseCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (int size : SIZES) {
            cases.add(relu(size, Content.gaussian(), ""));
            cases.add(reluBackward(size));
            cases.add(scale(size));
            cases.add(dropout(size, 0.5f));
            cases.add(dropout(size, 0.1f));
        }
        cases.add(relu(600_001, Content.gaussian(), ""));
        cases.add(relu(500, Content.ties(), " zeros"));
        cases.add(relu(500, Content.withNaN(), " NaN"));
        for (int[] sizes : REPEATS) {
            cases.add(add(sizes[0], sizes[1]));
            cases.add(addScaled(sizes[0], sizes[1]));
            cases.add(multiply(sizes[0], sizes[1]));
        }
        cases.add(gatherRows(1, 5, 9));
        cases.add(gatherRows(7, 11, 3));
        cases.add(gatherRows(64, 300, 700));
        cases.add(gatherRows(132, 40, 50));
        cases.add(copyColumns(5, 3, 7, 2, 9, 4));
        cases.add(copyColumns(700, 32, 32, 0, 96, 64));
        cases.add(copyColumns(700, 33, 96, 1, 33, 0));
        cases.add(copyColumns(12, 8, 16, 4, 20, 12));
        cases.add(sumRows(1, 5));
        cases.add(sumRows(7, 33));
        cases.add(sumRows(4096, 20));
        cases.add(sumRows(40_003, 3));
        cases.add(sumRows(1, 20_000));
        cases.add(sumRows(33, 100));
        cases.add(sumRows(512, 3));
        cases.add(sumRows(513, 2));
        cases.add(sumRows(65_536, 2));
        addInPlace(cases, 1001);
        cases.add(relu(MODEL_SIZE, Content.gaussian(), "").benchmarkSize());
        cases.add(reluBackward(MODEL_SIZE).benchmarkSize());
        cases.add(add(MODEL_SIZE, MODEL_SIZE).benchmarkSize());
        cases.add(add(MODEL_SIZE, 32).benchmarkSize());
        cases.add(multiply(MODEL_SIZE, MODEL_SIZE / 4).benchmarkSize());
        cases.add(sumRows(128 * 128, 64).benchmarkSize());
        cases.add(gatherRows(128, 240 * 256, 9600).benchmarkSize());
        return cases;
    }

    /** Outputs in the memory of an input. */
    private static void addInPlace(List<OperationCase> cases, int size) {
        cases.add(new OperationCase("relu in place " + size)
                .updated("x", size, Content.gaussian())
                .call((b, v) -> b.elementwise().relu(v.floats("x"), v.floats("x")))
                .definition(v -> ReferenceElementwise.relu(v.floats("x"), v.floats("x"))));
        cases.add(new OperationCase("reluBackward in place " + size)
                .input("y", size)
                .updated("dy", size, Content.gaussian())
                .call((b, v) -> b.elementwise().reluBackward(v.floats("y"), v.floats("dy"), v.floats("dy")))
                .definition(v -> ReferenceElementwise.reluBackward(v.floats("y"), v.floats("dy"), v.floats("dy"))));
        cases.add(new OperationCase("add in place of the second " + size)
                .input("a", size)
                .updated("b", size, Content.gaussian())
                .call((b, v) -> b.elementwise().add(v.floats("a"), v.floats("b"), v.floats("b")))
                .definition(v -> ReferenceElementwise.add(v.floats("a"), v.floats("b"), v.floats("b"))));
        cases.add(new OperationCase("addScaled in place " + size)
                .updated("x", size, Content.gaussian())
                .call((b, v) -> b.elementwise().addScaled(0.5f, v.floats("x"), v.floats("x")))
                .definition(v -> ReferenceElementwise.addScaled(0.5, v.floats("x"), v.floats("x"))));
        cases.add(new OperationCase("multiply in place, squares " + size)
                .updated("x", size, Content.gaussian())
                .call((b, v) -> b.elementwise().multiply(v.floats("x"), v.floats("x"), v.floats("x")))
                .definition(v -> ReferenceElementwise.multiply(v.floats("x"), v.floats("x"), v.floats("x"))));
        cases.add(new OperationCase("dropout in place " + size)
                .inputInts("seed", 2, IntContent.seed(7))
                .updated("x", size, Content.gaussian())
                .call((b, v) -> b.elementwise().dropout(0.5f, v.ints("seed"), 0, v.floats("x"), v.floats("x")))
                .definition(v -> ReferenceElementwise.dropout(0.5, v.ints("seed"), 0, v.floats("x"), v.floats("x"))));
    }

    private static OperationCase relu(int size, Content content, String note) {
        return new OperationCase("relu " + size + note)
                .input("x", size, content)
                .output("y", size)
                .call((b, v) -> b.elementwise().relu(v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceElementwise.relu(v.floats("x"), v.floats("y")));
    }

    private static OperationCase reluBackward(int size) {
        return new OperationCase("reluBackward " + size)
                .input("y", size, size > 1 ? Content.gaussian() : Content.constant(0.5f))
                .input("dy", size)
                .output("dx", size)
                .call((b, v) -> b.elementwise().reluBackward(v.floats("y"), v.floats("dy"), v.floats("dx")))
                .definition(v -> ReferenceElementwise.reluBackward(v.floats("y"), v.floats("dy"), v.floats("dx")))
                .gradient("y", "dx", v -> {
                    double[] y = new double[size];
                    ReferenceElementwise.relu(v.floats("y"), y);
                    return Losses.weightedSum(v.floats("dy"), y);
                });
    }

    private static OperationCase add(int size, int repeating) {
        return new OperationCase("add " + size + " + " + repeating)
                .input("a", size)
                .input("b", repeating)
                .output("c", size)
                .call((b, v) -> b.elementwise().add(v.floats("a"), v.floats("b"), v.floats("c")))
                .definition(v -> ReferenceElementwise.add(v.floats("a"), v.floats("b"), v.floats("c")));
    }

    private static OperationCase addScaled(int size, int repeating) {
        return new OperationCase("addScaled " + size + " + " + repeating)
                .input("x", repeating)
                .updated("y", size, Content.gaussian())
                .call((b, v) -> b.elementwise().addScaled(-0.7f, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceElementwise.addScaled(-0.7f, v.floats("x"), v.floats("y")));
    }

    private static OperationCase multiply(int size, int repeating) {
        return new OperationCase("multiply " + size + " * " + repeating)
                .input("a", size)
                .input("b", repeating)
                .output("c", size)
                .call((b, v) -> b.elementwise().multiply(v.floats("a"), v.floats("b"), v.floats("c")))
                .definition(v -> ReferenceElementwise.multiply(v.floats("a"), v.floats("b"), v.floats("c")));
    }

    private static OperationCase scale(int size) {
        return new OperationCase("scale " + size)
                .input("x", size)
                .output("y", size)
                .call((b, v) -> b.elementwise().scale(1.3f, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceElementwise.scale(1.3f, v.floats("x"), v.floats("y")));
    }

    private static OperationCase dropout(int size, float p) {
        return new OperationCase("dropout " + size + " p " + p)
                .inputInts("seed", 2, IntContent.seed(0x9234_5678_9abcL))
                .input("x", size)
                .output("y", size)
                .call((b, v) -> b.elementwise().dropout(p, v.ints("seed"), 3, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceElementwise.dropout(p, v.ints("seed"), 3, v.floats("x"), v.floats("y")));
    }

    private static OperationCase gatherRows(int width, int rows, int picked) {
        return new OperationCase("gatherRows " + picked + " of " + rows + "x" + width)
                .input("x", (long) rows * width)
                .inputInts("rows", picked, IntContent.below(rows))
                .output("y", (long) picked * width)
                .call((b, v) -> b.elementwise().gatherRows(width, v.floats("x"), v.ints("rows"), v.floats("y")))
                .definition(v -> ReferenceElementwise.gatherRows(width, v.floats("x"), v.ints("rows"), v.floats("y")));
    }

    private static OperationCase copyColumns(int rows, int columns, int xWidth, int xColumn, int yWidth, int yColumn) {
        return new OperationCase("copyColumns " + columns + " of " + rows + "x" + xWidth + " to " + yWidth)
                .input("x", (long) rows * xWidth)
                .updated("y", (long) rows * yWidth, Content.gaussian())
                .call((b, v) -> b.elementwise()
                        .copyColumns(columns, v.floats("x"), xWidth, xColumn, v.floats("y"), yWidth, yColumn))
                .definition(v -> ReferenceElementwise.copyColumns(
                        columns, v.floats("x"), xWidth, xColumn, v.floats("y"), yWidth, yColumn));
    }

    private static OperationCase sumRows(int width, int rows) {
        return new OperationCase("sumRows " + rows + "x" + width)
                .input("x", (long) rows * width)
                .output("sums", rows)
                .call((b, v) -> b.elementwise().sumRows(width, v.floats("x"), v.floats("sums")))
                .definition(v -> ReferenceElementwise.sumRows(width, v.floats("x"), v.floats("sums")));
    }
}
