package unweave.kernels.operations;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table: every operation of {@link unweave.kernels.Backend}, each at several shapes.
 *
 * <p><b>To add an operation:</b>
 *
 * <ol>
 *   <li>its method, with the formula, in the interface of its group ({@link unweave.kernels.Elementwise}, ...), and the
 *       plain version in float64 in {@code reference};
 *   <li>the CPU: the method in the kernels of the group ({@code cpu.ElementwiseKernels}, ...);
 *   <li>CUDA: the method in the class of the group ({@code CudaElementwise}, ...), and its kernel in a {@code .cu}
 *       file, which {@code kernels/cuda/compile-ptx} compiles;
 *   <li>its entries here, in the cases of the group, odd shapes above all; and its row in the table of costs
 *       ({@link unweave.kernels.profile.Costs}).
 * </ol>
 *
 * Nothing else lists operations: parity of all backends, threads, recordings, gradients, profiles, the self-test and
 * the benchmarks follow from the table. A test fails for an operation without an entry or a row. An activation is less:
 * see {@link unweave.kernels.Activation}.
 */
public final class Operations {
    private static final List<OperationCase> ALL = Stream.of(
                    ConvolutionCases.all(),
                    PoolingCases.all(),
                    FusedCases.all(),
                    FusedPoolingCases.all(),
                    ElementwiseCases.all(),
                    BroadcastingCases.all(),
                    IndexingCases.all(),
                    RecurrenceCases.all(),
                    ActivationCases.all(),
                    AttentionCases.all(),
                    TrainingCases.all(),
                    PropagationCases.all(),
                    SubspaceCases.all())
            .flatMap(List::stream)
            .toList();

    private Operations() {}

    /** All cases, those of benchmark size among them. */
    public static List<OperationCase> all() {
        return ALL;
    }

    /** The cases that are quick to check, odd shapes above all. */
    public static List<OperationCase> small() {
        return ALL.stream().filter(operation -> !operation.isBenchmarkSize()).toList();
    }

    /** The shapes of the thesis' models, worth timing. */
    public static List<OperationCase> ofBenchmarkSize() {
        return ALL.stream().filter(OperationCase::isBenchmarkSize).toList();
    }
}
