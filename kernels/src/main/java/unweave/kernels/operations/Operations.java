package unweave.kernels.operations;

import java.util.List;
import java.util.stream.Stream;

/** The table: every operation of {@link unweave.kernels.Backend}, each at several shapes. */
public final class Operations {
    private static final List<OperationCase> ALL = Stream.of(
                    ConvolutionCases.all(),
                    PoolingCases.all(),
                    FusedCases.all(),
                    ElementwiseCases.all(),
                    ActivationCases.all(),
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
