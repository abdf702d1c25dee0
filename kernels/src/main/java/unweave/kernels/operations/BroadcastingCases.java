package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.Broadcast;
import unweave.kernels.Combination;
import unweave.kernels.ImageShape;
import unweave.kernels.reference.ReferenceBroadcasting;

/** Entries of the table for {@link unweave.kernels.Broadcasting}. */
final class BroadcastingCases {
    /** Two shapes, as N H W C each: equal ones, one that repeats along each axis, both that repeat, batches that do. */
    private static final int[][] SHAPES = {
        {2, 3, 5, 7, 2, 3, 5, 7},
        {2, 3, 5, 7, 1, 1, 1, 7},
        {2, 3, 5, 8, 2, 1, 1, 8},
        {2, 3, 5, 7, 2, 3, 5, 1},
        {2, 3, 5, 4, 2, 1, 5, 1},
        {2, 3, 1, 7, 2, 1, 5, 7},
        {1, 1, 1, 7, 2, 3, 5, 7},
        {2, 1, 4, 3, 6, 2, 4, 3},
        {6, 2, 3, 4, 2, 1, 3, 1},
        {6, 2, 3, 4, 2, 2, 1, 4},
        {3, 4, 5, 6, 1, 1, 1, 1},
        {1, 1, 1, 9_001, 3, 1, 1, 1},
        {3, 40, 50, 8, 3, 40, 1, 8}
    };

    private BroadcastingCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (int[] s : SHAPES) {
            ImageShape a = new ImageShape(s[0], s[1], s[2], s[3]);
            ImageShape b = new ImageShape(s[4], s[5], s[6], s[7]);
            for (Combination f : Combination.values()) {
                cases.add(combine(f, a, b, f == Combination.DIVIDE ? Content.uniform(0.5, 2) : Content.gaussian(), ""));
            }
        }
        ImageShape small = new ImageShape(2, 5, 5, 3);
        for (Combination f :
                List.of(Combination.MAXIMUM, Combination.MINIMUM, Combination.AT_LEAST, Combination.AT_MOST)) {
            cases.add(combine(f, small, small.withBatch(1), Content.ties(), " ties"));
            cases.add(combine(f, small, small.withBatch(1), Content.withNaN(), " NaN"));
        }
        cases.add(inPlace(small, new ImageShape(1, 1, 1, 3)));
        cases.add(sumAxis(1, 5, 3));
        cases.add(sumAxis(3, 7, 1));
        cases.add(sumAxis(4, 33, 5));
        cases.add(sumAxis(3, 1, 9));
        cases.add(sumAxis(2, 1000, 64));
        cases.add(sumAxis(1, 300, 700));
        cases.add(sumAxis(1, 20_000, 2));
        ImageShape image = new ImageShape(16, 64, 64, 32);
        cases.add(combine(Combination.MULTIPLY, image, new ImageShape(16, 1, 1, 32), Content.gaussian(), "")
                .benchmarkSize());
        cases.add(sumAxis(16, 64 * 64, 32).benchmarkSize());
        return cases;
    }

    private static OperationCase combine(Combination f, ImageShape a, ImageShape b, Content content, String note) {
        return new OperationCase("combine " + f + " " + a + " and " + b + note)
                .input("a", a.size(), content)
                .input("b", b.size(), content)
                .output("c", Broadcast.shape(a, b).size())
                .call((backend, v) ->
                        backend.broadcasting().combine(f, a, v.floats("a"), b, v.floats("b"), v.floats("c")))
                .definition(v -> ReferenceBroadcasting.combine(f, a, v.floats("a"), b, v.floats("b"), v.floats("c")));
    }

    /** The result in the memory of the first operand. */
    private static OperationCase inPlace(ImageShape a, ImageShape b) {
        Combination f = Combination.SUBTRACT;
        return new OperationCase("combine in place " + a + " and " + b)
                .updated("a", a.size(), Content.gaussian())
                .input("b", b.size())
                .call((backend, v) ->
                        backend.broadcasting().combine(f, a, v.floats("a"), b, v.floats("b"), v.floats("a")))
                .definition(v -> ReferenceBroadcasting.combine(f, a, v.floats("a"), b, v.floats("b"), v.floats("a")));
    }

    private static OperationCase sumAxis(int outer, int length, int inner) {
        return new OperationCase("sumAxis " + outer + "x" + length + "x" + inner)
                .input("x", (long) outer * length * inner)
                .output("sums", (long) outer * inner)
                .call((b, v) -> b.broadcasting().sumAxis(length, inner, v.floats("x"), v.floats("sums")))
                .definition(v -> ReferenceBroadcasting.sumAxis(length, inner, v.floats("x"), v.floats("sums")));
    }
}
