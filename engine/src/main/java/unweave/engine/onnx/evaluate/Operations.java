package unweave.engine.onnx.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import unweave.engine.file.ModelFileException;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;
import unweave.kernels.BadInputException;

/** The operators that can be computed. */
public final class Operations {
    private static final OperationTable TABLE = new OperationTable();

    static {
        PointwiseOperations.register(TABLE);
        PairwiseOperations.register(TABLE);
        ShapeOperations.register(TABLE);
        IndexOperations.register(TABLE);
        ReductionOperations.register(TABLE);
        ProductOperations.register(TABLE);
        ConvolutionOperations.register(TABLE);
        PoolingOperations.register(TABLE);
        NormalizationOperations.register(TABLE);
        RecurrentOperations.register(TABLE);
        ResizeOperations.register(TABLE);
    }

    private Operations() {}

    /** Whether a node's operator is known here; some of its settings may still be refused. */
    public static boolean known(OnnxNode node) {
        return node.domain().isEmpty() && TABLE.get(node.op()) != null;
    }

    /**
     * Computes a node.
     *
     * @param inputs the values of its inputs, null for those that are left out; not modified
     * @return its outputs, perhaps without the last of them
     * @throws ModelFileException if the operator or one of its settings is not known, or the inputs do not fit together
     */
    public static List<NdArray> apply(OnnxNode node, List<NdArray> inputs) {
        if (!known(node)) {
            throw node.refusal("its operator is not known");
        }
        try {
            return TABLE.get(node.op()).apply(new Call(node, inputs));
        } catch (ModelFileException e) {
            throw e;
        } catch (BadInputException e) {
            throw node.refusal(e.getMessage());
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | ArithmeticException e) {
            // The definitions index arrays by what the file says: out of range means that it contradicts itself.
            throw node.refusal("its inputs of dims "
                    + inputs.stream()
                            .filter(Objects::nonNull)
                            .map(input -> Arrays.toString(input.dims()))
                            .collect(Collectors.joining(", "))
                    + " and its attributes do not fit together");
        }
    }
}
