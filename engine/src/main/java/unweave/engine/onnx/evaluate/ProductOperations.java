package unweave.engine.onnx.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.onnx.NdArray;

/** Products of matrices: C[i, j] = sum over k of A[i, k] B[k, j], alone, in stacks, and by Einstein's notation. */
final class ProductOperations {
    private ProductOperations() {}

    static void register(OperationTable table) {
        table.one("MatMul", ProductOperations::matMul);
        table.one("Gemm", ProductOperations::gemm);
        table.one("Einsum", ProductOperations::einsum);
    }

    /** As {@code numpy.matmul}: vectors become a row before, and a column behind, which then go again. */
    private static NdArray matMul(Call call) {
        NdArray first = call.input(0);
        NdArray second = call.input(1);
        call.require(first.rank() > 0 && second.rank() > 0, "it reads matrices, not single numbers");
        NdArray a = first.rank() == 1 ? first.reshape(1, first.size()) : first;
        NdArray b = second.rank() == 1 ? second.reshape(second.size(), 1) : second;
        int rows = a.dims()[a.rank() - 2];
        int inner = a.dims()[a.rank() - 1];
        int columns = b.dims()[b.rank() - 1];
        int[] stack = Moves.broadcastDims(Arrays.copyOf(a.dims(), a.rank() - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        call.require(
                stack != null && b.dims()[b.rank() - 2] == inner,
                "matrices of dims " + Arrays.toString(first.dims()) + " and " + Arrays.toString(second.dims())
                        + " have no product");
        double[] x = Moves.broadcast(a, joined(stack, rows, inner)).numbers();
        double[] y = Moves.broadcast(b, joined(stack, inner, columns)).numbers();
        double[] product = new double[NdArray.size(joined(stack, rows, columns))];
        for (int i = 0; i < NdArray.size(stack); i++) {
            multiply(x, i * rows * inner, y, i * inner * columns, product, i * rows * columns, rows, inner, columns);
        }
        int[] dims = second.rank() > 1
                ? joined(stack, first.rank() > 1 ? new int[] {rows, columns} : new int[] {columns})
                : joined(stack, first.rank() > 1 ? new int[] {rows} : new int[0]);
        return NdArray.of(first.type(), dims, product);
    }

    private static int[] joined(int[] first, int... second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Adds the product of two row-major matrices to a third. */
    static void multiply(
            double[] a, int aStart, double[] b, int bStart, double[] c, int cStart, int rows, int inner, int columns) {
        for (int i = 0; i < rows; i++) {
            int row = cStart + i * columns;
            for (int k = 0; k < inner; k++) {
                double factor = a[aStart + i * inner + k];
                int from = bStart + k * columns;
                for (int j = 0; j < columns; j++) {
                    c[row + j] += factor * b[from + j];
                }
            }
        }
    }

    /** alpha A B + beta C. */
    private static NdArray gemm(Call call) {
        NdArray a = matrix(call, 0, "transA");
        NdArray b = matrix(call, 1, "transB");
        int rows = a.dims()[0];
        int inner = a.dims()[1];
        int columns = b.dims()[1];
        call.require(b.dims()[0] == inner, "its matrices have " + inner + " columns and " + b.dims()[0] + " rows");
        double[] product = new double[NdArray.size(rows, columns)];
        multiply(a.numbers(), 0, b.numbers(), 0, product, 0, rows, inner, columns);
        double alpha = call.node().number("alpha", 1);
        double beta = call.node().number("beta", 1);
        NdArray c = call.optional(2);
        double[] added = c == null
                ? new double[product.length]
                : Moves.broadcast(c, new int[] {rows, columns}).numbers();
        for (int i = 0; i < product.length; i++) {
            product[i] = alpha * product[i] + beta * added[i];
        }
        return NdArray.of(a.type(), new int[] {rows, columns}, product);
    }

    private static NdArray matrix(Call call, int input, String transposed) {
        NdArray matrix = call.input(input);
        call.require(matrix.rank() == 2, "it reads matrices, not an array of " + matrix.rank() + " dims");
        return call.node().integer(transposed, 0) != 0 ? Moves.transpose(matrix, 1, 0) : matrix;
    }

    /** Letters without an ellipsis; without an arrow, those that occur once remain, in the order of the alphabet. */
    private static NdArray einsum(Call call) {
        String equation = call.node().text("equation", "").replace(" ", "");
        call.require(!equation.contains("."), "its equation \"" + equation + "\" has an ellipsis");
        int arrow = equation.indexOf("->");
        String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
        call.require(
                terms.length == call.inputs().size(), "its equation \"" + equation + "\" has another number of terms");
        Map<Character, Integer> lengths = new LinkedHashMap<>();
        String result = arrow < 0 ? onlyOnce(String.join("", terms)) : equation.substring(arrow + 2);
        for (int i = 0; i < result.length(); i++) {
            lengths.put(result.charAt(i), -1);
        }
        for (int t = 0; t < terms.length; t++) {
            int[] dims = call.input(t).dims();
            call.require(dims.length == terms[t].length(), "term \"" + terms[t] + "\" reads " + dims.length + " dims");
            for (int i = 0; i < dims.length; i++) {
                Integer other = lengths.put(terms[t].charAt(i), dims[i]);
                call.require(
                        other == null || other < 0 || other == dims[i],
                        "letter " + terms[t].charAt(i) + " stands for lengths " + other + " and " + dims[i]);
            }
        }
        call.require(!lengths.containsValue(-1), "its result has a letter that no term has");
        List<Character> letters = new ArrayList<>(lengths.keySet());
        int[] all = letters.stream().mapToInt(lengths::get).toArray();
        return sumOfProducts(call, letters, all, terms, result);
    }

    private static String onlyOnce(String letters) {
        return letters.chars()
                .filter(c -> letters.indexOf(c) == letters.lastIndexOf(c))
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Goes through all values of all letters, those of the result outside. */
    private static NdArray sumOfProducts(
            Call call, List<Character> letters, int[] lengths, String[] terms, String result) {
        int[][] strides = new int[terms.length][letters.size()];
        double[][] values = new double[terms.length][];
        for (int t = 0; t < terms.length; t++) {
            int[] own = Moves.strides(call.input(t).dims());
            values[t] = call.input(t).numbers();
            for (int i = 0; i < own.length; i++) {
                strides[t][letters.indexOf(terms[t].charAt(i))] += own[i];
            }
        }
        int[] dims = Arrays.copyOf(lengths, result.length());
        double[] sums = new double[NdArray.size(dims)];
        int inner = NdArray.size(Arrays.copyOfRange(lengths, result.length(), lengths.length));
        int[] at = new int[lengths.length];
        int[] places = new int[terms.length];
        for (int i = 0; i < sums.length; i++) {
            for (int k = 0; k < inner; k++) {
                double product = 1;
                for (int t = 0; t < terms.length; t++) {
                    product *= values[t][places[t]];
                }
                sums[i] += product;
                advance(at, lengths, strides, places);
            }
        }
        return NdArray.of(call.input(0).type(), dims, sums);
    }

    private static void advance(int[] at, int[] lengths, int[][] strides, int[] places) {
        for (int axis = at.length - 1; axis >= 0; axis--) {
            boolean carries = ++at[axis] == lengths[axis];
            for (int t = 0; t < places.length; t++) {
                places[t] += carries ? -(lengths[axis] - 1) * strides[t][axis] : strides[t][axis];
            }
            if (!carries) {
                return;
            }
            at[axis] = 0;
        }
    }
}
