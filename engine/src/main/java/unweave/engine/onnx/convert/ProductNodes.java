package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/** Matrix products: dense layers, convolutions of one pixel, and products of two activations. */
final class ProductNodes {
    private ProductNodes() {}

    static Value matMul(Site site) {
        if (site.isFixed(1)) {
            Optional<NdArray> matrix = matrix(site.fixed(1), false);
            if (matrix.isPresent()) {
                return byMatrix(site, site.view(0), matrix.get(), site.fixed(1).rank() == 1);
            }
        } else if (site.isFixed(0)) {
            Optional<NdArray> matrix = matrix(site.fixed(0), true);
            if (matrix.isPresent()) {
                return fromLeft(site, matrix.get(), site.view(1), site.fixed(0).rank() == 1);
            }
        } else {
            return twoViews(site, site.view(0), site.view(1));
        }
        throw site.refusal("a constant of several matrices; one matrix for all can be computed");
    }

    /** K x N from a constant with axes of 1 before it; from the left side its transpose. */
    private static Optional<NdArray> matrix(NdArray array, boolean transpose) {
        int rank = array.rank();
        for (int i = 0; i < rank - 2; i++) {
            if (array.dims()[i] != 1) {
                return Optional.empty();
            }
        }
        if (rank == 1) {
            return Optional.of(array.reshape(array.size(), 1));
        }
        NdArray plain = array.reshape(array.dims()[rank - 2], array.dims()[rank - 1]);
        return Optional.of(transpose ? transposed(plain) : plain);
    }

    private static NdArray transposed(NdArray matrix) {
        int rows = matrix.dims()[0];
        int columns = matrix.dims()[1];
        double[] values = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                values[c * rows + r] = matrix.number(r * columns + c);
            }
        }
        return NdArray.of(values, columns, rows);
    }

    private static View byMatrix(Site site, View view, NdArray matrix, boolean vector) {
        View product = linear(site, view, view.rank() - 1, matrix, null, site.module(1));
        return vector ? product.removed(product.rank() - 1) : product;
    }

    private static View fromLeft(Site site, NdArray matrix, View view, boolean vector) {
        View tall = view.rank() == 1 ? view.inserted(1) : view;
        View product = linear(site, tall, tall.rank() - 2, matrix, null, site.module(0));
        View result = view.rank() == 1 ? product.removed(product.rank() - 1) : product;
        return vector ? result.removed(tall.rank() - 2) : result;
    }

    /**
     * One axis times a matrix, by a dense layer if it is the only long one, else by a convolution of one pixel.
     *
     * @param matrix K x N for an axis of K values
     * @param bias N values or null
     */
    static View linear(Site site, View view, int axis, NdArray matrix, float[] bias, String module) {
        int inputs = matrix.dims()[0];
        int units = matrix.dims()[1];
        if (view.size(axis) != inputs) {
            throw site.refusal("a matrix of " + inputs + " rows on an axis of " + view.size(axis) + " values");
        }
        site.requireNoBatch(view, List.of(axis));
        float[] weight = matrix.floats();
        Draft draft;
        View ready;
        List<List<View.Part>> parts = new ArrayList<>();
        if (view.longAxes().stream().allMatch(other -> other == axis)) {
            ready = view.on(site.sketch().flattened(view.layer()));
            int[] positions = View.positions(ready.axes().get(axis));
            float[] inMemory = new float[weight.length];
            for (int i = 0; i < inputs; i++) {
                System.arraycopy(weight, i * units, inMemory, positions[i] * units, units);
            }
            draft = new Draft("dense", LayerShape.vector(units), ready.layer())
                    .set("units", units)
                    .weight("weight", inMemory);
            view.axes().forEach(other -> parts.add(List.of()));
        } else {
            ready = site.sketch().channelsLast(site.sketch().image(view), List.of(axis));
            int[] lengths = ready.layer().lengths();
            draft = new Draft("conv", LayerShape.image(lengths[0], lengths[1], units), ready.layer())
                    .set("filters", units)
                    .set("kernel", 1)
                    .weight("weight", weight);
            parts.addAll(Reduction.aligned(site, ready));
        }
        if (bias == null) {
            draft.set("bias", false);
        } else {
            draft.weight("bias", bias);
        }
        parts.set(axis, List.of(new View.Part(Draft.CHANNELS, units, 1)));
        return View.of(site.sketch().add(draft.named(module)), parts, ready.batch());
    }

    static Value gemm(Site site) {
        OnnxNode node = site.node();
        double alpha = node.number("alpha", 1);
        double beta = node.number("beta", 1);
        boolean transposeFirst = node.integer("transA", 0) != 0;
        boolean transposeSecond = node.integer("transB", 0) != 0;
        View product;
        if (site.isFixed(1)) {
            View view = transposeFirst ? site.view(0).transposed(1, 0) : site.view(0);
            NdArray matrix = transposeSecond ? transposed(site.fixed(1)) : site.fixed(1);
            product = linear(site, view, 1, scaled(matrix, alpha), null, site.module(1));
        } else if (site.isFixed(0)) {
            View view = transposeSecond ? site.view(1).transposed(1, 0) : site.view(1);
            NdArray matrix = transposeFirst ? site.fixed(0) : transposed(site.fixed(0));
            product = linear(site, view, 0, scaled(matrix, alpha), null, site.module(0));
        } else {
            View a = transposeFirst ? site.view(0).transposed(1, 0) : site.view(0);
            View b = transposeSecond ? site.view(1).transposed(1, 0) : site.view(1);
            product = CombinationNodes.scaled(site, twoViews(site, a, b), Spread.of(alpha));
        }
        if (!site.reads(2)) {
            return product;
        }
        if (!site.isFixed(2)) {
            View term = CombinationNodes.scaled(site, site.view(2), Spread.of(beta));
            return CombinationNodes.added(site, product, term);
        }
        NdArray bias = scaled(site.fixed(2), beta);
        View whole = CombinationNodes.expanded(site, product, bias.dims());
        return CombinationNodes.shifted(site, whole, Spread.of(whole, bias));
    }

    private static NdArray scaled(NdArray array, double factor) {
        if (factor == 1) {
            return array;
        }
        double[] values = array.numbers().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return NdArray.of(values, array.dims());
    }

    /** a b for the last two axes; the axes before them are the heads. */
    private static View twoViews(Site site, View a, View b) {
        View tallA = a.rank() == 1 ? a.inserted(0) : a;
        View tallB = b.rank() == 1 ? b.inserted(1) : b;
        int rank = Math.max(tallA.rank(), tallB.rank());
        View first = CombinationNodes.ofRank(tallA, rank);
        View second = CombinationNodes.ofRank(tallB, rank);
        List<Integer> heads = IntStream.range(0, rank - 2).boxed().toList();
        if (first.size(rank - 1) != second.size(rank - 2)) {
            throw site.refusal("a product of " + first + " and " + second);
        }
        int[] dims = new int[rank];
        boolean alike = true;
        for (int head : heads) {
            dims[head] = Math.max(first.size(head), second.size(head));
            alike &= first.size(head) == second.size(head);
        }
        int ours = heads.stream().map(first::size).reduce(1, (x, y) -> x * y);
        int theirs = heads.stream().map(second::size).reduce(1, (x, y) -> x * y);
        if (!alike && ours > 1 && theirs > 1) {
            throw site.refusal("a product of " + first + " and " + second + ", whose heads differ");
        }
        dims[rank - 2] = first.size(rank - 2);
        dims[rank - 1] = second.size(rank - 1);
        List<Factor> rows = second.axes().get(rank - 2);
        List<Factor> columns = second.axes().get(rank - 1);
        boolean transpose = !rows.isEmpty()
                && !columns.isEmpty()
                && rows.get(rows.size() - 1).stride()
                        < columns.get(columns.size() - 1).stride();
        View left = site.sketch()
                .arranged(site.sketch().image(first), List.of(heads, List.of(rank - 2), List.of(rank - 1)));
        View right = site.sketch()
                .arranged(
                        site.sketch().image(second),
                        transpose
                                ? List.of(heads, List.of(rank - 1), List.of(rank - 2))
                                : List.of(heads, List.of(rank - 2), List.of(rank - 1)));
        int height = heads.stream().map(h -> dims[h]).reduce(1, (x, y) -> x * y);
        Draft draft = new Draft(
                "matmul", LayerShape.image(height, dims[rank - 2], dims[rank - 1]), left.layer(), right.layer());
        if (transpose) {
            draft.set("transposeSecond", true);
        }
        View product = new View(site.sketch().add(draft), JoinNodes.rowMajor(dims), first.batch());
        View rowsDone = a.rank() == 1 ? product.removed(rank - 2) : product;
        return b.rank() == 1 ? rowsDone.removed(rowsDone.rank() - 1) : rowsDone;
    }
}
