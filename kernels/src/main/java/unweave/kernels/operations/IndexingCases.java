package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.kernels.reference.ReferenceIndexing;

/** Entries of the table for {@link unweave.kernels.Indexing}. */
final class IndexingCases {
    private IndexingCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        addBoth(cases, 1, 1, 1, 1);
        addBoth(cases, 3, 5, 7, 1);
        addBoth(cases, 2, 40, 9, 3);
        addBoth(cases, 1, 6, 200, 5);
        addBoth(cases, 2, 33, 70, 8);
        addBoth(cases, 4, 17, 33, 132);
        addBoth(cases, 2, 9000, 10_000, 1);
        int first = cases.size();
        addBoth(cases, 16, 64 * 64, 66 * 66, 32);
        addBoth(cases, 16, 64 * 64 * 32, 64 * 64 * 32, 1);
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static void addBoth(List<OperationCase> cases, int batch, int sources, int outputs, int width) {
        String shape = " " + batch + "x" + outputs + " of " + sources + ", width " + width;
        cases.add(new OperationCase("gather" + shape)
                .input("x", (long) batch * sources * width)
                .inputInts("index", outputs, numbers(sources))
                .output("y", (long) batch * outputs * width)
                .call((b, v) ->
                        b.indexing().gather(width, sources, v.floats("x"), v.ints("index"), -0.5f, v.floats("y")))
                .definition(v ->
                        ReferenceIndexing.gather(width, sources, v.floats("x"), v.ints("index"), -0.5, v.floats("y"))));
        cases.add(new OperationCase("gatherBackward" + shape)
                .input("x", (long) batch * sources * width)
                .inputInts("index", outputs, numbers(sources))
                .input("dy", (long) batch * outputs * width)
                .inputInts("starts", sources + 1, (size, random, before) -> starts(sources, before.ints("index")))
                .inputInts("places", outputs, (size, random, before) -> places(sources, before.ints("index")))
                .output("dx", (long) batch * sources * width)
                .call((b, v) -> b.indexing()
                        .gatherBackward(
                                width, outputs, v.floats("dy"), v.ints("starts"), v.ints("places"), v.floats("dx")))
                .definition(v -> ReferenceIndexing.gatherBackward(
                        width, outputs, v.floats("dy"), v.ints("starts"), v.ints("places"), v.floats("dx")))
                .gradient("x", "dx", v -> {
                    double[] y = new double[batch * outputs * width];
                    ReferenceIndexing.gather(width, sources, v.floats("x"), v.ints("index"), -0.5, y);
                    return Losses.weightedSum(v.floats("dy"), y);
                }));
    }

    /** Row numbers, a few of them -1, the first of them a row. */
    private static IntContent numbers(int sources) {
        return (size, random, before) -> {
            int[] index = new int[size];
            Arrays.setAll(index, i -> i > 0 && random.nextInt(8) == 0 ? -1 : random.nextInt(sources));
            return index;
        };
    }

    private static int[] starts(int sources, int[] index) {
        int[] starts = new int[sources + 1];
        for (int source : index) {
            if (source >= 0) {
                starts[source + 1]++;
            }
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        return starts;
    }

    private static int[] places(int sources, int[] index) {
        int[] next = starts(sources, index);
        int[] places = new int[index.length]; // behind the rows that are shown, zeros that no list reaches
        for (int i = 0; i < index.length; i++) {
            if (index[i] >= 0) {
                places[next[index[i]]++] = i;
            }
        }
        return places;
    }
}
