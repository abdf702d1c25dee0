package unweave.kernels.operations;

import java.util.ArrayList;
import java.util.List;
import unweave.kernels.WeightTransform;
import unweave.kernels.reference.ReferencePropagation;

/** Entries of the table for {@link unweave.kernels.Propagation}. */
final class PropagationCases {
    /** Sizes of the relevance and of the activations that repeat under it. */
    private static final int[][] REPEATS = {
        {1, 1}, {10, 2}, {33, 33}, {105, 35}, {3000, 1}, {85, 17}, {48_000, 12}, {3 * 20_011, 20_011}, {70_000, 7}
    };

    /** Five maps (the standard one and K = 4 concepts) over the activations of gtzan conv3. */
    private static final int[] MODEL_SIZES = {5 * 32 * 32 * 64, 32 * 32 * 64};

    private PropagationCases() {}

    static List<OperationCase> all() {
        List<OperationCase> cases = new ArrayList<>();
        for (WeightTransform transform : WeightTransform.values()) {
            cases.add(transformWeights(transform, 1));
            cases.add(transformWeights(transform, 20_003));
        }
        for (int size : new int[] {1, 33, 20_003}) {
            cases.add(part(true, size, Content.gaussian(), ""));
            cases.add(part(false, size, Content.gaussian(), ""));
        }
        cases.add(part(true, 200, Content.ties(), " zeros"));
        cases.add(part(false, 200, Content.ties(), " zeros"));
        for (int[] sizes : REPEATS) {
            addRepeating(cases, sizes[0], sizes[1]);
        }
        for (float eps : new float[] {0f, 0.25f}) {
            cases.add(stabilizedDivide(300, 100, eps, Content.ties(), " zeros"));
            cases.add(selectiveDivide(300, 100, 60, eps, 1, Content.ties(), " zeros"));
            cases.add(selectiveDivide(300, 100, 60, eps, -1, Content.ties(), " zeros"));
        }
        for (float eps : new float[] {0f, 0.5f}) {
            cases.add(clippedDenominator(20_003, eps, Content.gaussian(), ""));
            cases.add(clippedDenominator(200, eps, Content.ties(), " zeros"));
            cases.add(rmsDenominator(3, 20_003, eps, Content.gaussian(), ""));
            cases.add(rmsDenominator(40, 5, eps, Content.ties(), " zeros"));
        }
        cases.add(selectiveDivide(60_000, 2500, 20_000, 0.1f, 1, Content.gaussian(), ""));
        cases.add(contextVectors(300, 100, Content.ties(), " zeros"));
        cases.add(new OperationCase("contextVectors in place 1001")
                .updated("r", 1001, Content.gaussian())
                .input("a", 1001, Content.uniform(0.5, 2))
                .call((b, v) -> b.propagation().contextVectors(v.floats("r"), v.floats("a"), v.floats("r")))
                .definition(v -> ReferencePropagation.contextVectors(v.floats("r"), v.floats("a"), v.floats("r"))));
        int first = cases.size();
        addRepeating(cases, MODEL_SIZES[0], MODEL_SIZES[1]);
        cases.add(transformWeights(WeightTransform.FAVOUR_POSITIVE, 9 * 64 * 128));
        cases.subList(first, cases.size()).forEach(OperationCase::benchmarkSize);
        return cases;
    }

    private static void addRepeating(List<OperationCase> cases, int size, int repeating) {
        cases.add(stabilizedDivide(size, repeating, 0.1f, Content.gaussian(), ""));
        cases.add(selectiveDivide(size, repeating, repeating, 0.1f, 1, Content.gaussian(), ""));
        cases.add(selectiveDivide(size, repeating, repeating, 0.1f, -1, Content.gaussian(), ""));
        cases.add(addProduct(size, repeating));
        cases.add(contextVectors(size, repeating, Content.uniform(0.5, 2), ""));
    }

    private static OperationCase transformWeights(WeightTransform transform, int size) {
        return new OperationCase("transformWeights " + transform + " " + size)
                .input("w", size)
                .output("out", size)
                .call((b, v) -> b.propagation().transformWeights(transform, 0.25f, v.floats("w"), v.floats("out")))
                .definition(
                        v -> ReferencePropagation.transformWeights(transform, 0.25f, v.floats("w"), v.floats("out")));
    }

    private static OperationCase part(boolean positive, int size, Content content, String note) {
        OperationCase operation = new OperationCase((positive ? "positivePart " : "negativePart ") + size + note)
                .input("x", size, content)
                .output("y", size);
        return positive
                ? operation
                        .call((b, v) -> b.propagation().positivePart(v.floats("x"), v.floats("y")))
                        .definition(v -> ReferencePropagation.positivePart(v.floats("x"), v.floats("y")))
                : operation
                        .call((b, v) -> b.propagation().negativePart(v.floats("x"), v.floats("y")))
                        .definition(v -> ReferencePropagation.negativePart(v.floats("x"), v.floats("y")));
    }

    private static OperationCase stabilizedDivide(
            int size, int repeating, float eps, Content denominators, String note) {
        return new OperationCase("stabilizedDivide " + size + " / " + repeating + " eps " + eps + note)
                .input("r", size)
                .input("z", repeating, denominators)
                .output("out", size)
                .call((b, v) -> b.propagation().stabilizedDivide(eps, v.floats("r"), v.floats("z"), v.floats("out")))
                .definition(
                        v -> ReferencePropagation.stabilizedDivide(eps, v.floats("r"), v.floats("z"), v.floats("out")));
    }

    private static OperationCase clippedDenominator(int size, float eps, Content values, String note) {
        return new OperationCase("clippedDenominator " + size + " eps " + eps + note)
                .input("z", size, values)
                .output("out", size)
                .call((b, v) -> b.propagation().clippedDenominator(eps, v.floats("z"), v.floats("out")))
                .definition(v -> ReferencePropagation.clippedDenominator(eps, v.floats("z"), v.floats("out")));
    }

    private static OperationCase rmsDenominator(int rows, int width, float eps, Content values, String note) {
        return new OperationCase("rmsDenominator " + rows + "x" + width + " eps " + eps + note)
                .input("z", (long) rows * width, values)
                .output("out", (long) rows * width)
                .call((b, v) -> b.propagation().rmsDenominator(width, eps, v.floats("z"), v.floats("out")))
                .definition(v -> ReferencePropagation.rmsDenominator(width, eps, v.floats("z"), v.floats("out")));
    }

    private static OperationCase selectiveDivide(
            int size, int selectors, int repeating, float eps, float sign, Content values, String note) {
        String signName = sign > 0 ? " positive" : " negative";
        return new OperationCase("selectiveDivide " + size + " / " + repeating + " by " + selectors + signName + " eps "
                        + eps + note)
                .input("selector", selectors, values)
                .input("r", size)
                .input("z", repeating, values)
                .output("out", size)
                .call((b, v) -> b.propagation()
                        .selectiveDivide(
                                eps, sign, v.floats("selector"), v.floats("r"), v.floats("z"), v.floats("out")))
                .definition(v -> ReferencePropagation.selectiveDivide(
                        eps, sign, v.floats("selector"), v.floats("r"), v.floats("z"), v.floats("out")));
    }

    private static OperationCase addProduct(int size, int repeating) {
        return new OperationCase("addProduct " + size + " * " + repeating)
                .input("x", repeating)
                .input("g", size)
                .updated("out", size, Content.gaussian())
                .call((b, v) -> b.propagation().addProduct(-0.5f, v.floats("x"), v.floats("g"), v.floats("out")))
                .definition(v -> ReferencePropagation.addProduct(-0.5f, v.floats("x"), v.floats("g"), v.floats("out")));
    }

    private static OperationCase contextVectors(int size, int repeating, Content activations, String note) {
        return new OperationCase("contextVectors " + size + " / " + repeating + note)
                .input("r", size)
                .input("a", repeating, activations)
                .output("c", size)
                .call((b, v) -> b.propagation().contextVectors(v.floats("r"), v.floats("a"), v.floats("c")))
                .definition(v -> ReferencePropagation.contextVectors(v.floats("r"), v.floats("a"), v.floats("c")));
    }
}
