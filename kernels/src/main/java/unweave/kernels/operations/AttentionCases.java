package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.reference.ReferenceAttention;

/** Entries of the table for {@link unweave.kernels.Attention}. */
final class AttentionCases {
    private AttentionCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (int[] size : new int[][] {{1, 1}, {3, 2}, {16, 10}, {7, 33}, {2000, 8}, {5, 1000}}) {
            cases.add(softmax(size[0], size[1], Content.gaussian(), ""));
            cases.add(softmaxBackward(size[0], size[1], 1));
        }
        cases.add(softmax(5, 40, Content.uniform(-1e4, 1e4), " large"));
        cases.add(softmax(5, 4, Content.constant(3), " equal"));
        cases.add(softmaxBackward(4, 9, 3));
        for (int[] size : new int[][] {{1, 1, 1}, {7, 5, 3}, {33, 17, 65}}) {
            for (int transposes = 0; transposes < 4; transposes++) {
                cases.add(matmul((transposes & 1) != 0, (transposes & 2) != 0, size, 4, 4, 4));
            }
        }
        int[] odd = {5, 9, 7};
        cases.add(matmul(false, false, odd, 6, 2, 6));
        cases.add(matmul(false, true, odd, 2, 6, 6));
        cases.add(matmul(true, false, odd, 1, 6, 6));
        cases.add(matmul(false, false, odd, 2, 2, 6));
        cases.add(gradientOfFirst(7, 5, 3, 4));
        cases.add(gradientOfSecond(7, 5, 3, 4));
        cases.add(softmax(24 * 256, 256, Content.gaussian(), "").benchmarkSize());
        cases.add(softmaxBackward(24 * 256, 256, 1).benchmarkSize());
        cases.add(matmul(false, true, new int[] {256, 256, 64}, 24, 24, 24).benchmarkSize());
        cases.add(matmul(false, false, new int[] {256, 64, 256}, 24, 24, 24).benchmarkSize());
        return cases;
    }

    private static OperationCase softmax(int rows, int width, Content content, String note) {
        return new OperationCase("softmax " + rows + "x" + width + note)
                .input("x", (long) rows * width, content)
                .output("y", (long) rows * width)
                .call((b, v) -> b.attention().softmax(width, v.floats("x"), v.floats("y")))
                .definition(v -> ReferenceAttention.softmax(width, v.floats("x"), v.floats("y")));
    }

    /** @param maps how often the rows of y repeat */
    private static OperationCase softmaxBackward(int rows, int width, int maps) {
        long size = (long) rows * width;
        OperationCase operation = new OperationCase(
                        "softmaxBackward " + rows + "x" + width + (maps == 1 ? "" : " " + maps + " maps"))
                .input("x", size)
                .input("y", size, (n, random, before) -> PreparedOperation.toFloats(softmax(width, before.floats("x"))))
                .input("dy", size * maps)
                .output("dx", size * maps)
                .call((b, v) -> b.attention().softmaxBackward(width, v.floats("y"), v.floats("dy"), v.floats("dx")))
                .definition(
                        v -> ReferenceAttention.softmaxBackward(width, v.floats("y"), v.floats("dy"), v.floats("dx")));
        return maps > 1
                ? operation
                : operation.gradient("x", "dx", v -> Losses.weightedSum(v.floats("dy"), softmax(width, v.floats("x"))));
    }

    private static double[] softmax(int width, double[] x) {
        double[] y = new double[x.length];
        ReferenceAttention.softmax(width, x, y);
        return y;
    }

    /** @param size m, n and k */
    private static OperationCase matmul(
            boolean transposeA, boolean transposeB, int[] size, int ofA, int ofB, int products) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        String factors = " " + ofA + (transposeA ? " A^T " : " A ") + ofB + (transposeB ? " B^T" : " B");
        return new OperationCase("matmul " + m + "x" + n + "x" + k + factors)
                .input("a", (long) ofA * m * k)
                .input("b", (long) ofB * k * n)
                .output("c", (long) products * m * n)
                .terms(k)
                .call((b, v) -> b.attention()
                        .matmul(transposeA, transposeB, m, n, k, v.floats("a"), v.floats("b"), v.floats("c")))
                .definition(v -> ReferenceAttention.matmul(
                        transposeA, transposeB, m, n, k, v.floats("a"), v.floats("b"), v.floats("c")));
    }

    /** da = dc b^T is the gradient of c = a b. */
    private static OperationCase gradientOfFirst(int m, int n, int k, int products) {
        return gradient("first", m, n, k, products, "a")
                .call((b, v) ->
                        b.attention().matmul(false, true, m, k, n, v.floats("dc"), v.floats("b"), v.floats("da")))
                .definition(v ->
                        ReferenceAttention.matmul(false, true, m, k, n, v.floats("dc"), v.floats("b"), v.floats("da")));
    }

    /** db = a^T dc is the gradient of c = a b. */
    private static OperationCase gradientOfSecond(int m, int n, int k, int products) {
        return gradient("second", m, n, k, products, "b")
                .call((b, v) ->
                        b.attention().matmul(true, false, k, n, m, v.floats("a"), v.floats("dc"), v.floats("db")))
                .definition(v ->
                        ReferenceAttention.matmul(true, false, k, n, m, v.floats("a"), v.floats("dc"), v.floats("db")));
    }

    private static OperationCase gradient(String factor, int m, int n, int k, int products, String variable) {
        long sizeA = (long) products * m * k;
        long sizeB = (long) products * k * n;
        return new OperationCase("matmul " + m + "x" + n + "x" + k + " gradient of the " + factor + " factor")
                .input("a", sizeA)
                .input("b", sizeB)
                .input("dc", (long) products * m * n)
                .output("d" + variable, variable.equals("a") ? sizeA : sizeB)
                .terms(Math.max(m, n))
                .gradient(variable, "d" + variable, v -> {
                    double[] c = new double[products * m * n];
                    ReferenceAttention.matmul(false, false, m, n, k, v.floats("a"), v.floats("b"), c);
                    return Losses.weightedSum(v.floats("dc"), c);
                });
    }
}
